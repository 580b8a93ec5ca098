// Folders as Hugging Face lays out models, small enough for a test: stories260K with the weights of its GGUF, and the
// two random decoders whose figures PyTorch recorded (test/fixtures/training), with a byte-level tokenizer.
import { copyFile, cp, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readGgufHeader } from '../src/lib/gguf.ts';
import { deinterleave, huggingFaceName, interleavedHeads } from '../src/lib/tensors/gguf-names.ts';
import { readTensorRows } from '../src/lib/tensors/gguf-tensors.ts';

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));
export const storiesGguf = join(fixtures, 'stories260K', 'stories260K.f32.gguf');

export interface RawTensor {
  name: string;
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

export async function writeRawSafetensors(path: string, tensors: readonly RawTensor[]): Promise<void> {
  const entries: Record<string, unknown> = {};
  let end = 0;
  for (const { name, dtype, shape, bytes } of tensors) {
    entries[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const text = Buffer.from(JSON.stringify(entries));
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(BigInt(text.length));
  await writeFile(path, Buffer.concat([lead, text, ...tensors.map(({ bytes }) => bytes)]));
}

/** The tensors of stories260K in Hugging Face's names and order. */
export async function storiesTensors(): Promise<RawTensor[]> {
  const header = await readGgufHeader(storiesGguf);
  const shape = { architecture: 'llama', heads: 8, keyValueHeads: 4 };
  const file = await open(storiesGguf);
  const tensors: RawTensor[] = [];
  for (const tensor of header.tensors) {
    // The GGUF has the head beside the embedding that it is.
    if (tensor.name === 'output.weight') continue;
    const values = new Float32Array(tensor.elements);
    for await (const { row, values: some } of readTensorRows(file, tensor))
      values.set(some, row * (tensor.dimensions[0] ?? 1));
    const isMoved = interleavedHeads(shape, tensor.name) > 0;
    const inOrder = isMoved ? deinterleave(values, 8, tensor.dimensions[0] ?? 1) : values;
    tensors.push({
      name: huggingFaceName(tensor.name) ?? '',
      dtype: 'F32',
      shape: [...tensor.dimensions].reverse(),
      bytes: new Uint8Array(inOrder.buffer),
    });
  }
  await file.close();
  return tensors;
}

export async function writeStoriesFolder(path: string): Promise<void> {
  await cp(join(fixtures, 'stories260K', 'hf'), path, { recursive: true });
  await writeRawSafetensors(join(path, 'model.safetensors'), await storiesTensors());
}

export interface Recorded {
  /** Rows of tokens, and of each the log-probability of the one that follows it. */
  rows: { ids: number[]; following: number[] }[];
}

const tiny = {
  llama: { fixture: 'tiny-llama-tied', name: 'LlamaForCausalLM', theta: 10_000, tied: true },
  qwen2: { fixture: 'tiny-qwen2-untied', name: 'Qwen2ForCausalLM', theta: 1_000_000, tied: false },
} as const;

export async function writeTinyFolder(path: string, architecture: 'llama' | 'qwen2'): Promise<Recorded> {
  const { fixture, name, theta, tied } = tiny[architecture];
  const from = join(fixtures, 'training', fixture);
  await mkdir(path, { recursive: true });
  await copyFile(`${from}.weights.safetensors`, join(path, 'model.safetensors'));
  const write = (file: string, content: unknown) => writeFile(join(path, file), JSON.stringify(content));
  await write('config.json', {
    architectures: [name],
    model_type: architecture,
    hidden_size: 32,
    intermediate_size: 48,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 64,
    rms_norm_eps: 1e-5,
    rope_parameters: { rope_theta: theta, rope_type: 'default' },
    hidden_act: 'silu',
    tie_word_embeddings: tied,
    vocab_size: 96,
    use_sliding_window: false,
    sliding_window: architecture === 'qwen2' ? 4096 : null,
    ...(architecture === 'qwen2' ? { layer_types: ['full_attention', 'full_attention'] } : {}),
  });
  await write('tokenizer.json', tinyTokenizer(architecture));
  await write('tokenizer_config.json', {
    bos_token: architecture === 'llama' ? '<|begin_of_text|>' : null,
    eos_token: { content: '<|im_end|>' },
    pad_token: '<|endoftext|>',
    chat_template:
      "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}<|im_start|>{% endif %}",
  });
  await write('generation_config.json', { eos_token_id: [70, 68] });

  const { batch } = JSON.parse(await readFile(`${from}.json`, 'utf8')) as { batch: { ids: number[] } };
  const values = await recordedLogProbabilities(`${from}.full.safetensors`);
  const rows = [0, 12].map((start) => ({
    ids: batch.ids.slice(start, start + 12),
    following: values.slice(start, start + 11),
  }));
  return { rows };
}

async function recordedLogProbabilities(path: string): Promise<number[]> {
  const bytes = await readFile(path);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const [from] = header.log_probabilities!.data_offsets;
  return Array.from({ length: 24 }, (_, index) => bytes.readFloatLE(8 + length + from + index * 4));
}

/** 72 of 96 pieces: letters, digits, a few bytes of other characters, merges, special tokens. */
export function tinyTokenizer(architecture: 'llama' | 'qwen2'): Record<string, unknown> {
  const single = [
    'Ġ',
    'Ċ',
    ..."abcdefghijklmnopqrstuvwxyz0123456789.,'-ABĉ",
    'Ã',
    '©',
    'Ì',
    'ģ',
    'ð',
    'Ł',
    'ĺ',
    'Ģ',
  ];
  const merges = [
    't h',
    'th e',
    'Ġ the',
    'Ġ a',
    'l l',
    "' ll",
    '1 2',
    '12 3',
    'Ã ©',
    'Ġ Ġ',
    'Ċ Ċ',
    'a b',
    'd e',
  ];
  const pieces = [...single, ...merges.map((merge) => merge.replace(' ', '')), '__proto__'];
  const special = ['<|begin_of_text|>', '<|endoftext|>', '<|im_start|>', '<|im_end|>', '<tool_call>'];
  const digits = architecture === 'llama' ? '{1,3}' : '';
  const added = (content: string, index: number) => ({
    id: pieces.length + index,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: content !== '<tool_call>',
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map(added),
    normalizer: architecture === 'llama' ? null : { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: {
            Regex: `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
          },
          behavior: 'Isolated',
          invert: false,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor:
      architecture === 'llama'
        ? {
            type: 'Sequence',
            processors: [
              { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true },
              {
                type: 'TemplateProcessing',
                single: [
                  { SpecialToken: { id: '<|begin_of_text|>', type_id: 0 } },
                  { Sequence: { id: 'A', type_id: 0 } },
                ],
                pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
                special_tokens: {
                  '<|begin_of_text|>': {
                    id: '<|begin_of_text|>',
                    ids: [pieces.length],
                    tokens: ['<|begin_of_text|>'],
                  },
                },
              },
            ],
          }
        : { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: architecture === 'llama',
      // Written as an object literal would, __proto__ is no piece but the object's prototype.
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      // Both spellings of a merge.
      merges: architecture === 'llama' ? merges : merges.map((merge) => merge.split(' ')),
    },
  };
}
