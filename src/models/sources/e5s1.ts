// Turns a 4-bit multilingual-e5-small in the `E5S1` layout into GGUF without touching a weight: its 4-bit blocks are
// ggml's Q4_0 bit for bit (f16 scale, 16 bytes, low nibbles first), so every tensor is copied.
// Layout, little-endian: magic, version; sizes; tokenizer (SentencePiece unigram pieces in XLM-RoBERTa's order, with
// scores); a normalisation map; a directory of tensors with their offsets.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { AtelierError } from '../../contracts/errors.ts';
import { type GgufEntry, type GgufTensorSource, writeGguf } from '../../lib/gguf-write.ts';
import { throwIfStopped } from './source.ts';

interface E5Tensor {
  name: string;
  type: number;
  elements: number;
  offset: number;
  bytes: number;
}

interface E5Model {
  hidden: number;
  layers: number;
  heads: number;
  feedForward: number;
  vocabulary: number;
  positions: number;
  tokenTypes: number;
  epsilon: number;
  bos: number;
  eos: number;
  pad: number;
  unknown: number;
  pieces: string[];
  scores: number[];
  tensors: Map<string, E5Tensor>;
}

const F32 = 0;
const Q4_0 = 2;
/** llama.cpp's token attributes. */
const token = { normal: 1, unknown: 2, control: 3, unused: 5 } as const;

/** @throws AtelierError download_corrupt when the file has another layout; what writing the target throws */
export async function convertE5(source: string, target: string, signal: AbortSignal): Promise<void> {
  const model = await readE5(source);
  const tensors: GgufTensorSource[] = [];
  const copy = (from: string, to: string, ...dimensions: number[]) => {
    const tensor = model.tensors.get(from);
    const elements = dimensions.reduce((product, dimension) => product * dimension, 1);
    if (tensor?.elements !== elements)
      throw wrongLayout(source, `tensor ${from} has not ${elements} elements`);
    tensors.push({
      name: to,
      dimensions,
      type: tensor.type === 0 ? F32 : Q4_0,
      bytes: () => readRange(source, tensor, signal),
    });
  };
  const { hidden, feedForward } = model;
  const layer = (from: string, to: string, width: number, height?: number) => {
    copy(`${from}.w`, `${to}.weight`, width, ...(height === undefined ? [] : [height]));
    copy(`${from}.b`, `${to}.bias`, height ?? width);
  };
  copy('emb.word', 'token_embd.weight', hidden, model.vocabulary);
  copy('emb.pos', 'position_embd.weight', hidden, model.positions);
  copy('emb.type', 'token_types.weight', hidden, model.tokenTypes);
  layer('emb.ln', 'token_embd_norm', hidden);
  for (let block = 0; block < model.layers; block++) {
    const from = `l${block}`;
    const to = `blk.${block}`;
    layer(`${from}.q`, `${to}.attn_q`, hidden, hidden);
    layer(`${from}.k`, `${to}.attn_k`, hidden, hidden);
    layer(`${from}.v`, `${to}.attn_v`, hidden, hidden);
    layer(`${from}.ao`, `${to}.attn_output`, hidden, hidden);
    layer(`${from}.aln`, `${to}.attn_output_norm`, hidden);
    layer(`${from}.fi`, `${to}.ffn_up`, hidden, feedForward);
    layer(`${from}.fo`, `${to}.ffn_down`, feedForward, hidden);
    layer(`${from}.oln`, `${to}.layer_output_norm`, hidden);
  }
  await writeGguf(target, metadata(model), tensors);
}

function metadata(model: E5Model): GgufEntry[] {
  const spare = model.vocabulary - model.pieces.length;
  const mask = model.pieces.length - 1;
  const control = new Set([model.bos, model.eos, model.pad, mask]);
  const types = model.pieces.map((_, id) =>
    id === model.unknown ? token.unknown : control.has(id) ? token.control : token.normal,
  );
  const fill = <T>(value: (index: number) => T) => Array.from({ length: spare }, (_, index) => value(index));
  return [
    { key: 'general.architecture', type: 'string', value: 'bert' },
    { key: 'general.name', type: 'string', value: 'multilingual-e5-small' },
    { key: 'general.license', type: 'string', value: 'mit' },
    { key: 'general.file_type', type: 'uint32', value: 2 },
    { key: 'general.quantization_version', type: 'uint32', value: 2 },
    { key: 'bert.context_length', type: 'uint32', value: model.positions },
    { key: 'bert.embedding_length', type: 'uint32', value: model.hidden },
    { key: 'bert.feed_forward_length', type: 'uint32', value: model.feedForward },
    { key: 'bert.block_count', type: 'uint32', value: model.layers },
    { key: 'bert.attention.head_count', type: 'uint32', value: model.heads },
    { key: 'bert.attention.layer_norm_epsilon', type: 'float32', value: model.epsilon },
    { key: 'bert.attention.causal', type: 'bool', value: false },
    { key: 'bert.pooling_type', type: 'uint32', value: 1 },
    { key: 'tokenizer.ggml.model', type: 'string', value: 't5' },
    { key: 'tokenizer.ggml.pre', type: 'string', value: 'default' },
    {
      key: 'tokenizer.ggml.tokens',
      type: 'array',
      of: 'string',
      values: [...model.pieces, ...fill((index) => `[PAD${model.pieces.length + index}]`)],
    },
    {
      key: 'tokenizer.ggml.scores',
      type: 'array',
      of: 'float32',
      values: [...model.scores, ...fill(() => -10_000)],
    },
    {
      key: 'tokenizer.ggml.token_type',
      type: 'array',
      of: 'int32',
      values: [...types, ...fill(() => token.unused)],
    },
    { key: 'tokenizer.ggml.token_type_count', type: 'uint32', value: model.tokenTypes },
    { key: 'tokenizer.ggml.add_space_prefix', type: 'bool', value: true },
    { key: 'tokenizer.ggml.remove_extra_whitespaces', type: 'bool', value: true },
    { key: 'tokenizer.ggml.bos_token_id', type: 'uint32', value: model.bos },
    { key: 'tokenizer.ggml.eos_token_id', type: 'uint32', value: model.eos },
    { key: 'tokenizer.ggml.seperator_token_id', type: 'uint32', value: model.eos },
    { key: 'tokenizer.ggml.cls_token_id', type: 'uint32', value: model.bos },
    { key: 'tokenizer.ggml.padding_token_id', type: 'uint32', value: model.pad },
    { key: 'tokenizer.ggml.unknown_token_id', type: 'uint32', value: model.unknown },
    { key: 'tokenizer.ggml.mask_token_id', type: 'uint32', value: mask },
    { key: 'tokenizer.ggml.add_bos_token', type: 'bool', value: true },
    { key: 'tokenizer.ggml.add_eos_token', type: 'bool', value: true },
    // llama.cpp has no such key: whoever tokenises must normalise first, because the map of the original is left out.
    { key: 'atelier.text_normalization', type: 'string', value: 'NFKC' },
  ];
}

/** The front of the file up to and including the directory: about 4.6 MB. */
async function readE5(path: string): Promise<E5Model> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.min((await file.stat()).size, 8 << 20));
    await file.read(bytes, 0, bytes.length, 0);
    return parseE5(bytes, path);
  } catch (error) {
    if (error instanceof RangeError) throw wrongLayout(path, error.message);
    throw error;
  } finally {
    await file.close();
  }
}

function parseE5(bytes: Buffer, path: string): E5Model {
  if (bytes.toString('latin1', 0, 4) !== 'E5S1' || bytes.readUInt32LE(4) !== 1)
    throw wrongLayout(path, 'it is no E5S1 version 1');
  let at = 8;
  const int = () => {
    at += 4;
    return bytes.readInt32LE(at - 4);
  };
  const [hidden, layers, heads, feedForward, vocabulary, positions, tokenTypes] = [
    int(),
    int(),
    int(),
    int(),
    int(),
    int(),
    int(),
  ];
  const epsilon = bytes.readFloatLE(at);
  at += 4;
  if (int() !== 32) throw wrongLayout(path, 'its blocks are not of 32 elements');
  const [count, bos, eos, pad, unknown] = [int(), int(), int(), int(), int()];
  const blobLength = Number(bytes.readBigUInt64LE(at));
  const offsets = at + 8;
  const scoresAt = offsets + 4 * (count + 1);
  const blob = scoresAt + 4 * count;
  const pieces: string[] = [];
  const scores: number[] = [];
  for (let id = 0; id < count; id++) {
    pieces.push(
      bytes.toString(
        'utf8',
        blob + bytes.readUInt32LE(offsets + 4 * id),
        blob + bytes.readUInt32LE(offsets + 4 * id + 4),
      ),
    );
    scores.push(bytes.readFloatLE(scoresAt + 4 * id));
  }
  at = blob + blobLength + 4;
  at += bytes.readUInt32LE(at) + 4;
  const tensors = new Map<string, E5Tensor>();
  for (let left = int(); left > 0; left--) {
    const length = bytes.readUInt16LE(at);
    const name = bytes.toString('utf8', at + 2, at + 2 + length);
    at += 2 + length;
    tensors.set(name, {
      name,
      type: bytes.readUInt8(at),
      elements: bytes.readUInt32LE(at + 1),
      offset: Number(bytes.readBigUInt64LE(at + 5)),
      bytes: Number(bytes.readBigUInt64LE(at + 13)),
    });
    at += 21;
  }
  return {
    hidden,
    layers,
    heads,
    feedForward,
    vocabulary,
    positions,
    tokenTypes,
    epsilon,
    bos,
    eos,
    pad,
    unknown,
    pieces,
    scores,
    tensors,
  };
}

async function* readRange(
  path: string,
  { offset, bytes }: E5Tensor,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, {
    start: offset,
    end: offset + bytes - 1,
    highWaterMark: 1 << 20,
  })) {
    throwIfStopped(signal);
    yield chunk;
  }
}

function wrongLayout(path: string, why: string): AtelierError {
  return new AtelierError('download_corrupt', `${path} cannot be converted: ${why}.`, { data: { path } });
}
