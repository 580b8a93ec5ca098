// Answers from documents, per model at hand: whether the house abstains where the documents hold no answer and only
// there, whether citations name the right document, and what the answers are worth (docs/log.md has the figures).
// 60 questions of PIAF and CNIL, half with the right document removed; service-public's 46 without a page; 60 of SQuAD
// 2's sample as they are. The first by hash of the id. ATELIER_BENCH_DATA and ATELIER_BENCH_MODELS name data and weights,
// ATELIER_BENCH_MINUTES the time a model has (60), ATELIER_BENCH_MODEL one model only.
import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createGroundedAnswers } from '../src/agent/answers/create-grounded-answers.ts';
import { verdictWeights } from '../src/agent/answers/verdict.ts';
import { localIdentity } from '../src/contracts/identity.ts';
import type { GroundingVerdict, Source } from '../src/contracts/knowledge.ts';
import { silentLog } from '../src/lib/log.ts';
import { createDecider } from '../src/models/decide/create-decider.ts';
import type { Knowledge } from '../src/retrieval/knowledge.ts';
import { openLocalModels } from '../test/open-local-models.ts';
import { type AskedQuestion, benchQuestions } from './answers/question-sets.ts';
import { answerF1, citedNumbers, holdsAnswer, riskCoverageArea } from './answers/score-answer.ts';
import { openSearcher, type SetSearcher } from './answers/searcher.ts';
import { openEmbeddings } from './retrieval/embeddings.ts';
import { dataFolder } from './retrieval/rag-sets.ts';

const models = ['qwen2.5-coder-1.5b-instruct', 'smollm2-135m-instruct'];
const MINUTES = Number(process.env.ATELIER_BENCH_MINUTES ?? 60);
/** What Qwen2.5-Coder-1.5B reads in a second on two cores; fixed, so that every machine reads the same passages. */
const READING_RATE = 75;
const ANSWER_TOKENS = 96;

interface Answered extends AskedQuestion {
  part: Part;
  abstained: boolean;
  verdict: GroundingVerdict | null;
  text: string;
  sources: Source[];
  seconds: number;
}
type Part = 'french' | 'missing' | 'squad2';

const print = (line: string) => process.stdout.write(`${line}\n`);
const share = (rows: readonly unknown[], all: readonly unknown[]) =>
  all.length === 0 ? 'none' : `${(rows.length / all.length).toFixed(2)} (${rows.length} of ${all.length})`;
const mean = (values: readonly number[]) =>
  values.length === 0 ? 'none' : (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);

/** By turns, so that a run that is cut short has some of each. */
function inTurns(questions: Record<Part, AskedQuestion[]>): (AskedQuestion & { part: Part })[] {
  const parts = Object.entries(questions) as [Part, AskedQuestion[]][];
  const mixed = parts.flatMap(([part, rows]) => {
    const half = Math.ceil(rows.length / 2);
    // The second half of SQuAD 2's has no answer: one of each by turns.
    const ordered =
      part === 'squad2' ? rows.map((_, at) => rows[at % 2 === 0 ? at / 2 : half + (at - 1) / 2]) : rows;
    return ordered.flatMap((row, at) => (row === undefined ? [] : [{ ...row, part, at: at / rows.length }]));
  });
  return mixed.sort((a, b) => a.at - b.at);
}

function pathOf(model: string): string | null {
  const folder = process.env.ATELIER_BENCH_MODELS ?? '';
  const paths = [join(folder, 'models', `${model}.gguf`), join(folder, `${model}.gguf`)];
  return paths.find((path) => folder !== '' && existsSync(path)) ?? null;
}

async function ask(
  model: string,
  path: string,
  questions: readonly (AskedQuestion & { part: Part })[],
  searchers: Map<string, SetSearcher>,
): Promise<Answered[]> {
  const on = await openLocalModels([{ id: model, path, kind: 'chat' }]);
  const folder = resolve(import.meta.dirname, '../.cache/bench');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `answers-${model}.jsonl`);
  rmSync(file, { force: true });
  let asked: AskedQuestion | null = null;
  const knowledge: Pick<Knowledge, 'search'> = {
    async search(_who, options) {
      const searcher = searchers.get(options.collectionIds[0] ?? '');
      const hits = await searcher?.search(options.query, options.limit ?? 8, asked?.without ?? new Set());
      return {
        query: options.query,
        mode: 'hybrid',
        hits: hits ?? [],
        notes: [],
        timings: { embedMs: null, searchMs: 0, rerankMs: null },
        traceId: options.parent?.traceId ?? '',
        spanId: options.parent?.spanId ?? '',
      };
    },
  };
  const parts = {
    ...on,
    knowledge,
    decider: createDecider(on),
    measurements: { get: async () => READING_RATE, set: async () => {} },
    log: silentLog,
  };
  const judged = createGroundedAnswers(parts);
  // Risk against coverage needs an answer to every question, whatever the verdict.
  const always = createGroundedAnswers({ ...parts, weights: { ...verdictWeights, threshold: 0 } });
  const done: Answered[] = [];
  const until = performance.now() + MINUTES * 60_000;
  try {
    for (const question of questions) {
      if (performance.now() > until) break;
      asked = question;
      const started = performance.now();
      const row: Answered = {
        ...question,
        abstained: false,
        verdict: null,
        text: '',
        sources: [],
        seconds: 0,
      };
      const events = (question.part === 'squad2' ? always : judged).answer(
        {
          question: question.query,
          history: [],
          system: '',
          collectionIds: [question.set],
          model: `local/${model}`,
          parameters: { temperature: 0, maxOutputTokens: ANSWER_TOKENS },
        },
        { identity: localIdentity, source: 'cli' },
        { signal: new AbortController().signal, onStatus: () => {} },
      );
      for await (const event of events) {
        if (event.type === 'sources') Object.assign(row, { sources: event.sources, verdict: event.verdict });
        else if (event.type === 'abstained') Object.assign(row, { abstained: true, text: event.text });
        else if (event.type === 'stream')
          for await (const part of event.stream.stream) {
            if (part.type === 'text-delta') row.text += part.delta;
            if (part.type === 'error') throw part.error;
          }
      }
      if (question.part === 'squad2')
        row.abstained = (row.verdict?.probability ?? 0) < verdictWeights.threshold;
      row.seconds = (performance.now() - started) / 1000;
      done.push(row);
      const { id, part, answerable, abstained, verdict, text, answers, seconds } = row;
      appendFileSync(
        file,
        `${JSON.stringify({ id, part, answerable, abstained, verdict, text, answers, seconds })}\n`,
      );
      if (done.length % 20 === 0) process.stderr.write(`  ${done.length} of ${questions.length}\n`);
    }
  } finally {
    await on.close();
  }
  return done;
}

/** Of every citation, whether its passage is of a document that answers. */
const citationsOf = (rows: readonly Answered[]): boolean[] =>
  rows.flatMap(({ text, sources, right, abstained }) =>
    abstained
      ? []
      : citedNumbers(text).map((number) => {
          const source = sources.find((one) => one.number === number);
          return source !== undefined && right.has(source.documentId);
        }),
  );

function report(model: string, rows: readonly Answered[], wanted: number): void {
  const of = (part: Part, answerable?: boolean) =>
    rows.filter((row) => row.part === part && (answerable === undefined || row.answerable === answerable));
  const abstained = (list: readonly Answered[]) => list.filter((row) => row.abstained);
  const there = of('french', true);
  const gone = of('french', false);
  const missing = of('missing');
  print(
    `\n${model}: ${rows.length} of ${wanted} questions, ${mean(rows.map(({ seconds }) => seconds))} s each`,
  );
  print(`PIAF and CNIL, document removed: abstained ${share(abstained(gone), gone)} (goal 0.85)`);
  print(`service-public, no page: abstained ${share(abstained(missing), missing)} (goal 0.85)`);
  print(
    `PIAF and CNIL, document there: wrongly abstained ${share(abstained(there), there)} (goal at most 0.10)`,
  );
  const answered = there.filter((row) => !row.abstained);
  const cited = citationsOf(answered);
  print(
    `  citation precision ${share(cited.filter(Boolean), cited)}; answers with a citation ${share(
      answered.filter(({ text }) => citedNumbers(text).length > 0),
      answered,
    )}`,
  );
  const spans = there.filter(({ answers }) => answers.length > 0);
  print(
    `  answer F1 on PIAF ${mean(spans.map((row) => (row.abstained ? 0 : answerF1(row.text, row.answers))))}; the reference stands in the answer ${share(
      spans.filter((row) => !row.abstained && holdsAnswer(row.text, row.answers)),
      spans,
    )}`,
  );
  const squad = of('squad2');
  const losses = squad.map((row) => ({
    confidence: row.verdict?.probability ?? 0,
    loss: row.answerable ? 1 - answerF1(row.text, row.answers) : 1,
  }));
  print(
    `SQuAD 2: area under the risk-coverage curve ${riskCoverageArea(losses).toFixed(3)} (mean loss ${mean(losses.map(({ loss }) => loss))}); abstained without an answer ${share(abstained(of('squad2', false)), of('squad2', false))}, with one ${share(abstained(of('squad2', true)), of('squad2', true))}`,
  );
}

export async function bench(): Promise<void> {
  const folder = dataFolder();
  const questions = inTurns(benchQuestions(folder));
  const embeddings = await openEmbeddings();
  const searchers = new Map<string, SetSearcher>();
  try {
    await embeddings.embed(questions.map(({ query }) => `query: ${query}`));
    for (const set of new Set(questions.map((question) => question.set)))
      searchers.set(set, await openSearcher(folder, set, embeddings));
    const { source, rows, date, threshold } = verdictWeights;
    print(`verdict: ${source}, ${rows} rows, ${date}, threshold ${threshold}`);
    for (const model of process.env.ATELIER_BENCH_MODEL?.split(',') ?? models) {
      const path = pathOf(model);
      if (path === null) print(`\n${model}: not measured, its weights are not in ATELIER_BENCH_MODELS`);
      else report(model, await ask(model, path, questions, searchers), questions.length);
    }
  } finally {
    for (const searcher of searchers.values()) await searcher.close();
    await embeddings.close();
  }
}
