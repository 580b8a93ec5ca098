// One document on its way from bytes to passages: parsed, cut, embedded, and stored in one batch with its own row.
// What was searchable before stays so until that batch; a document that cannot be read keeps its reason in its row.
import type { Compilable } from 'kysely';
import type { ParsedDocument } from '../../contracts/document.ts';
import { AtelierError, type ErrorBody, isAtelierError, toAtelierError } from '../../contracts/errors.ts';
import { createBreather } from '../../lib/breathe.ts';
import type { Log } from '../../lib/log.ts';
import type { BlobKeeper } from '../../store/blob-keeper.ts';
import type { Store } from '../../store/store.ts';
import { chunkDocument } from '../chunk/chunk-document.ts';
import { type DocumentRow, noVectors } from '../documents.ts';
import type { EmbedContext, Embedder } from '../embedder.ts';
import { defaultLimits } from '../parse/limits.ts';
import type { ParserPool } from '../parse/pool/parser-pool.ts';
import type { IndexedPassage, PassageIndex } from '../passage-index.ts';
import { collect } from './collect.ts';
import { embedPassages } from './embed-passages.ts';
import { parserName } from './parser-name.ts';
import type { WorkRows } from './work-rows.ts';

export interface ReadParts {
  store: Store;
  blobs: BlobKeeper;
  parsers: ParserPool;
  index: PassageIndex;
  embedder: Embedder;
  rows: WorkRows;
  log: Log;
  now: () => number;
}

export interface ReadOptions {
  /** False: passages are found by their words only. */
  vectors: boolean;
  context: EmbedContext & { signal: AbortSignal };
  onStage(stage: 'reading' | 'embedding' | null): void;
}

export type ReadOutcome =
  | { result: 'ready'; passages: number; embedded: number; withoutVectors: boolean }
  | { result: 'failed'; error: ErrorBody }
  /** It was replaced, removed or cancelled meanwhile. */
  | { result: 'dropped' };

/** What happens to the model and not to the document may pass; it is tried again so often. */
const MODEL_ATTEMPTS = 3;
const MODEL_RETRY_MS = 500;

/**
 * @param row as it was claimed: being read, or ready and without vectors
 * @throws what the signal, the store or the disk throws; never for a fault of the document
 */
export async function readDocument(
  row: DocumentRow,
  parts: ReadParts,
  options: ReadOptions,
): Promise<ReadOutcome> {
  const { signal } = options.context;
  try {
    options.onStage('reading');
    const again = row.status === 'ready' && row.parsed_sha256 !== null;
    const parsed = again ? await loadParsed(row, parts) : await parse(row, parts, signal);
    const { passages, embedded, withoutVectors } = await passagesOf(row, parsed, parts, options);
    options.onStage(null);
    const breathe = createBreather();
    for (const { chunk } of passages) {
      parts.index.prepare(chunk);
      await breathe();
    }
    signal.throwIfAborted();
    const stored = await storeReady(row, { parsed, passages, withoutVectors }, parts);
    return stored
      ? { result: 'ready', passages: passages.length, embedded, withoutVectors }
      : { result: 'dropped' };
  } catch (thrown) {
    signal.throwIfAborted();
    if (!isAtelierError(thrown) || !isFaultOfDocument(thrown)) throw thrown;
    const error = toAtelierError(thrown).toJSON();
    return (await storeFailed(row, error, parts)) ? { result: 'failed', error } : { result: 'dropped' };
  } finally {
    options.onStage(null);
  }
}

/** Other faults (a full disk, a closed store) end the job, which tries again. */
function isFaultOfDocument({ code }: AtelierError): boolean {
  return code.startsWith('document_') || code === 'internal';
}

async function originalOf(row: DocumentRow, { store }: ReadParts): Promise<Uint8Array> {
  const bytes = await store.blobs.get(row.sha256);
  if (bytes !== null) return collect(bytes);
  throw new AtelierError(
    'document_broken',
    `The original of ${row.path} is gone from the data folder. Add the document again.`,
    { data: { name: row.path, sha256: row.sha256 } },
  );
}

async function parse(row: DocumentRow, parts: ReadParts, signal: AbortSignal): Promise<ParsedDocument> {
  const { inputBytes } = defaultLimits;
  if (row.size_bytes > inputBytes)
    throw new AtelierError(
      'document_too_large',
      `${row.path} has ${row.size_bytes} bytes, and the limit is ${inputBytes}. Split the document.`,
      { data: { limit: 'inputBytes', found: row.size_bytes, allowed: inputBytes } },
    );
  const bytes = await originalOf(row, parts);
  return parts.parsers.parse({ name: parserName(row, bytes), bytes }, { signal });
}

async function loadParsed(row: DocumentRow, { store }: ReadParts): Promise<ParsedDocument> {
  const bytes = row.parsed_sha256 === null ? null : await store.blobs.get(row.parsed_sha256);
  if (bytes !== null) return JSON.parse(Buffer.from(await collect(bytes)).toString('utf8')) as ParsedDocument;
  throw new AtelierError(
    'document_broken',
    `The text of ${row.path} is gone from the data folder. Read it again.`,
    {
      data: { name: row.path },
    },
  );
}

/** Without the model its tokens are only guessed, a little high; the passages are cut anew when it has come. */
const guessTokens = (texts: readonly string[]) => texts.map((text) => Math.ceil(text.length / 3));

async function passagesOf(
  row: DocumentRow,
  parsed: ParsedDocument,
  { index, embedder, log }: ReadParts,
  { vectors, context, onStage }: ReadOptions,
): Promise<{ passages: IndexedPassage[]; embedded: number; withoutVectors: boolean }> {
  for (let attempt = 1; vectors && attempt <= MODEL_ATTEMPTS; attempt++) {
    try {
      const chunks = await chunkDocument(parsed, { countTokens: (texts) => embedder.countTokens(texts) });
      onStage('embedding');
      const made = await embedPassages(row.collection_id, chunks, { index, embedder, context });
      return { ...made, withoutVectors: false };
    } catch (error) {
      context.signal.throwIfAborted();
      log.warn('the passages of a document were not embedded', {
        document: row.id,
        attempt,
        code: toAtelierError(error).code,
      });
      await new Promise((resolve) => setTimeout(resolve, MODEL_RETRY_MS * attempt));
    }
  }
  const chunks = await chunkDocument(parsed, { countTokens: guessTokens });
  const passages = chunks.map((chunk) => ({ chunk, vector: null }));
  return { passages, embedded: 0, withoutVectors: chunks.length > 0 };
}

interface Read {
  parsed: ParsedDocument;
  passages: IndexedPassage[];
  withoutVectors: boolean;
}

async function storeReady(row: DocumentRow, read: Read, parts: ReadParts): Promise<boolean> {
  const { blobs, index, store, now } = parts;
  const { parsed, passages, withoutVectors } = read;
  const warnings = withoutVectors ? [...parsed.warnings, noVectors] : parsed.warnings;
  const text = Buffer.from(JSON.stringify(parsed));
  return blobs.keep(text, ({ sha256 }) =>
    storeChange(row, parts, [
      store.db
        .updateTable('documents')
        .set({
          status: 'ready',
          error: null,
          warnings: JSON.stringify(warnings),
          kind: parsed.kind,
          title: parsed.title,
          language: parsed.language,
          page_count: parsed.pageCount,
          scan_pages: parsed.pages.filter((page) => page.content === 'scan').length,
          passages: passages.length,
          parsed_sha256: sha256,
          updated_at: now(),
        })
        .where('id', '=', row.id),
      ...index.replace({ id: row.id, collectionId: row.collection_id, title: parsed.title }, passages),
    ]),
  );
}

/** What an older version of it said is not found any more: it is not what the document says now. */
function storeFailed(row: DocumentRow, error: ErrorBody, parts: ReadParts): Promise<boolean> {
  const { index, store, now } = parts;
  return storeChange(row, parts, [
    store.db
      .updateTable('documents')
      .set({
        status: 'failed',
        error: JSON.stringify(error),
        warnings: '[]',
        passages: 0,
        scan_pages: 0,
        parsed_sha256: null,
        updated_at: now(),
      })
      .where('id', '=', row.id),
    ...index.remove(row.id),
  ]);
}

/** False when the document is not any more what was read. */
async function storeChange(
  row: DocumentRow,
  { store, rows, index, blobs }: ReadParts,
  statements: readonly Compilable[],
): Promise<boolean> {
  try {
    await store.write([rows.guard(row), ...statements]);
  } catch (error) {
    if (isAtelierError(error) && error.code === 'conflict') return false;
    throw error;
  }
  await index.committed(row.id, row.collection_id);
  void blobs.free([row.parsed_sha256]);
  return true;
}
