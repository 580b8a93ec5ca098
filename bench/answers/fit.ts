// Fits the weights of the verdict (src/agent/answers/verdict-weights.json) on questions that the bench does not ask: each
// once with its document and once without it, one setting for all sets. Prints what each feature is worth alone, and
// what every threshold would do per set. ATELIER_BENCH_MODEL and ATELIER_BENCH_OPINIONS=N add the yes or no of a model on
// N questions in doubt; without them the weight of the model's opinion stays as it is.
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { groundedPrompt } from '../../src/agent/answers/answer-prompt.ts';
import { choosePassages } from '../../src/agent/answers/choose-passages.ts';
import { type Evidence, evidenceNames, evidenceOf } from '../../src/agent/answers/evidence.ts';
import { houseWords } from '../../src/agent/answers/house-words.ts';
import {
  logOdds,
  scoreVerdict,
  type VerdictWeights,
  verdictWeights,
} from '../../src/agent/answers/verdict.ts';
import { localIdentity } from '../../src/contracts/identity.ts';
import type { SearchHit } from '../../src/contracts/knowledge.ts';
import { createDecider } from '../../src/models/decide/create-decider.ts';
import { openLocalModels } from '../../test/open-local-models.ts';
import { openEmbeddings } from '../retrieval/embeddings.ts';
import { dataFolder } from '../retrieval/rag-sets.ts';
import { areaUnderRoc, fitLogistic } from './logistic.ts';
import { type AskedQuestion, fitQuestions } from './question-sets.ts';
import { openSearcher } from './searcher.ts';

interface Row extends AskedQuestion {
  hits: SearchHit[];
  evidence: Evidence;
  /** Of a search by words only. */
  byWords: Evidence;
  /** As if a small collection held what answers, or nothing but what is far from it. */
  small: Evidence;
  smallByWords: Evidence;
}

/** What `createGroundedAnswers` asks for, and what it reads. */
const FOUND = 8;
const READ_TOKENS = 450;
const thresholds = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6];
/** Of those whose document is there, at most this share may be turned away (over all sets, by scores alone). */
const WRONG_AT_MOST = 0.2;
/** Log-odds from the threshold, within which a model is asked. */
const IN_DOUBT = 1.5;
const byWordsNames = ['bm25', 'coverage', 'together'] as const;
const smallByWordsNames = ['coverage', 'together'] as const;
const smallNames = ['cosine', 'coverage', 'together'] as const;
/** Of the passages found, those behind the first ones stand for a small collection's others. */
const TAIL = 5;
const target = resolve(import.meta.dirname, '../../src/agent/answers/verdict-weights.json');

const print = (line: string) => process.stdout.write(`${line}\n`);
const withoutVectors = (hits: readonly SearchHit[]) =>
  hits.map((hit) => ({ ...hit, scores: { ...hit.scores, vector: null } }));

function smallOf({ right, without }: AskedQuestion, hits: readonly SearchHit[]): SearchHit[] {
  const own = hits.filter(({ documentId }) => right.has(documentId) && !without.has(documentId));
  return [...own.slice(0, 1), ...hits.slice(TAIL)];
}

async function rowsOf(folder: string): Promise<Row[]> {
  const questions = fitQuestions(folder);
  const embeddings = await openEmbeddings();
  const rows: Row[] = [];
  try {
    await embeddings.embed(questions.map(({ query }) => `query: ${query}`));
    for (const set of new Set(questions.map((question) => question.set))) {
      const searcher = await openSearcher(folder, set, embeddings);
      for (const question of questions.filter((one) => one.set === set)) {
        const hits = await searcher.search(question.query, FOUND, question.without);
        const evidence = evidenceOf(question.query, hits);
        rows.push({
          ...question,
          hits,
          evidence,
          byWords: evidenceOf(question.query, withoutVectors(hits)),
          small: evidenceOf(question.query, smallOf(question, hits)),
          smallByWords: evidenceOf(question.query, withoutVectors(smallOf(question, hits))),
        });
      }
      await searcher.close();
    }
  } finally {
    await embeddings.close();
  }
  return rows;
}

const labelsOf = (rows: readonly Row[]) => rows.map(({ answerable }) => answerable);

function linearOf(rows: readonly Row[], names: readonly (keyof Evidence)[], of: (row: Row) => Evidence) {
  const { bias, weights } = fitLogistic(
    rows.map((row) => names.map((name) => of(row)[name])),
    labelsOf(rows),
  );
  const rounded = (value: number) => Math.round(value * 1e4) / 1e4;
  return {
    bias: rounded(bias),
    weights: Object.fromEntries(
      evidenceNames.map((name) => [name, rounded(weights[names.indexOf(name)] ?? 0)]),
    ) as Evidence,
  };
}

function printTable(rows: readonly Row[], weights: VerdictWeights): void {
  const p = (row: Row) => scoreVerdict(row.evidence, 'all', weights).probability;
  print(
    `\n| set | rows | area under ROC | ${thresholds.map((t) => `abstained / wrongly at ${t}`).join(' | ')} |`,
  );
  print(`| --- | --- | --- | ${thresholds.map(() => '---').join(' | ')} |`);
  for (const set of ['all', ...new Set(rows.map((row) => row.set))]) {
    const own = rows.filter((row) => set === 'all' || row.set === set);
    const below = (answerable: boolean, t: number) => {
      const list = own.filter((row) => row.answerable === answerable);
      return (list.filter((row) => p(row) < t).length / list.length).toFixed(2);
    };
    print(
      `| ${set} | ${own.length} | ${areaUnderRoc(own.map(p), labelsOf(own)).toFixed(3)} | ${thresholds
        .map((t) => `${below(false, t)} / ${below(true, t)}`)
        .join(' | ')} |`,
    );
  }
}

async function opinionOf(
  rows: readonly Row[],
  weights: VerdictWeights,
): Promise<VerdictWeights['model'] | null> {
  const model = process.env.ATELIER_BENCH_MODEL;
  const wanted = Number(process.env.ATELIER_BENCH_OPINIONS ?? 0);
  if (model === undefined || wanted === 0) return null;
  const folder = process.env.ATELIER_BENCH_MODELS ?? '';
  const path = [join(folder, 'models', `${model}.gguf`), join(folder, `${model}.gguf`)].find(existsSync);
  if (path === undefined) throw new Error(`ATELIER_BENCH_MODELS holds no ${model}.gguf.`);
  const inDoubt = rows.filter(
    ({ evidence }) =>
      Math.abs(logOdds(scoreVerdict(evidence, 'all', weights).probability) - logOdds(weights.threshold)) <
      IN_DOUBT,
  );
  const step = Math.max(1, inDoubt.length / wanted);
  const asked = Array.from(
    { length: Math.min(wanted, inDoubt.length) },
    (_, i) => inDoubt[Math.floor(i * step)],
  );
  const on = await openLocalModels([{ id: model, path, kind: 'chat' }]);
  const decider = createDecider(on);
  const opinions: { row: Row; yes: number }[] = [];
  try {
    for (const row of asked) {
      if (row === undefined) continue;
      const language = row.set.endsWith('_fr') ? 'fr' : 'en';
      const passages = choosePassages(row.query, row.hits, { tokens: READ_TOKENS, most: 8 });
      const prompt = groundedPrompt(
        { system: '', history: [], passages, question: row.query, language },
        'decide',
      );
      const { yes, no } = houseWords[language];
      const found = await decider.weigh(
        { model: `local/${model}`, prompt, choices: [yes, no] },
        { identity: localIdentity, source: 'cli' },
      );
      if (found?.[0] !== undefined) opinions.push({ row, yes: found[0] });
    }
  } finally {
    await on.close();
  }
  const labels = opinions.map(({ row }) => row.answerable);
  const scores = opinions.map(({ row }) => logOdds(scoreVerdict(row.evidence, 'all', weights).probability));
  const yes = opinions.map((opinion) => logOdds(opinion.yes));
  const { bias, weights: fitted } = fitLogistic(
    scores.map((score, at) => [score, yes[at] ?? 0]),
    labels,
  );
  const scale = fitted[0] || 1;
  print(
    `\n${model} on ${opinions.length} in doubt: area under ROC of its yes ${areaUnderRoc(yes, labels).toFixed(3)}, of the scores ${areaUnderRoc(scores, labels).toFixed(3)}, of both ${areaUnderRoc(
      scores.map((score, at) => score * scale + (yes[at] ?? 0) * (fitted[1] ?? 0)),
      labels,
    ).toFixed(3)}`,
  );
  return { weight: Math.max(0, (fitted[1] ?? 0) / scale), bias: bias / scale };
}

export async function bench(): Promise<void> {
  const rows = await rowsOf(dataFolder());
  for (const name of evidenceNames)
    print(
      `${name}: area under ROC ${areaUnderRoc(
        rows.map(({ evidence }) => evidence[name]),
        labelsOf(rows),
      ).toFixed(3)}`,
    );
  const weights: VerdictWeights = {
    ...verdictWeights,
    source: `further questions of ${[...new Set(rows.map(({ set }) => set))].join(', ')}, with and without their document`,
    date: new Date().toISOString().slice(0, 10),
    rows: rows.length,
    scores: linearOf(rows, evidenceNames, (row) => row.evidence),
    withoutVectors: linearOf(rows, byWordsNames, (row) => row.byWords),
    few: linearOf(rows, smallNames, (row) => row.small),
    fewWithoutVectors: linearOf(rows, smallByWordsNames, (row) => row.smallByWords),
  };
  const there = rows.filter(({ answerable }) => answerable);
  const wrong = (t: number) =>
    there.filter(({ evidence }) => scoreVerdict(evidence, 'all', weights).probability < t).length /
    there.length;
  weights.threshold = thresholds.filter((t) => wrong(t) <= WRONG_AT_MOST).at(-1) ?? thresholds[0] ?? 0.5;
  printTable(rows, weights);
  const small = (row: Row) => scoreVerdict(row.small, 'few', weights).probability;
  const share = (answerable: boolean) => {
    const own = rows.filter((row) => row.answerable === answerable);
    return (own.filter((row) => small(row) < weights.threshold).length / own.length).toFixed(2);
  };
  print(
    `\nsmall collections: area under ROC ${areaUnderRoc(rows.map(small), labelsOf(rows)).toFixed(3)}, abstained ${share(false)}, wrongly ${share(true)} at ${weights.threshold}`,
  );
  weights.model = (await opinionOf(rows, weights)) ?? weights.model;
  writeFileSync(target, `${JSON.stringify(weights, null, 2)}\n`);
  print(`\nthreshold ${weights.threshold}; written to ${target}`);
}
