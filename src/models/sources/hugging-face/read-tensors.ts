// The tensors of a folder's weights: exactly those of a plain decoder, each of the right shape and of a type that
// llama.cpp keeps as it is.
import { expectedShapes, huggingFaceName } from '../../../lib/tensors/gguf-names.ts';
import {
  readSafetensorsHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
} from '../../../lib/tensors/safetensors.ts';
import type { DecoderFacts } from './read-config.ts';
import type { Refuse } from './refusal.ts';

export interface FolderTensor {
  name: string;
  ggufName: string;
  /** Fastest-running first, as ggml counts them. */
  dimensions: readonly number[];
  header: SafetensorsHeader;
  entry: SafetensorsEntry;
}

export interface FolderTensors {
  /** In the order of the GGUF. */
  tensors: FolderTensor[];
  /** A head that lies in the file although it is said to be the embedding; it must hold the same bytes. */
  tiedHead: FolderTensor | null;
}

const readable = ['F32', 'F16', 'BF16'];
const HEAD = 'lm_head.weight';
const EMBEDDING = 'model.embed_tokens.weight';

/** @throws AtelierError invalid_model_file; SafetensorsError */
export async function readTensors(
  files: readonly string[],
  facts: DecoderFacts,
  refuse: Refuse,
): Promise<FolderTensors> {
  const found = new Map<string, { header: SafetensorsHeader; entry: SafetensorsEntry }>();
  const fault = (field: string, value: unknown, why: string, next?: string) =>
    refuse({ file: 'the weights', field, value }, why, next);
  for (const file of files) {
    const header = await readSafetensorsHeader(file);
    for (const [name, entry] of header.tensors) {
      // A table that follows from the configuration; old versions of transformers wrote it.
      if (name.endsWith('.rotary_emb.inv_freq')) continue;
      if (found.has(name)) throw fault(name, entry.shape, 'in two files', 'Fetch the whole folder again.');
      found.set(name, { header, entry });
    }
  }

  const take = (ggufName: string, name: string, dimensions: readonly number[]): FolderTensor => {
    const tensor = found.get(name);
    if (tensor === undefined)
      throw fault(name, undefined, 'and the decoder of config.json needs it', 'Fetch the whole folder.');
    found.delete(name);
    const { shape, type } = tensor.entry;
    const expected = [...dimensions].reverse();
    if (shape.join() !== expected.join())
      throw fault(name, shape, `where config.json says ${JSON.stringify(expected)}`);
    if (!readable.includes(type))
      throw fault(name, type, `and only weights of the types ${readable.join(', ')} are read here`);
    return { name, ggufName, dimensions, ...tensor };
  };
  const tensors: FolderTensor[] = [];
  for (const [ggufName, dimensions] of expectedShapes(facts))
    tensors.push(take(ggufName, huggingFaceName(ggufName) ?? ggufName, dimensions));
  const tiedHead =
    facts.tied && found.has(HEAD) ? take('output.weight', HEAD, [facts.width, facts.vocabulary]) : null;
  const [extra] = found;
  if (extra !== undefined) throw fault(extra[0], extra[1].entry.shape, 'a tensor that a plain decoder lacks');
  return { tensors, tiedHead };
}

export function embeddingOf({ tensors }: FolderTensors): FolderTensor | undefined {
  return tensors.find(({ name }) => name === EMBEDDING);
}
