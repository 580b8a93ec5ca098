// A folder as Hugging Face lays out a model: read, checked against what is computed here, and written once as a GGUF.
// Tensors pass through some rows at a time, in their own type; what is one-dimensional becomes 32-bit numbers, as
// llama.cpp wants it, and the rows of a llama's W_q and W_k lie in its order.
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDiskFull, sha256OfFile } from '../../lib/disk.ts';
import { tensorBytes } from '../../lib/gguf-types.ts';
import { type GgufEntry, type GgufTensorSource, writeGguf } from '../../lib/gguf-write.ts';
import { createRateMeter } from '../../lib/rate-meter.ts';
import { interleave, interleavedHeads } from '../../lib/tensors/gguf-names.ts';
import { readFully } from '../../lib/tensors/gguf-tensors.ts';
import { readSafetensor } from '../../lib/tensors/safetensors.ts';
import { compileChatTemplate } from '../local/chat-template.ts';
import { describe } from './hugging-face/describe.ts';
import { type HuggingFaceFolder, openFolder } from './hugging-face/open-folder.ts';
import { type DecoderFacts, readConfig } from './hugging-face/read-config.ts';
import {
  embeddingOf,
  type FolderTensor,
  type FolderTensors,
  readTensors,
} from './hugging-face/read-tensors.ts';
import { readVocabulary } from './hugging-face/read-vocabulary.ts';
import { asRefusal } from './hugging-face/refusal.ts';
import { requireSpace, sizeOf, storageFull } from './partial-file.ts';
import { type FetchContext, type FetchedFile, type Source, throwIfStopped } from './source.ts';

export interface FolderSource {
  type: 'folder';
  path: string;
}

/** Everything that is known before the first byte is written. */
export interface PlannedFolder {
  /** Where it lies, links followed. */
  path: string;
  name: string;
  sizeBytes: number;
}

interface Plan {
  folder: HuggingFaceFolder;
  facts: DecoderFacts;
  found: FolderTensors;
  metadata: GgufEntry[];
  sizeBytes: number;
}

const CHUNK_BYTES = 1 << 20;
/** For the header's table, gaps between tensors and the disk's own needs. */
const SPARE_BYTES = 16 << 20;
const ggufTypes = { F32: 0, F16: 1, BF16: 30 } as const;
type WeightType = keyof typeof ggufTypes;

/** @throws AtelierError invalid_model_file with what stands in the way; nothing was written */
export async function planFolder(path: string): Promise<PlannedFolder> {
  const { folder, sizeBytes } = await plan(path);
  return { path: folder.path, name: folder.name, sizeBytes };
}

/** Whether anything in a folder is newer than the file that was made of it. A copy may keep an old date, and no old change. */
export async function isChangedSince(folder: string, made: string): Promise<boolean> {
  const { mtimeMs } = await stat(made);
  const names = await readdir(folder);
  const all = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)));
  return all.some((found) => found?.isFile() && found.ctimeMs > mtimeMs);
}

export function createFolderSource(
  options: { free?: (folder: string) => Promise<number> } = {},
): Source<FolderSource> {
  return {
    async fetch({ path }, context) {
      const planned = await plan(path);
      await mkdir(context.folder, { recursive: true });
      const target = join(context.folder, 'file.partial');
      // It is written anew, and what a stop left of it would count as taken.
      await rm(target, { force: true });
      await requireSpace(context.folder, planned.sizeBytes, options.free);
      try {
        return await convert(planned, target, context);
      } catch (error) {
        throw isDiskFull(error)
          ? await storageFull(context.folder, planned.sizeBytes, error)
          : asRefusal(error, planned.folder.path);
      }
    },
  };
}

async function plan(path: string): Promise<Plan> {
  const folder = await openFolder(path);
  const { refuse } = folder;
  const facts = readConfig(folder.config, refuse);
  const found = await readTensors(folder.weights, facts, refuse).catch((error) => {
    throw asRefusal(error, folder.path);
  });
  const vocabulary = readVocabulary(folder, facts.vocabulary);
  requireTemplates(folder);
  const metadata = describe(folder, facts, commonestType(found.tensors), vocabulary);
  const sizeBytes =
    found.tensors.reduce((sum, tensor) => sum + bytesOf(tensor), 0) + sizeOfMetadata(metadata) + SPARE_BYTES;
  return { folder, facts, found, metadata, sizeBytes };
}

/** @throws AtelierError invalid_model_file */
function requireTemplates({ chatTemplate, toolTemplate, refuse }: HuggingFaceFolder): void {
  for (const template of [chatTemplate, toolTemplate]) {
    if (template === null) continue;
    try {
      compileChatTemplate(template, { bos: '', eos: '', special: [] });
    } catch (error) {
      throw refuse(
        { file: 'tokenizer_config.json or chat_template.jinja', field: 'chat_template', value: template },
        `which cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        'Mend the template.',
      );
    }
  }
}

function typeOf({ dimensions, entry }: FolderTensor): WeightType {
  return dimensions.length === 1 ? 'F32' : (entry.type as WeightType);
}

/** What most numbers are. */
function commonestType(tensors: readonly FolderTensor[]): WeightType {
  const elements = { F32: 0, F16: 0, BF16: 0 };
  for (const tensor of tensors) elements[typeOf(tensor)] += tensor.entry.elements;
  return (['F32', 'F16', 'BF16'] as const).reduce((a, b) => (elements[b] > elements[a] ? b : a));
}

const bytesOf = (tensor: FolderTensor) => tensorBytes(ggufTypes[typeOf(tensor)], tensor.entry.elements) ?? 0;

/** Roughly: a vocabulary is some megabytes. */
function sizeOfMetadata(entries: readonly GgufEntry[]): number {
  return entries.reduce((sum, entry) => {
    if ('raw' in entry || entry.type !== 'array') return sum + 64;
    return sum + entry.values.reduce<number>((bytes, value) => bytes + 12 + String(value).length, 0);
  }, 0);
}

async function convert(
  { folder, facts, found, metadata }: Plan,
  target: string,
  { signal, progress }: FetchContext,
): Promise<FetchedFile> {
  const files = new Map<string, FileHandle>();
  const fileOf = async (path: string): Promise<FileHandle> => {
    const file = files.get(path) ?? (await open(path, 'r'));
    files.set(path, file);
    return file;
  };
  const total = found.tensors.reduce((sum, tensor) => sum + bytesOf(tensor), 0);
  const rate = createRateMeter();
  let done = 0;
  const passed = (bytes: number) => {
    throwIfStopped(signal);
    done += bytes;
    progress({ done, total, unit: 'bytes', perSecond: rate.mark(done), note: 'converting' });
  };
  try {
    await requireTied(found, folder, fileOf, signal);
    const tensors = found.tensors.map(
      (tensor): GgufTensorSource => ({
        name: tensor.ggufName,
        dimensions: tensor.dimensions,
        type: ggufTypes[typeOf(tensor)],
        async *bytes() {
          const file = await fileOf(tensor.header.path);
          const pieces = tensor.dimensions.length === 1 ? vector(file, tensor) : matrix(file, tensor, facts);
          for await (const piece of pieces) {
            passed(piece.length);
            yield piece;
          }
        },
      }),
    );
    await writeGguf(target, metadata, tensors);
    progress({ done, total, unit: 'bytes', perSecond: null, note: 'verifying' });
    return { path: target, sizeBytes: await sizeOf(target), sha256: await sha256OfFile(target, signal) };
  } finally {
    await Promise.all([...files.values()].map((file) => file.close()));
  }
}

async function* vector(file: FileHandle, { header, name }: FolderTensor): AsyncGenerator<Uint8Array> {
  const values = await readSafetensor(file, header, name);
  yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Its rows as they lie, or whole heads of them in the other order. */
async function* matrix(
  file: FileHandle,
  { entry, dimensions, ggufName }: FolderTensor,
  facts: DecoderFacts,
): AsyncGenerator<Uint8Array> {
  const rows = dimensions[1] ?? 1;
  const rowBytes = (entry.end - entry.start) / rows;
  const isMoved = interleavedHeads(facts, ggufName) > 0;
  const group = isMoved ? facts.headWidth : 1;
  const atOnce = Math.min(rows, group * Math.max(1, Math.floor(CHUNK_BYTES / rowBytes / group)));
  const buffer = new Uint8Array(atOnce * rowBytes);
  for (let row = 0; row < rows; row += atOnce) {
    const piece = buffer.subarray(0, Math.min(atOnce, rows - row) * rowBytes);
    await readFully(file, piece, entry.start + row * rowBytes);
    yield isMoved ? interleave(piece, facts.headWidth, rowBytes) : piece;
  }
}

/** A head that lies in the file beside the embedding that it is said to be. @throws AtelierError invalid_model_file */
async function requireTied(
  found: FolderTensors,
  { refuse }: HuggingFaceFolder,
  fileOf: (path: string) => Promise<FileHandle>,
  signal: AbortSignal,
): Promise<void> {
  const embedding = embeddingOf(found);
  const head = found.tiedHead;
  if (head === null || embedding === undefined) return;
  const length = head.entry.end - head.entry.start;
  const isSame = async (): Promise<boolean> => {
    if (head.entry.type !== embedding.entry.type) return false;
    const [a, b] = [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(CHUNK_BYTES)];
    for (let at = 0; at < length; at += CHUNK_BYTES) {
      throwIfStopped(signal);
      const bytes = Math.min(CHUNK_BYTES, length - at);
      await readFully(await fileOf(head.header.path), a.subarray(0, bytes), head.entry.start + at);
      await readFully(await fileOf(embedding.header.path), b.subarray(0, bytes), embedding.entry.start + at);
      if (!a.subarray(0, bytes).equals(b.subarray(0, bytes))) return false;
    }
    return true;
  };
  if (await isSame()) return;
  throw refuse(
    { file: 'config.json', field: 'tie_word_embeddings', value: true },
    `while ${head.name} lies in the weights and differs from ${embedding.name}`,
    'Save the model again with the head that it is to have.',
  );
}
