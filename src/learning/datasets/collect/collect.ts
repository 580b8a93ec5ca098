// Examples out of the ledger. A good answer is an example; a correction is the answer as it should have been, and better
// than the one that was given; of two answers to the same question one is better. What is taken is the caller's own or,
// for an admin, of people who agree; it keeps its own copy and waits for review.
import type { ExampleBody, ExampleSource, ImportReport } from '../../../contracts/dataset.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Identity } from '../../../contracts/identity.ts';
import { createBreather } from '../../../lib/breathe.ts';
import type { AddOptions } from '../add-examples.ts';
import type { DatasetRow } from '../dataset-rows.ts';
import type { CollectOrder } from '../datasets.ts';
import { hashOf, problemOf } from '../example-body.ts';
import { createIntake, createReport } from '../import-file.ts';
import { type AnswerRow, type RatedRow, ratedRows, tracedRows } from './ledger-rows.ts';
import { type RecordedAnswer, recordedAnswer } from './recorded-answer.ts';

export interface CollectOptions extends AddOptions {
  /** Ids of those who agreed that their conversations may be learned from. */
  consenting: () => Promise<ReadonlySet<string>>;
  /** Resolves when all that has ended is in the store. */
  flushLedger: () => Promise<void>;
}

const isProblem = (value: object): value is { code: string; message: string } => 'code' in value;

function check(dataset: DatasetRow, { from }: CollectOrder): void {
  if (dataset.kind === 'labels')
    throw new AtelierError(
      'invalid_request',
      `${dataset.name} holds labelled texts, and the ledger knows no labels. Import a file, or write examples.`,
      { data: { id: dataset.id, kind: dataset.kind } },
    );
  if (dataset.kind === 'preference' && from === 'traces')
    throw new AtelierError(
      'invalid_request',
      `${dataset.name} holds pairs of a better and a worse answer: only ratings say which is which. Collect from ratings.`,
      { data: { param: 'from', id: dataset.id, kind: dataset.kind } },
    );
}

/** Answers to one question of one person, by their thumbs. */
interface Rated {
  good: { row: RatedRow; answer: string }[];
  bad: { row: RatedRow; answer: string }[];
  messages: RecordedAnswer['messages'];
}

/** @throws AtelierError invalid_request */
export async function collect(
  options: CollectOptions,
  who: Identity,
  dataset: DatasetRow,
  order: CollectOrder,
): Promise<ImportReport> {
  check(dataset, order);
  await options.flushLedger();
  const agreed = who.role === 'admin' ? await options.consenting() : new Set<string>();
  const { report, fault } = createReport(null);
  const intake = createIntake(options, who, dataset, report);
  const breathe = createBreather();

  /** Others' words without consent are counted for an admin, who sees that they are there. */
  function mayTake({ personId }: AnswerRow): boolean {
    if (personId === who.userId || agreed.has(personId)) return true;
    if (who.role === 'admin') report.withoutConsent++;
    return false;
  }
  function tell({ traceId }: AnswerRow, { code, message }: { code: string; message: string }): void {
    fault({ line: null, code, message: `Trace ${traceId}: ${message}.` });
  }
  async function take(row: AnswerRow, kind: ExampleSource['kind'], body: ExampleBody): Promise<void> {
    const wrong = problemOf(body);
    if (wrong !== null) return tell(row, wrong);
    const source: ExampleSource = {
      kind,
      traceId: row.traceId,
      spanId: row.spanId,
      userId: row.personId,
      ...(row.model === null ? {} : { model: row.model }),
    };
    await intake.put({ body, source, status: 'pending', consent: true, personId: row.personId });
  }
  const chat = ({ messages }: RecordedAnswer, answer: string): ExampleBody => ({
    kind: 'chat',
    messages: [...messages, { role: 'assistant', content: answer }],
  });
  const pair = (messages: RecordedAnswer['messages'], chosen: string, rejected: string): ExampleBody => ({
    kind: 'preference',
    messages,
    chosen,
    rejected,
  });

  if (order.from === 'traces') {
    for await (const row of tracedRows(options.store, order)) {
      await breathe();
      if (!mayTake(row)) continue;
      const said = recordedAnswer(row.input, row.output);
      if (isProblem(said)) tell(row, said);
      else await take(row, 'trace', chat(said, said.answer));
    }
    await intake.flush();
    return report;
  }

  const byQuestion = new Map<string, Rated>();
  for await (const row of ratedRows(options.store, order)) {
    await breathe();
    const correction = row.correction?.trim() ? row.correction : null;
    // Of a bad answer that nobody put right there is nothing to learn by itself.
    if (dataset.kind === 'chat' && correction === null && row.rating !== 1) continue;
    if (!mayTake(row)) continue;
    const said = recordedAnswer(row.input, row.output);
    if (isProblem(said)) {
      tell(row, said);
      continue;
    }
    if (dataset.kind === 'chat') {
      await take(row, 'rating', chat(said, correction ?? said.answer));
      continue;
    }
    if (correction !== null) await take(row, 'rating', pair(said.messages, correction, said.answer));
    const key = `${row.personId} ${hashOf(chat(said, ''))}`;
    const of = byQuestion.get(key) ?? { good: [], bad: [], messages: said.messages };
    of[row.rating === 1 ? 'good' : 'bad'].push({ row, answer: said.answer });
    byQuestion.set(key, of);
  }
  // Each answer that was found bad beside the one that was found good last.
  for (const { good, bad, messages } of byQuestion.values()) {
    const best = good.at(-1);
    if (best === undefined) continue;
    for (const { row, answer } of bad)
      if (answer !== best.answer) await take(row, 'rating', pair(messages, best.answer, answer));
  }
  await intake.flush();
  return report;
}
