// A folder as Hugging Face lays out a model becomes a GGUF with the same numbers, or is refused with what stands in the way.
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type RawTensor,
  storiesGguf,
  storiesTensors,
  tinyTokenizer,
  writeRawSafetensors,
  writeStoriesFolder,
  writeTinyFolder,
} from '../../../test/hugging-face-folder.ts';
import type { AtelierError } from '../../contracts/errors.ts';
import type { TaskProgress } from '../../contracts/task.ts';
import { type GgufHeader, readGgufHeader } from '../../lib/gguf.ts';
import { createFolderSource, planFolder } from './folder.ts';
import { findModel } from './path.ts';
import type { FetchContext } from './source.ts';

let work: string;
let folder: string;
beforeEach(async () => {
  work = await mkdtemp(join(await realpath(tmpdir()), 'atelier-folder-'));
  folder = join(work, 'model');
});
afterEach(() => rm(work, { recursive: true }));

const contextOf = (more: Partial<FetchContext> = {}): FetchContext => ({
  folder: join(work, 'out'),
  signal: new AbortController().signal,
  progress: () => {},
  ...more,
});
const convert = async (context = contextOf(), free?: () => Promise<number>) => {
  const source = createFolderSource(free === undefined ? {} : { free });
  return (await source.fetch({ type: 'folder', path: folder }, context)).path;
};
const headerOf = (path: string) => readGgufHeader(path, { keepArraysUpTo: 1_000 });
const bytesOf = async (path: string, { tensors }: GgufHeader, name: string): Promise<Buffer> => {
  const { offset, bytes } = tensors.find((tensor) => tensor.name === name)!;
  return (await readFile(path)).subarray(offset, offset + bytes!);
};

async function change(file: string, how: (content: Record<string, unknown>) => void): Promise<void> {
  const content = JSON.parse(await readFile(join(folder, file), 'utf8')) as Record<string, unknown>;
  how(content);
  await writeFile(join(folder, file), JSON.stringify(content));
}

test('stories260K becomes its own GGUF: pieces, scores, kinds and every number', async () => {
  await writeStoriesFolder(folder);
  const seen: TaskProgress[] = [];
  const path = await convert(contextOf({ progress: (now) => seen.push(now) }));
  const [made, recorded] = [await headerOf(path), await headerOf(storiesGguf)];
  const added = ['general.license', 'general.name'];
  for (const [key, value] of recorded.metadata)
    if (!added.includes(key)) expect(made.metadata.get(key), key).toEqual(value);
  for (const { name, dimensions, type } of recorded.tensors) {
    // The recorded file has the head beside the embedding that it is.
    if (name === 'output.weight') continue;
    expect(made.tensors.find((tensor) => tensor.name === name)).toMatchObject({ dimensions, type });
    expect((await bytesOf(path, made, name)).equals(await bytesOf(storiesGguf, recorded, name)), name).toBe(
      true,
    );
  }
  expect(made.tensors).toHaveLength(recorded.tensors.length - 1);
  // It ends a story with the token that begins one, as generation_config.json says.
  expect(made.metadata.get('tokenizer.ggml.eot_token_id')).toBe(1);
  expect(seen.at(-2)).toMatchObject({ done: 1_040_128, total: 1_040_128, unit: 'bytes', note: 'converting' });
});

describe('weights of 16 bits', () => {
  test.each([
    ['F16', 1, 1],
    ['BF16', 30, 32],
  ] as const)('%s matrices keep their bits, vectors become 32-bit numbers', async (dtype, type, fileType) => {
    await writeStoriesFolder(folder);
    // The upper half of a 32-bit number is a bfloat16; read as a half it is some number too.
    const halved = (await storiesTensors()).map((tensor): RawTensor => {
      const words = new Uint16Array(tensor.bytes.buffer).filter((_, index) => index % 2 === 1);
      return { ...tensor, dtype, bytes: new Uint8Array(words.buffer) };
    });
    await writeRawSafetensors(join(folder, 'model.safetensors'), halved);
    const path = await convert();
    const made = await headerOf(path);
    expect(made.metadata.get('general.file_type')).toBe(fileType);
    const original = await headerOf(storiesGguf);
    for (const name of [
      'blk.2.attn_q.weight',
      'blk.4.attn_k.weight',
      'blk.0.ffn_down.weight',
      'token_embd.weight',
    ]) {
      expect(made.tensors.find((tensor) => tensor.name === name)?.type).toBe(type);
      const whole = await bytesOf(storiesGguf, original, name);
      const upper = whole.filter((_, index) => index % 4 >= 2);
      expect((await bytesOf(path, made, name)).equals(upper), name).toBe(true);
    }
    const norm = made.tensors.find(({ name }) => name === 'output_norm.weight');
    expect(norm?.type).toBe(0);
    if (dtype === 'BF16') {
      const whole = await bytesOf(storiesGguf, original, 'output_norm.weight');
      const cut = whole.map((byte, index) => (index % 4 < 2 ? 0 : byte));
      expect((await bytesOf(path, made, 'output_norm.weight')).equals(cut)).toBe(true);
    }
  });
});

test('a Qwen2 with biases and a head of its own, in several files', async () => {
  await writeTinyFolder(folder, 'qwen2');
  const whole = await convert();
  const expected = await readFile(whole);
  await split();
  expect((await readFile(await convert())).equals(expected)).toBe(true);
  const { metadata, tensors } = await headerOf(whole);
  expect(metadata.get('general.architecture')).toBe('qwen2');
  expect(metadata.get('qwen2.rope.freq_base')).toBe(1_000_000);
  expect(metadata.get('tokenizer.ggml.pre')).toBe('qwen2');
  expect(metadata.get('tokenizer.ggml.add_bos_token')).toBe(false);
  expect(metadata.get('tokenizer.ggml.eos_token_id')).toBe(70);
  expect(metadata.get('tokenizer.ggml.padding_token_id')).toBe(68);
  expect(metadata.get('tokenizer.chat_template')).toContain('add_generation_prompt');
  expect(metadata.get('tokenizer.ggml.tokens')).toContain('__proto__');
  expect((metadata.get('tokenizer.ggml.token_type') as number[]).slice(66, 73)).toEqual([
    1, 3, 3, 3, 3, 4, 5,
  ]);
  expect(tensors.filter(({ name }) => name.endsWith('.bias'))).toHaveLength(6);
  expect(tensors.some(({ name }) => name === 'output.weight')).toBe(true);
});

/** The weights in two files with an index. */
async function split(): Promise<void> {
  const bytes = await readFile(join(folder, 'model.safetensors'));
  const length = Number(bytes.readBigUInt64LE(0));
  const { __metadata__: _, ...header } = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = Object.entries(header).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => ({
      name,
      dtype,
      shape,
      bytes: bytes.subarray(8 + length + from, 8 + length + to),
    }),
  );
  const files = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
  const fileOf = (index: number) => files[index % 2 === 0 ? 0 : 1];
  for (const file of files)
    await writeRawSafetensors(
      join(folder, file),
      tensors.filter((_tensor, index) => fileOf(index) === file),
    );
  const map = Object.fromEntries(tensors.map(({ name }, index) => [name, fileOf(index)]));
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
  await rm(join(folder, 'model.safetensors'));
}

describe('the cache of the hub', () => {
  test('links into the folder of the same repository are followed, by its name and its version', async () => {
    const commit = 'a'.repeat(40);
    const repository = join(work, 'models--owner--Tiny-1M');
    const snapshot = join(repository, 'snapshots', commit);
    await writeTinyFolder(folder, 'llama');
    for (const path of [join(repository, 'blobs'), snapshot, join(repository, 'refs')])
      await mkdir(path, { recursive: true });
    for (const name of await readdir(folder)) {
      await rename(join(folder, name), join(repository, 'blobs', `b-${name}`));
      await symlink(join('..', '..', 'blobs', `b-${name}`), join(snapshot, name));
    }
    await writeFile(join(repository, 'refs', 'main'), commit);
    expect(await findModel(repository)).toEqual({ folder: snapshot });
    expect(await planFolder(snapshot)).toMatchObject({ name: 'Tiny-1M' });
    folder = snapshot;
    expect((await headerOf(await convert())).metadata.get('general.name')).toBe('Tiny-1M');
  });

  test('a link that leads elsewhere is not', async () => {
    await writeTinyFolder(folder, 'llama');
    await writeFile(join(work, 'secret.json'), '{}');
    await rm(join(folder, 'generation_config.json'));
    await symlink(join(work, 'secret.json'), join(folder, 'generation_config.json'));
    await expect(planFolder(folder)).rejects.toThrow('lies outside the folder');
  });
});

type Change = [what: string, file: string, how: (content: Record<string, unknown>) => void, message: RegExp];
const set =
  (more: Record<string, unknown>) =>
  (content: Record<string, unknown>): void =>
    void Object.assign(content, more);
const inModel = (more: Record<string, unknown>) => (content: Record<string, unknown>) =>
  void Object.assign(content.model as object, more);
const token = (more: Record<string, unknown>) => (content: Record<string, unknown>) =>
  void Object.assign((content.added_tokens as object[])[4]!, more);
const config = (more: Record<string, unknown>, message: RegExp): Change => [
  JSON.stringify(more),
  'config.json',
  set(more),
  message,
];
const tokenizer = (what: string, how: Change[2], message: RegExp): Change => [
  what,
  'tokenizer.json',
  how,
  message,
];

test.each<Change>([
  config({ architectures: ['MistralForCausalLM'] }, /architectures = \["MistralForCausalLM"\]/),
  config({ rope_scaling: { rope_type: 'llama3', factor: 8 } }, /positions are scaled/),
  config({ rope_parameters: { rope_theta: 10_000, rope_type: 'yarn', factor: 4 } }, /positions are scaled/),
  config({ rope_theta: 5_000 }, /rope_theta = 5000, while rope_parameters says 10000/),
  config({ sliding_window: 4096 }, /slides over a window/),
  config({ layer_types: ['full_attention', 'sliding_attention'] }, /only full attention/),
  config({ quantization_config: { quant_method: 'gptq' } }, /weights are quantised/),
  config({ head_dim: 16 }, /head_dim = 16, where 32 \/ 4 = 8 is needed/),
  config({ hidden_act: 'gelu' }, /only silu/),
  config({ attention_bias: true }, /a Llama with a bias/),
  config({ auto_map: { AutoModelForCausalLM: 'x.Y' } }, /a program of its own/),
  config({ num_hidden_layers: 1e9 }, /from 1 to 1024/),
  config({ num_hidden_layers: 3 }, /no model\.layers\.2\.input_layernorm\.weight, and the decoder/),
  config({ num_hidden_layers: 1 }, /a tensor that a plain decoder lacks/),
  config({ vocab_size: 97 }, /model\.embed_tokens\.weight = \[96,32\], where config\.json says \[97,32\]/),
  config({ tie_word_embeddings: false }, /no lm_head\.weight/),
  tokenizer(
    'a pattern like no other',
    (content) => set({ pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } })(content),
    /pre_tokenizer = .*not known here/,
  ),
  tokenizer('another kind', inModel({ type: 'Unigram' }), /model\.type = "Unigram"/),
  tokenizer('dropout', inModel({ dropout: 0.1 }), /model\.dropout = 0\.1/),
  tokenizer(
    'a merge of what is no piece',
    inModel({ merges: ['z z'] }),
    /puts together what the vocabulary lacks/,
  ),
  tokenizer(
    'an unknown token for missing bytes',
    inModel({ unk_token: '<|endoftext|>' }),
    /stands for \d+ bytes/,
  ),
  tokenizer('a normalizer', set({ normalizer: { type: 'NFKC' } }), /normalizer = \{"type":"NFKC"\}/),
  tokenizer('a token that swallows spaces', token({ lstrip: true }), /swallows or asks for/),
  tokenizer('an id that the library would not give', token({ id: 80 }), /its id follows to be 71/),
  tokenizer(
    'a vocabulary beyond the embedding',
    (content) =>
      inModel({
        vocab: Object.fromEntries(
          Object.keys((content.model as { vocab: object }).vocab).map((piece, id) => [piece, id + 60]),
        ),
      })(content),
    /the embedding has 96 rows/,
  ),
  tokenizer(
    'another post-processor',
    set({ post_processor: { type: 'RobertaProcessing' } }),
    /post_processor = /,
  ),
  [
    'a beginning that is no token',
    'tokenizer_config.json',
    set({ bos_token: '<bos>' }),
    /tokenizer\.json has no such token/,
  ],
  [
    'a beginning that only the template names',
    'tokenizer_config.json',
    set({ bos_token: null, chat_template: '{{ bos_token }}' }),
    /no bos_token|bos_token = null, and the chat template writes it/,
  ],
  [
    'tokens that stand in one file only',
    'tokenizer_config.json',
    set({ added_tokens_decoder: { 75: { content: '<new>' } } }),
    /added_tokens_decoder\.75 = "<new>", which is no token/,
  ],
  ['no end', 'tokenizer_config.json', set({ eos_token: null }), /token that ends a text/],
  [
    'a broken template',
    'tokenizer_config.json',
    set({ chat_template: '{% if %}' }),
    /chat_template = .*cannot be read/,
  ],
])('is refused before anything is written: %s', async (what, file, how, message) => {
  await writeTinyFolder(folder, 'llama');
  if (what === 'no end') await rm(join(folder, 'generation_config.json'));
  await change(file, how);
  const error = (await planFolder(folder).catch((thrown: unknown) => thrown)) as AtelierError;
  expect(error.message).toMatch(message);
  expect(error.code).toBe('invalid_model_file');
  expect(error.data).toMatchObject({ reason: 'folder', file: expect.any(String), field: expect.any(String) });
  expect(await readdir(work)).toEqual(['model']);
});

describe('a tokenizer as SentencePiece has it', () => {
  beforeEach(() => writeStoriesFolder(folder));

  test.each<[what: string, how: Change[2], message: RegExp]>([
    [
      'a merge is missing',
      (content) => void (content.model as { merges: unknown[] }).merges.splice(40, 1),
      /a pair that makes a piece/,
    ],
    [
      'one of the pairs of a piece comes later',
      (content) => {
        const { merges } = content.model as { merges: string[] };
        merges.push(
          ...merges.splice(
            merges.findIndex((merge) => merge.replace(' ', '') === '▁her'),
            1,
          ),
        );
      },
      /"▁her", a piece whose pairs do not stand together/,
    ],
    ['without bytes', inModel({ byte_fallback: false }), /without bytes/],
    ['another normalizer', set({ normalizer: { type: 'NFKC' } }), /together are not known here/],
    [
      'a space before the first word alone',
      set({
        normalizer: null,
        pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
      }),
      /together are not known here/,
    ],
  ])('is refused where %s', async (_what, how, message) => {
    await change('tokenizer.json', how);
    await expect(planFolder(folder)).rejects.toThrow(message);
  });

  test('may say Metaspace for its spaces', async () => {
    await change(
      'tokenizer.json',
      set({
        normalizer: null,
        pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: false },
      }),
    );
    expect((await headerOf(await convert())).metadata.get('tokenizer.ggml.add_space_prefix')).toBe(true);
  });
});

test('llama.cpp has a name of its own for the pattern of Llama 3 without whole words', async () => {
  await writeTinyFolder(folder, 'llama');
  expect((await headerOf(await convert())).metadata.get('tokenizer.ggml.pre')).toBe('llama-bpe');
  await change('tokenizer.json', inModel({ ignore_merges: false }));
  expect((await headerOf(await convert())).metadata.get('tokenizer.ggml.pre')).toBe('smaug-bpe');
  await writeFile(
    join(folder, 'tokenizer.json'),
    JSON.stringify({
      ...tinyTokenizer('qwen2'),
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Digits', individual_digits: true },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
        ],
      },
    }),
  );
  expect((await headerOf(await convert())).metadata.get('tokenizer.ggml.pre')).toBe('smollm');
});

test('a head that is said to be the embedding must be it', async () => {
  await writeStoriesFolder(folder);
  const tensors = await storiesTensors();
  const embedding = tensors.find(({ name }) => name === 'model.embed_tokens.weight')!;
  const head = { ...embedding, name: 'lm_head.weight', bytes: embedding.bytes.slice() };
  const write = () => writeRawSafetensors(join(folder, 'model.safetensors'), [...tensors, head]);
  await write();
  expect((await headerOf(await convert())).tensors.some(({ name }) => name === 'output.weight')).toBe(false);
  head.bytes[5]! ^= 1;
  await write();
  await expect(convert()).rejects.toThrow('lm_head.weight lies in the weights and differs');
});

test('weights as a program, a name that leads out and a file that is cut short are refused', async () => {
  await writeTinyFolder(folder, 'llama');
  const weights = join(folder, 'model.safetensors');
  const whole = await readFile(weights);
  await writeFile(weights, whole.subarray(0, whole.length - 4));
  await expect(planFolder(folder)).rejects.toMatchObject({ code: 'invalid_model_file' });
  await rename(weights, join(folder, 'pytorch_model.bin'));
  await expect(planFolder(folder)).rejects.toThrow('pytorch_model.bin cannot be read');
  const index = join(folder, 'model.safetensors.index.json');
  await writeFile(index, JSON.stringify({ weight_map: { x: '../../model.safetensors' } }));
  await expect(planFolder(folder)).rejects.toThrow('no plain name');
});

test('a disk without room and a person who stops it leave no model', async () => {
  await writeStoriesFolder(folder);
  await expect(convert(contextOf(), async () => 1_000_000)).rejects.toMatchObject({
    code: 'storage_full',
    data: { freeBytes: 1_000_000, neededBytes: expect.any(Number) },
  });
  const stop = new AbortController();
  const progress = ({ done }: TaskProgress) => {
    if (done > 500_000) stop.abort('cancel');
  };
  await expect(convert(contextOf({ signal: stop.signal, progress }))).rejects.toMatchObject({
    code: 'cancelled',
  });
  // What is left of it is written anew: its room is free for that.
  const left = join(work, 'out', 'file.partial');
  const room = async () => ((await readdir(join(work, 'out'))).includes('file.partial') ? 1_000_000 : 1e9);
  expect(await room()).toBe(1_000_000);
  expect(await convert(contextOf(), room)).toBe(left);
});
