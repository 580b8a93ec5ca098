// Questions whose answer is or is not in the documents, from the public sets: those that the bench asks, first by the hash
// of their id, and the further ones on which the verdict's weights are fitted.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RagDocument } from '../retrieval/rag-sets.ts';

export interface AskedQuestion {
  id: string;
  set: string;
  query: string;
  /** Documents that answer; empty: none of the set does. */
  right: ReadonlySet<string>;
  /** Documents that are taken out for this question. */
  without: ReadonlySet<string>;
  /** Whether what is left holds an answer. */
  answerable: boolean;
  /** The answer word for word; empty where the set has none. */
  answers: string[];
}

interface Row {
  id: string;
  query: string;
  doc_id?: string;
  relevant?: Record<string, number>;
  answers?: { text: string }[];
  in_corpus?: boolean;
  answerable?: boolean;
  sample?: boolean;
}

const hash = (id: string) => createHash('sha256').update(id).digest('hex');

function read<T>(folder: string, file: string): T[] {
  return readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

export const documentsOf = (folder: string, set: string): RagDocument[] =>
  read<RagDocument>(folder, `${set}.corpus.jsonl`).filter(({ text }) => text.trim() !== '');

const rowsOf = (folder: string, set: string): Row[] =>
  read<Row>(folder, `${set}.queries.jsonl`).sort((a, b) => (hash(a.id) < hash(b.id) ? -1 : 1));

const hasAnswer = (row: Row) => row.in_corpus !== false && row.answerable !== false;

function asked(set: string, row: Row, remove: boolean): AskedQuestion {
  const right = new Set(
    hasAnswer(row) ? [...Object.keys(row.relevant ?? {}), ...(row.doc_id ? [row.doc_id] : [])] : [],
  );
  return {
    id: row.id,
    set,
    query: row.query,
    right,
    without: remove ? right : new Set(),
    answerable: right.size > 0 && !remove,
    answers: (row.answers ?? []).map(({ text }) => text),
  };
}

/** Half of the French ones with the right document removed, service-public's without a page, SQuAD 2's sample. */
export function benchQuestions(folder: string): Record<'french' | 'missing' | 'squad2', AskedQuestion[]> {
  const half = (set: string) =>
    rowsOf(folder, set)
      .filter(hasAnswer)
      .slice(0, 30)
      .map((row, index) => asked(set, row, index % 2 === 1));
  const squad = rowsOf(folder, 'squad2_en').filter(({ sample }) => sample === true);
  const thirty = (answerable: boolean) => squad.filter((row) => hasAnswer(row) === answerable).slice(0, 30);
  return {
    french: [...half('piaf_fr'), ...half('cnil_faq_fr')],
    missing: rowsOf(folder, 'service_public_fr')
      .filter((row) => row.in_corpus === false)
      .map((row) => asked('service_public_fr', row, false)),
    squad2: [...thirty(true), ...thirty(false)].map((row) => asked('squad2_en', row, false)),
  };
}

/** None of the bench's own: each once with its document and once without it, and SQuAD 2's as they are. */
export function fitQuestions(folder: string, most = 150): AskedQuestion[] {
  const own = new Set(Object.values(benchQuestions(folder)).flatMap((rows) => rows.map(({ id }) => id)));
  const free = (set: string) =>
    rowsOf(folder, set).filter(({ id, sample }) => !own.has(id) && sample !== true);
  const both = ['piaf_fr', 'cnil_faq_fr', 'service_public_fr', 'travail_faq_fr', 'xquad_en'].flatMap((set) =>
    free(set)
      .filter(hasAnswer)
      .slice(0, most)
      .flatMap((row) => [asked(set, row, false), asked(set, row, true)]),
  );
  return both;
}
