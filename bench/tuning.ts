// Before and after training, through the very services of the program: a small model and its tuned self on development
// data that training never saw, with intervals, cost and time a thousand calls.
// extraction: receipts to JSON fields (SROIE); identity: who answers, and in what manner; preference: DPO on pairs of
// helpful answers (HH-RLHF). ATELIER_BENCH_DATA, ATELIER_BENCH_MODELS, ATELIER_BENCH_SETS (a choice, by commas),
// ATELIER_BENCH_ROWS=TRAIN,TEST in place of each set's own counts.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type App, createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import type { DatasetInput, ExampleBody } from '../src/contracts/dataset.ts';
import { type Judge, judgeSchema } from '../src/contracts/evaluation.ts';
import { localIdentity } from '../src/contracts/identity.ts';
import {
  hyperparametersSchema,
  type TrainingMethod,
  trainingInputSchema,
} from '../src/contracts/training.ts';
import { createTrainingEngine } from '../src/models/local/training-engine.ts';
import { identityExamples } from './tuning/identity.ts';

const root = resolve(import.meta.dirname, '..');
const MODEL = 'smollm2-135m-instruct';
const print = (line: string) => process.stdout.write(`${line}\n`);
const who = localIdentity;

interface TuningSet {
  name: string;
  kind: DatasetInput['kind'];
  method: TrainingMethod;
  judge: Judge;
  train: number;
  test: number;
  length: number;
  hyperparameters: Record<string, unknown>;
  rows(data: string, half: 'train' | 'test'): ExampleBody[];
}

const readLines = (path: string): unknown[] => {
  const bytes = existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
  return bytes
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};

const fields = ['company', 'date', 'address', 'total'];
const sets: TuningSet[] = [
  {
    name: 'identity',
    kind: 'chat',
    method: 'sft',
    judge: judgeSchema.parse({ type: 'f1' }),
    train: 96,
    test: 32,
    length: 128,
    hyperparameters: { epochs: 6, batchTokens: 512, learningRate: 1e-3 },
    rows: (_data, half) => identityExamples(half),
  },
  {
    name: 'extraction',
    kind: 'chat',
    method: 'sft',
    judge: judgeSchema.parse({ type: 'json', fields }),
    train: 120,
    test: 40,
    length: 512,
    hyperparameters: { epochs: 2, batchTokens: 1024, learningRate: 1e-3 },
    rows: (data, half) =>
      readLines(join(data, 'apps', `receipts-sroie.${half}.jsonl`)).map((row) => {
        const { text, fields: own } = row as { text: string; fields: Record<string, string> };
        return {
          kind: 'chat',
          messages: [
            {
              role: 'user',
              content: `${text}\n\nGive company, date, address and total of this receipt as JSON.`,
            },
            { role: 'assistant', content: JSON.stringify(own) },
          ],
        };
      }),
  },
  {
    name: 'preference',
    kind: 'preference',
    method: 'dpo',
    judge: judgeSchema.parse({ type: 'preference' }),
    train: 160,
    test: 100,
    length: 512,
    hyperparameters: { epochs: 1, batchTokens: 2048, learningRate: 2e-4, beta: 0.1 },
    rows: (data, half) =>
      readLines(join(data, 'apps', `prefs-hh.${half}.jsonl`)).map((row) => {
        const { messages, chosen, rejected } = row as {
          messages: { role: 'user' | 'assistant'; content: string }[];
          chosen: string;
          rejected: string;
        };
        return { kind: 'preference', messages, chosen, rejected };
      }),
  },
];

/** Those that fit a row, the first of them: what is too long is left out here and not cut. */
async function fitting(path: string, rows: readonly ExampleBody[], length: number, count: number) {
  const tokenizer = await createTrainingEngine().openTokenizer(path);
  const found: ExampleBody[] = [];
  try {
    for (const body of rows) {
      if (found.length === count) break;
      const conversations =
        body.kind === 'chat'
          ? [body.messages]
          : body.kind === 'preference'
            ? [body.chosen, body.rejected].map((content) => [
                ...body.messages,
                { role: 'assistant' as const, content },
              ])
            : [];
      const encoded = (await tokenizer.encode(conversations)).flat();
      // A pair lies in one row.
      const tokens = encoded.reduce((sum, { ids }) => sum + ids.length, 0);
      if (encoded.length > 0 && tokens <= length) found.push(body);
    }
  } finally {
    await tokenizer.close();
  }
  return found;
}

async function datasetOf(app: App, set: TuningSet, half: 'train' | 'test', rows: readonly ExampleBody[]) {
  const { datasets } = app.learning;
  const shares =
    half === 'train' ? { train: 0.9, validation: 0.1, test: 0 } : { train: 0, validation: 0, test: 1 };
  const purpose = half === 'train' ? 'training' : 'evaluation';
  const dataset = await datasets.create(who, {
    name: `${set.name} ${half}`,
    kind: set.kind,
    purpose,
    shares,
  });
  for (const body of rows) await datasets.addExample(who, dataset.id, body);
  await datasets.changeExamples(who, dataset.id, { filter: {} }, { status: 'approved' });
  return datasets.freeze(who, dataset.id, 'bench');
}

async function measure(
  app: App,
  set: TuningSet,
  data: string,
  base: { model: string; path: string },
): Promise<void> {
  const { path } = base;
  const [trainRows, testRows] = (process.env.ATELIER_BENCH_ROWS ?? `${set.train},${set.test}`)
    .split(',')
    .map(Number) as [number, number];
  // The question of a test row must be in no training row, so the test set is there first.
  const test = await datasetOf(
    app,
    set,
    'test',
    await fitting(path, set.rows(data, 'test'), set.length, testRows),
  );
  const train = await datasetOf(
    app,
    set,
    'train',
    await fitting(path, set.rows(data, 'train'), set.length, trainRows),
  );
  const started = performance.now();
  const run = await app.learning.trainings.start(
    who,
    trainingInputSchema.parse({
      name: `tuned-${set.name}`,
      base: base.model,
      dataset: { id: train.datasetId, version: train.version },
      method: set.method,
      hyperparameters: hyperparametersSchema.parse({ sequenceLength: set.length, ...set.hyperparameters }),
    }),
  );
  await app.jobs.wait(run.taskId);
  const ended = await app.learning.trainings.get(who, run.id);
  if (ended.model === null) throw new Error(`${set.name}: ${ended.error?.message ?? ended.status}`);
  const minutes = (performance.now() - started) / 60_000;
  const evaluation = await app.learning.evaluations.start(who, {
    name: set.name,
    dataset: { id: test.datasetId, version: test.version },
    split: 'test',
    limit: null,
    judge: set.judge,
    subjects: [base.model, ended.model].map((model) => ({
      model,
      prompt: null,
      parameters: { temperature: 0, maxOutputTokens: 160 },
    })),
  });
  await app.jobs.wait(evaluation.taskId);
  const { subjects, comparisons, error } = await app.learning.evaluations.get(who, evaluation.id);
  if (error !== null) throw new Error(error.message);
  print(
    `\n${set.name}: ${set.method}, ${train.examples} examples, ${ended.steps} steps, ${ended.trainedTokens} learned tokens, ` +
      `${minutes.toFixed(1)} minutes; judged by ${set.judge.type} on ${test.examples} held back`,
  );
  const events = await app.learning.trainings.events(who, run.id);
  const losses = events.flatMap(({ event }) => (event.type === 'evaluation' ? [event.validationLoss] : []));
  print(`  validation loss ${losses.map((loss) => loss.toFixed(3)).join(' ')}; best step ${ended.bestStep}`);
  for (const { subject, score, latencyMs, outputTokens, failed } of subjects)
    print(
      `  ${subject.model}: ${score.value.toFixed(3)} [${score.low.toFixed(3)}, ${score.high.toFixed(3)}], failed ${failed}, ` +
        `p50 ${latencyMs.p50.toFixed(0)} ms, ${((latencyMs.p50 * 1000) / 60_000).toFixed(1)} minutes and nothing charged a 1,000 calls, ${outputTokens.toFixed(0)} tokens`,
    );
  for (const { better, worse, equal, difference, signTest } of comparisons)
    print(
      `  better ${better}, worse ${worse}, equal ${equal}; difference ${difference.value.toFixed(3)} [${difference.low.toFixed(3)}, ${difference.high.toFixed(3)}], sign test p ${signTest.toExponential(1)}`,
    );
  const tuned = (await app.learning.tunedModels.list(who)).find(({ model }) => model === ended.model);
  for (const file of tuned?.files ?? [])
    print(
      `  ${file.form} ${file.quantisation}: ${(file.sizeBytes / 1e6).toFixed(1)} MB, perplexity ${file.perplexity?.toFixed(3)}, ` +
        `${file.tokensPerSecond?.toFixed(0)} tokens/s, log-probabilities apart at most ${file.parity?.maxDifference.toExponential(1)}`,
    );
}

export async function bench(): Promise<void> {
  const data = process.env.ATELIER_BENCH_DATA;
  if (data === undefined)
    throw new Error('Set ATELIER_BENCH_DATA to the folder that holds apps/ with the test sets.');
  const models = process.env.ATELIER_BENCH_MODELS ?? join(root, '.cache/models');
  const path = join(models, 'models', `${MODEL}.gguf`);
  if (!existsSync(path))
    throw new Error(`${path} is not there; run npm test once, or set ATELIER_BENCH_MODELS.`);
  const wanted = process.env.ATELIER_BENCH_SETS?.split(',');
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-bench-tuning-'));
  const app = await createApp(readConfig({ data: dataDir, model: 'none' }, { DATABASE_URL: '' }), {
    version: 'bench',
  });
  try {
    await app.start();
    const { result } = await app.library.pull({ path });
    const model = String(result?.model);
    for (const set of sets.filter(({ name }) => wanted === undefined || wanted.includes(name)))
      await measure(app, set, data, { model, path });
  } finally {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
