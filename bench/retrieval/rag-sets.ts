// The public sets of questions and documents in the data folder that ATELIER_BENCH_DATA names.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RagDocument {
  id: string;
  title: string;
  text: string;
}

export interface RagQuestion {
  id: string;
  query: string;
  /** Document id to grade; higher is better. */
  relevant: ReadonlyMap<string, number>;
}

export interface RagSet {
  name: string;
  language: 'fr' | 'en';
  documents: RagDocument[];
  /** Those that some document of the set answers. */
  questions: RagQuestion[];
}

/** In the order of their size, the quick ones first. */
const allSets = [
  'cnil_faq_fr',
  'service_public_fr',
  'travail_faq_fr',
  'covid_faq_fr',
  'piaf_fr',
  'xquad_en',
  'cranfield_en',
];

/** Those of ATELIER_BENCH_SETS (names with commas between), or all. */
export const setNames = process.env.ATELIER_BENCH_SETS?.split(',') ?? allSets;

/** @throws Error that says what to set */
export function dataFolder(): string {
  const folder = process.env.ATELIER_BENCH_DATA;
  if (!folder || !existsSync(join(folder, 'rag')))
    throw new Error('Set ATELIER_BENCH_DATA to the data folder that holds rag/NAME.corpus.jsonl.');
  return join(folder, 'rag');
}

const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** @param most questions, evenly spread over the file */
export function readSet(folder: string, name: string, most = Number.POSITIVE_INFINITY): RagSet {
  const documents = lines(join(folder, `${name}.corpus.jsonl`)) as unknown as RagDocument[];
  const asked = lines(join(folder, `${name}.queries.jsonl`)).filter(
    (row) => row.in_corpus !== false && row.answerable !== false && (row.doc_id || row.relevant),
  );
  const step = Math.max(1, asked.length / most);
  const rows =
    asked.length <= most ? asked : Array.from({ length: most }, (_, i) => asked[Math.floor(i * step)]);
  const questions = rows.map((row) => ({
    id: String(row?.id),
    query: String(row?.query),
    relevant: new Map(
      Object.entries((row?.relevant as Record<string, number>) ?? { [String(row?.doc_id)]: 1 }),
    ),
  }));
  return { name, language: name.endsWith('_fr') ? 'fr' : 'en', documents, questions };
}
