// The classifier on the development halves of public sets, beside a bag of words: vectors of multilingual-e5-small, a
// calibrated linear head, C = 1 in all. Nothing is tuned set by set. Seconds are of two threads of this machine, CPU
// seconds of this process and the engine's.
// ATELIER_BENCH_DATA names the folder with apps/, ATELIER_BENCH_MODELS the one with models/ (default: what `npm test`
// fetched), ATELIER_BENCH_SETS a choice, ATELIER_BENCH_STRENGTH another C (or "chosen", by cross-validation), and
// ATELIER_BENCH_VECTORS a folder where vectors are kept, so that another head can be tried without embedding again.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { localIdentity } from '../src/contracts/identity.ts';
import { embedTexts, prefixOf } from '../src/learning/classifier/embed-texts.ts';
import { trainHead } from '../src/learning/classifier/train-head.ts';
import { type LocalModels, openLocalModels } from '../test/open-local-models.ts';

const root = resolve(import.meta.dirname, '..');
const id = 'multilingual-e5-small';
const model = `local/${id}`;
const DIMENSIONS = 384;

/** `words`: TF-IDF of words and word pairs, logistic regression at scikit-learn's defaults (README-apps.md). */
const sets = [
  { name: 'tweets-fr', metric: 'macroF1', goal: 0.724, words: 0.55, most: Number.POSITIVE_INFINITY },
  { name: 'trec', metric: 'accuracy', goal: 0.931, words: 0.838, most: Number.POSITIVE_INFINITY },
  { name: 'tweets-en', metric: 'macroF1', goal: 0.633, words: 0.512, most: 1500 },
  { name: 'sst2', metric: 'accuracy', goal: 0.875, words: 0.779, most: Number.POSITIVE_INFINITY },
] as const;

interface Row {
  text: string;
  label: string;
}

const rowsOf = (folder: string, name: string, most: number): Row[] =>
  readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, most)
    .map((line) => JSON.parse(line) as Row);

/** CPU seconds of this process and of its children, where /proc tells them. */
function cpuSeconds(): number {
  const own = process.cpuUsage();
  let total = (own.user + own.system) / 1e6;
  if (!existsSync('/proc/self/task')) return total;
  for (const task of readdirSync('/proc/self/task')) {
    const children = readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim();
    for (const child of children === '' ? [] : children.split(' ')) {
      const fields = readFileSync(`/proc/${child}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      total += (Number(fields[11]) + Number(fields[12])) / 100;
    }
  }
  return total;
}

interface Timed {
  seconds: number;
  cpu: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<Timed & { value: T }> {
  const [startedAt, cpu] = [performance.now(), cpuSeconds()];
  const value = await work();
  return { value, seconds: (performance.now() - startedAt) / 1000, cpu: cpuSeconds() - cpu };
}

async function vectorsOf(
  gateway: LocalModels['gateway'],
  name: string,
  rows: readonly Row[],
): Promise<Timed & { value: Float32Array; kept: boolean }> {
  const folder = process.env.ATELIER_BENCH_VECTORS;
  const file = folder === undefined ? null : join(folder, `${name}.${prefixOf(model).trim()}.f32`);
  if (file !== null && existsSync(file)) {
    const bytes = readFileSync(file);
    const value = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    if (value.length === rows.length * DIMENSIONS) return { value, seconds: 0, cpu: 0, kept: true };
  }
  const made = await timed(() =>
    embedTexts(
      gateway,
      model,
      rows.map(({ text }) => text),
      { identity: localIdentity, source: 'job', keepInput: false },
    ),
  );
  const { vectors } = made.value;
  if (file !== null) writeFileSync(file, Buffer.from(vectors.buffer));
  return { ...made, value: vectors, kept: false };
}

export async function bench(): Promise<void> {
  const data = process.env.ATELIER_BENCH_DATA;
  const folder = data === undefined ? undefined : join(data, 'apps');
  if (folder === undefined || !existsSync(folder))
    throw new Error('Set ATELIER_BENCH_DATA to the folder that holds apps/ with the sets.');
  const path = join(process.env.ATELIER_BENCH_MODELS ?? join(root, '.cache/models'), 'models', `${id}.gguf`);
  if (!existsSync(path))
    throw new Error(`There is no ${path}; run npm test once, or set ATELIER_BENCH_MODELS.`);
  const wanted = process.env.ATELIER_BENCH_SETS?.split(',');
  const asked = process.env.ATELIER_BENCH_STRENGTH ?? '1';
  const strength = asked === 'chosen' ? null : Number(asked);
  const local = await openLocalModels([{ id, path, kind: 'embedding' }]);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say(`${id}, prefix "${prefixOf(model)}", C ${strength ?? 'chosen by cross-validation'}, 5 folds, seed 1`);
  try {
    for (const set of sets.filter(({ name }) => wanted?.includes(name) ?? true)) {
      const train = rowsOf(folder, `${set.name}.train`, Number.POSITIVE_INFINITY);
      const test = rowsOf(folder, `${set.name}.test`, set.most);
      const labelNames = [...new Set(train.map(({ label }) => label))].sort();
      const indexes = (rows: readonly Row[]) =>
        Int32Array.from(rows, ({ label }) => labelNames.indexOf(label));
      const trainVectors = await vectorsOf(local.gateway, `${set.name}.train`, train);
      const testVectors = await vectorsOf(local.gateway, `${set.name}.test.${test.length}`, test);
      const fitted = await timed(() =>
        trainHead({
          train: { vectors: trainVectors.value, labels: indexes(train) },
          test: { vectors: testVectors.value, labels: indexes(test) },
          dimensions: DIMENSIONS,
          labelNames,
          strength,
          folds: 5,
          seed: 1,
        }),
      );
      const { report } = fitted.value;
      const figure = report.test?.[set.metric] ?? { value: 0, low: 0, high: 0 };
      const { calibrationError: after, calibrationErrorBefore: before } = report.crossValidation;
      const per2000 = (of: Timed) => `${((of.seconds * 2000) / train.length).toFixed(0)} s`;
      const three = (value: number) => value.toFixed(3);
      say(
        `${set.name.padEnd(10)} ${set.metric.padEnd(8)} ${three(figure.value)} [${three(figure.low)}, ${three(figure.high)}] on ${test.length}, ${figure.value >= set.goal ? 'at' : 'UNDER'} the goal ${set.goal}; bag of words ${set.words}`,
      );
      say(
        `  C ${report.strength}; temperature ${three(report.temperature)}; calibration error ${three(before)} before, ${three(after)} after; test ${three(report.test?.calibrationError ?? 0)}`,
      );
      say(
        `  ${train.length} examples: ${trainVectors.kept ? 'vectors were kept' : `embedding ${trainVectors.seconds.toFixed(0)} s (CPU ${trainVectors.cpu.toFixed(0)} s)`}, fitting ${fitted.seconds.toFixed(1)} s (CPU ${fitted.cpu.toFixed(1)} s); for 2,000: ${per2000(trainVectors)} and ${per2000(fitted)}`,
      );
    }
  } finally {
    await local.close();
  }
}
