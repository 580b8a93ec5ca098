// The job that takes in a zip: each of its files becomes a document. The archive itself is kept only until it is done.
import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import type { JobContext, JobHandler, Jobs } from '../../jobs/queue.ts';
import { createRateMeter } from '../../lib/rate-meter.ts';
import type { BlobKeeper } from '../../store/blob-keeper.ts';
import type { CollectionRow } from '../collections.ts';
import { cleanPath } from '../document-path.ts';
import { addDocument } from '../ingest/add-documents.ts';
import { walkZip } from '../parse/zip-walk.ts';
import type { SourceJobOptions } from './folder-job.ts';
import { whyUnreadable } from './is-readable.ts';
import { createSkipped } from './skipped.ts';

export const ZIP_KIND = 'knowledge.zip';

export type ZipPayload = { collectionId: string; name: string; sha256: string; attributes: string };

const READ_EVERY = 20;

/** Lets an archive go when its job has ended, also one that was cancelled before it began. */
export function freeArchives(jobs: Jobs, blobs: BlobKeeper): () => void {
  return jobs.onChange(({ kind, status, payload }) => {
    if (kind !== ZIP_KIND || ['queued', 'running', 'paused'].includes(status)) return;
    if (typeof payload.sha256 === 'string') void blobs.free([payload.sha256]);
  });
}

export function createZipJob(options: SourceJobOptions): JobHandler<ZipPayload> {
  return {
    kind: ZIP_KIND,
    canPause: true,
    attempts: 1,
    async run(context) {
      const collection = await options.collections.find(context.payload.collectionId);
      return collection === undefined ? { added: 0 } : takeZip(collection, context, options);
    },
  };
}

async function takeZip(
  collection: CollectionRow,
  { payload, signal, progress }: JobContext<ZipPayload>,
  options: SourceJobOptions,
): Promise<Record<string, unknown>> {
  const { name } = payload;
  const counts = { added: 0, changed: 0, unchanged: 0 };
  const skipped = createSkipped();
  const meter = createRateMeter();
  const attributes = JSON.parse(payload.attributes) as Record<string, string | number | boolean> | null;
  const folder = name.replace(/\.zip$/i, '');
  const path = await unpackedBeside(payload, options, signal);
  let count = 0;
  let reading: { id: string } | null = null;
  try {
    for await (const entry of walkZip({ name, path }, { signal })) {
      if (entry.type === 'skipped') {
        skipped.note(entry.name, entry.reason);
        continue;
      }
      const reason = await whyUnreadable(entry.name, entry.bytes);
      if (reason !== null) {
        skipped.note(entry.name, reason);
        continue;
      }
      const document = {
        path: cleanPath(`${folder}/${entry.name}`),
        bytes: entry.bytes,
        source: { kind: 'zip' as const, archive: name },
        ...(attributes === null ? {} : { attributes }),
      };
      counts[(await addDocument(collection, document, options)).result]++;
      if (count++ % READ_EVERY === 0) reading = await options.read(collection);
      progress({ done: count, total: null, unit: 'items', perSecond: meter.mark(count), note: 'unpacking' });
    }
    signal.throwIfAborted();
  } finally {
    await rm(path, { force: true });
    if (count > 0 && signal.reason !== 'shutdown') reading = await options.read(collection);
  }
  return { ...counts, ...skipped.result(), readingTask: reading?.id ?? null };
}

/** Zips are read from their end, so the archive stands in a file meanwhile. */
async function unpackedBeside(
  { name, sha256 }: ZipPayload,
  { store }: SourceJobOptions,
  signal: AbortSignal,
): Promise<string> {
  const bytes = await store.blobs.get(sha256);
  if (bytes === null)
    throw new AtelierError('not_found', `The archive ${name} is not kept any more. Add it again.`, {
      data: { name },
    });
  const path = join(tmpdir(), `atelier-zip-${randomUUID()}`);
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const part of bytes) {
      signal.throwIfAborted();
      await file.writeFile(part);
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return path;
}
