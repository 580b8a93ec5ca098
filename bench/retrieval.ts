// Finding the right document, on the development halves of the public sets: Atelier by words, by meaning and by both,
// beside BM25 over whole documents (plain and stemmed) and a LangChain.js default pipeline with the same embedding model.
// A document's rank is that of its best passage. Intervals are of paired differences over the questions.
import { mean } from '../src/lib/statistics.ts';
import { atelierRankings } from './retrieval/atelier-search.ts';
import { bm25, type Rankings, splitterPipeline } from './retrieval/baselines.ts';
import { openEmbeddings } from './retrieval/embeddings.ts';
import { type Figures, figuresOf, type Metric, metricNames, pairedDifference } from './retrieval/metrics.ts';
import { dataFolder, type RagSet, readSet, setNames } from './retrieval/rag-sets.ts';

/** ATELIER_BENCH_QUESTIONS=all asks every question of the large sets. */
const QUESTIONS = process.env.ATELIER_BENCH_QUESTIONS === 'all' ? Number.POSITIVE_INFINITY : 400;

const engines = ['bm25', 'bm25 stemmed', 'langchain', 'lexical', 'vector', 'hybrid'] as const;
type Engine = (typeof engines)[number];
type SetFigures = Record<Engine, Figures[]>;

const goals: Record<string, Partial<Record<Metric, number>>> = {
  cnil_faq_fr: { 'R@1': 0.6, 'R@5': 0.88 },
  service_public_fr: { 'R@1': 0.97, 'R@5': 1 },
  travail_faq_fr: { 'R@1': 0.7, 'R@5': 0.94 },
  covid_faq_fr: { 'R@1': 0.6, 'R@5': 0.88 },
  piaf_fr: { 'R@1': 0.78, 'R@5': 0.94 },
  xquad_en: { 'R@1': 0.995 },
  cranfield_en: { 'nDCG@10': 0.45 },
};

const of = (figures: readonly Figures[], metric: Metric) => figures.map((one) => one[metric]);
const shown = (value: number) => value.toFixed(3);
const print = (line: string) => process.stdout.write(`${line}\n`);

function printSet(set: RagSet, passages: number, figures: SetFigures): void {
  print(
    `\n${set.name}: ${set.documents.length} documents, ${passages} passages, ${set.questions.length} questions`,
  );
  print(`| engine | ${metricNames.join(' | ')} |\n| --- | --- | --- | --- | --- |`);
  for (const engine of engines)
    print(
      `| ${engine} | ${metricNames.map((metric) => shown(mean(of(figures[engine], metric)))).join(' | ')} |`,
    );
  for (const [metric, goal] of Object.entries(goals[set.name] ?? {}))
    print(`goal ${metric} ${goal}: ${shown(mean(of(figures.hybrid, metric as Metric)))}`);
  for (const other of engines.filter((engine) => engine !== 'hybrid')) {
    const parts = metricNames.map((metric) => {
      const {
        mean: by,
        low,
        high,
      } = pairedDifference(of(figures.hybrid, metric), of(figures[other], metric));
      return `${metric} ${by >= 0 ? '+' : ''}${shown(by)} [${shown(low)}, ${shown(high)}]${high < 0 ? ' BELOW' : ''}`;
    });
    print(`hybrid against ${other}: ${parts.join('; ')}`);
  }
}

export async function bench(): Promise<void> {
  const folder = dataFolder();
  const embeddings = await openEmbeddings();
  const all = new Map<string, SetFigures>();
  try {
    for (const name of setNames) {
      const set = readSet(folder, name, QUESTIONS);
      const scored = (rankings: Rankings) =>
        set.questions.map((question, at) => figuresOf(question, rankings[at] ?? []));
      const { passages, lexical, vector, hybrid } = await atelierRankings(set, embeddings);
      const figures: SetFigures = {
        bm25: scored(bm25(set, 'plain')),
        'bm25 stemmed': scored(bm25(set, 'stemmed')),
        langchain: scored(await splitterPipeline(set, embeddings)),
        lexical: scored(lexical),
        vector: scored(vector),
        hybrid: scored(hybrid),
      };
      all.set(name, figures);
      printSet(set, passages, figures);
    }
  } finally {
    await embeddings.close();
  }

  print('\nMean over the sets');
  print(`| engine | ${metricNames.join(' | ')} |\n| --- | --- | --- | --- | --- |`);
  const meanOf = (engine: Engine, metric: Metric) =>
    mean([...all.values()].map((figures) => mean(of(figures[engine], metric))));
  for (const engine of engines)
    print(`| ${engine} | ${metricNames.map((metric) => shown(meanOf(engine, metric))).join(' | ')} |`);
  const faults: string[] = [];
  for (const other of ['bm25', 'bm25 stemmed', 'vector'] as const)
    for (const metric of metricNames) {
      if (meanOf('hybrid', metric) <= meanOf(other, metric))
        faults.push(`mean ${metric} is not above ${other}`);
      for (const [name, figures] of all)
        if (pairedDifference(of(figures.hybrid, metric), of(figures[other], metric)).high < 0)
          faults.push(`${name}: ${metric} is below ${other}`);
    }
  print(
    faults.length === 0
      ? '\nHybrid is above BM25 and vectors in the mean, and on no set significantly below either.'
      : `\nNot as it must be: ${faults.join('; ')}`,
  );
  print(
    `ratio ${(meanOf('hybrid', 'nDCG@10') / meanOf('langchain', 'nDCG@10')).toFixed(3)} (nDCG@10, hybrid against the LangChain.js pipeline)`,
  );
  if (faults.length > 0) process.exitCode = 1;
}
