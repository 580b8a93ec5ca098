// The job that reads what waits in a collection. The rows are the work and the truth: a run that comes after a crash, a
// pause or a cancel finds in them what is left. Several documents are on their way at once, so that one is parsed while
// another is embedded and the model never waits.
import type { ErrorBody } from '../../contracts/errors.ts';
import { toAtelierError } from '../../contracts/errors.ts';
import type { TaskProgress } from '../../contracts/task.ts';
import type { JobContext, JobHandler } from '../../jobs/queue.ts';
import { createRateMeter } from '../../lib/rate-meter.ts';
import type { Ledger } from '../../monitoring/ledger.ts';
import type { CollectionRow, Collections } from '../collections.ts';
import type { DocumentRow } from '../documents.ts';
import { type ReadOutcome, type ReadParts, readDocument } from './read-document.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

export const INGEST_KIND = 'knowledge.ingest';

export type IngestPayload = { collectionId: string };

export interface IngestJobOptions extends ReadParts {
  collections: Collections;
  ledger: Ledger;
  onDocument(collection: CollectionRow): void;
  /** Calls `look` until nothing waits; between a look that finds nothing and the end nobody may add unseen. */
  finish(collectionId: string, look: () => Promise<boolean>): Promise<boolean>;
  onWork(listener: (collectionId: string) => void): () => void;
}

/** Documents on their way at once: some are embedded, so that the model never waits, the others parsed or stored. */
const LANES = 4;

interface Tally {
  read: number;
  failed: number;
  withoutVectors: number;
  passages: number;
  embedded: number;
}

export function createIngestJob(options: IngestJobOptions): JobHandler<IngestPayload> {
  return {
    kind: INGEST_KIND,
    canPause: true,
    attempts: 3,
    concurrency: 2,
    async run(context) {
      const collection = await options.collections.find(context.payload.collectionId);
      if (collection === undefined) return { read: 0 };
      return ingest(collection, context, options);
    },
  };
}

async function ingest(
  collection: CollectionRow,
  context: JobContext<IngestPayload>,
  options: IngestJobOptions,
): Promise<Record<string, unknown>> {
  const { rows, ledger, now } = options;
  const { signal } = context;
  const span = ledger.startSpan({
    name: `ingest ${collection.name}`,
    kind: 'job',
    userId: collection.user_id,
    source: 'job',
    attributes: { 'atelier.collection.id': collection.id, 'atelier.task.id': context.id },
  });
  const before = doneBefore(context.checkpoint);
  const tally: Tally = { read: 0, failed: 0, withoutVectors: 0, passages: 0, embedded: 0 };
  const attributes = () =>
    Object.fromEntries(Object.entries(tally).map(([name, count]) => [`atelier.ingest.${name}`, count]));
  try {
    await rows.putBack(collection.id);
    const missing = await prepareVectors(collection, context, options);
    const queue = createWorkQueue({ rows, collectionId: collection.id, withVectors: missing === null });
    const off = options.onWork((id) => id === collection.id && queue.wake());
    try {
      do {
        await readAll({
          collection,
          queue,
          context,
          options,
          before,
          vectors: missing === null,
          tally,
          span,
        });
      } while (await options.finish(collection.id, () => queue.any()));
    } finally {
      off();
    }
    span.end({ status: 'ok', attributes: attributes() });
    return { ...tally, embeddingUnavailable: missing };
  } catch (error) {
    if (signal.aborted && signal.reason === 'cancel') await rows.cancelWaiting(collection.id, now());
    else await rows.putBack(collection.id);
    if (signal.aborted && signal.reason !== 'cancel')
      await context.saveCheckpoint({ done: before + tally.read + tally.failed });
    options.onDocument(collection);
    span.end({
      status: signal.aborted ? 'cancelled' : 'error',
      error: toAtelierError(error).toJSON(),
      attributes: attributes(),
    });
    throw error;
  }
}

function doneBefore(checkpoint: unknown): number {
  const done = (checkpoint as { done?: unknown } | null)?.done;
  return typeof done === 'number' ? done : 0;
}

/** Fetches and loads the embedding model. Returns why there are no vectors, or null when there are. */
async function prepareVectors(
  collection: CollectionRow,
  { signal, progress }: JobContext<IngestPayload>,
  { embedder, collections, log }: IngestJobOptions,
): Promise<ErrorBody | null> {
  const { model } = embedder;
  if (collection.embedding_model !== null && collection.embedding_model !== model)
    return {
      code: 'conflict',
      message: `The vectors of this collection are of ${collection.embedding_model}, and the present embedding model is ${model}. New documents are found by their words only.`,
      data: { model, collectionModel: collection.embedding_model },
      retryable: false,
    };
  // Of the model, of which nothing else is told while it comes into memory.
  progress({ done: 0, total: null, unit: 'items', perSecond: null, note: 'loading' });
  try {
    const { dimensions } = await embedder.ready(progress, signal);
    await collections.setModel(collection.id, model, dimensions);
    return null;
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toAtelierError(thrown);
    log.warn('documents are read without an embedding model', { code: error.code, reason: error.message });
    return error.toJSON();
  }
}

interface ReadAll {
  collection: CollectionRow;
  queue: WorkQueue;
  context: JobContext<IngestPayload>;
  options: IngestJobOptions;
  /** Documents that an earlier run of this job has read. */
  before: number;
  vectors: boolean;
  tally: Tally;
  span: { traceId: string; spanId: string };
}

async function readAll(work: ReadAll): Promise<void> {
  const { collection, queue, context, options, before, vectors, tally, span } = work;
  const meter = createRateMeter(30_000);
  const fault = new AbortController();
  const signal = AbortSignal.any([context.signal, fault.signal]);
  const stages = new Map<string, 'reading' | 'embedding'>();

  async function tell(): Promise<void> {
    const done = before + tally.read + tally.failed;
    const progress: TaskProgress = {
      done,
      total: done + (await queue.left()),
      unit: 'items',
      perSecond: meter.mark(done),
      note: [...stages.values()].includes('embedding') ? 'embedding' : 'reading',
    };
    context.progress(progress);
  }

  function count(outcome: ReadOutcome): void {
    if (outcome.result === 'failed') tally.failed++;
    if (outcome.result !== 'ready') return;
    tally.read++;
    tally.passages += outcome.passages;
    tally.embedded += outcome.embedded;
    if (outcome.withoutVectors) tally.withoutVectors++;
  }

  async function one(row: DocumentRow): Promise<void> {
    const outcome = await readDocument(row, options, {
      vectors,
      context: {
        identity: { userId: collection.user_id, role: 'member' },
        source: 'job',
        parent: { traceId: span.traceId, spanId: span.spanId },
        signal,
      },
      onStage(stage) {
        if (stage === null) stages.delete(row.id);
        else stages.set(row.id, stage);
      },
    });
    count(outcome);
    options.onDocument(collection);
    await tell();
  }

  async function lane(): Promise<void> {
    try {
      for (;;) {
        signal.throwIfAborted();
        const row = await queue.take(signal);
        if (row === null) return;
        try {
          options.onDocument(collection);
          await one(row);
        } finally {
          queue.done();
        }
      }
    } catch (error) {
      fault.abort(error);
      throw error;
    }
  }

  await tell();
  const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
  context.signal.throwIfAborted();
  if (fault.signal.aborted) throw fault.signal.reason;
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
