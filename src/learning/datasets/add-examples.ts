// Takes examples in, many in one statement. The hash of a body is unique in a dataset, so that taking the same ones in
// again, as after a crash, adds nothing; a question of an evaluation set is held back from what is to be trained on.
import type { Example, ExampleBody, ExampleSource, Finding, Split } from '../../contracts/dataset.ts';
import type { Identity } from '../../contracts/identity.ts';
import { newId } from '../../lib/ids.ts';
import type { Store } from '../../store/store.ts';
import { type DatasetRow, type ExampleRow, sharesOf } from './dataset-rows.ts';
import { heldQuestions } from './evaluation-twins.ts';
import { canonical, hashOf, questionHashOf, splitOf, wordsOf } from './example-body.ts';
import { type FindPersonalData, findIn } from './personal-data.ts';
import { redactBody } from './redact-body.ts';

export interface NewExample {
  body: ExampleBody;
  source: ExampleSource;
  status: Example['status'];
  consent: boolean;
  /** Whose words these are, where that is known. */
  personId: string | null;
}

export interface Added {
  added: number;
  /** The same example was there already. */
  known: number;
  /** Of those that were held back: their places in the batch and the evaluation set. */
  heldBack: { index: number; by: string }[];
}

export interface AddOptions {
  store: Store;
  find: FindPersonalData;
  now: () => number;
}

const COUNTER_DIGITS = 4;
const TIME_END = 'example_'.length + 10;
let counter = 0;

/** Many come in one millisecond: a counter behind the time keeps them in the order in which they came. */
function orderedId(at: number): string {
  const id = newId('example', at);
  counter = (counter + 1) % 32 ** COUNTER_DIGITS;
  const digits = counter.toString(32).padStart(COUNTER_DIGITS, '0');
  return id.slice(0, TIME_END) + digits + id.slice(TIME_END + COUNTER_DIGITS);
}

/** What follows from a body alone. */
export function bodyColumns(body: ExampleBody, findings: readonly Finding[]) {
  return {
    hash: hashOf(body),
    question_hash: questionHashOf(body),
    body: JSON.stringify(canonical(body)),
    words: wordsOf(body),
    findings: JSON.stringify(findings),
    finding_count: findings.length,
  };
}

/** A question whose examples somebody has moved stays where it was moved to. */
async function splitsThere(
  { db }: Store,
  datasetId: string,
  questionHashes: readonly string[],
): Promise<Map<string, Split>> {
  const rows = await db
    .selectFrom('examples')
    .select(['question_hash', 'split'])
    .where('dataset_id', '=', datasetId)
    .where('question_hash', 'in', questionHashes)
    .execute();
  return new Map(rows.map((row) => [row.question_hash, row.split as Split]));
}

/** Places in the batch of those that are there without their personal data: a file that comes again brings none back. */
async function redactedThere(
  { db }: Store,
  datasetId: string,
  batch: readonly NewExample[],
  findings: readonly Finding[][],
): Promise<Set<number>> {
  const hashes = new Map<string, number[]>();
  for (const [index, { body }] of batch.entries()) {
    const found = findings[index] ?? [];
    if (found.length === 0) continue;
    const hash = hashOf(redactBody(body, found));
    hashes.set(hash, [...(hashes.get(hash) ?? []), index]);
  }
  if (hashes.size === 0) return new Set();
  const rows = await db
    .selectFrom('examples')
    .select('hash')
    .where('dataset_id', '=', datasetId)
    .where('hash', 'in', [...hashes.keys()])
    .execute();
  return new Set(rows.flatMap(({ hash }) => hashes.get(hash) ?? []));
}

/** @param batch some hundred; their bodies have been checked */
export async function addExamples(
  { store, find, now }: AddOptions,
  who: Identity,
  dataset: DatasetRow,
  batch: readonly NewExample[],
): Promise<Added> {
  if (batch.length === 0) return { added: 0, known: 0, heldBack: [] };
  const findings = await findIn(
    find,
    batch.map(({ body }) => body),
  );
  const columns = batch.map(({ body }, index) => bodyColumns(body, findings[index] ?? []));
  const hashes = columns.map(({ question_hash }) => question_hash);
  const [held, moved, redacted] = await Promise.all([
    heldQuestions(store, dataset, hashes),
    splitsThere(store, dataset.id, hashes),
    redactedThere(store, dataset.id, batch, findings),
  ]);
  const shares = sharesOf(dataset);
  const heldBack: Added['heldBack'] = [];
  const rows: ExampleRow[] = [];
  for (const [index, { source, status, consent, personId }] of batch.entries()) {
    const of = columns[index];
    if (of === undefined) continue;
    const by = held.get(of.question_hash);
    if (by !== undefined) {
      heldBack.push({ index, by });
      continue;
    }
    if (redacted.has(index)) continue;
    const at = now();
    rows.push({
      id: orderedId(at),
      dataset_id: dataset.id,
      ...of,
      split: moved.get(of.question_hash) ?? splitOf(of.question_hash, shares),
      status,
      consent: consent ? 1 : 0,
      source: JSON.stringify(source),
      person_id: personId,
      user_id: who.userId,
      created_at: at,
      updated_at: at,
    });
  }
  if (rows.length === 0) return { added: 0, known: batch.length - heldBack.length, heldBack };
  const [result] = await store.write([
    store.db
      .insertInto('examples')
      .values(rows)
      .onConflict((on) => on.columns(['dataset_id', 'hash']).doNothing()),
    store.db.updateTable('datasets').set({ updated_at: now() }).where('id', '=', dataset.id),
  ]);
  const added = result?.affected ?? 0;
  return { added, known: batch.length - heldBack.length - added, heldBack };
}
