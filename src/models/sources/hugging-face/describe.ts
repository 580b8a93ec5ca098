// What a GGUF's metadata says of a model read from a folder: its shapes, its vocabulary, its templates.
import type { GgufEntry } from '../../../lib/gguf-write.ts';
import type { HuggingFaceFolder } from './open-folder.ts';
import type { DecoderFacts } from './read-config.ts';

const fileTypes = { F32: 0, F16: 1, BF16: 32 } as const;

export function describe(
  folder: HuggingFaceFolder,
  facts: DecoderFacts,
  weights: keyof typeof fileTypes,
  vocabulary: readonly GgufEntry[],
): GgufEntry[] {
  const of = (name: string, type: 'uint32' | 'float32', value: number): GgufEntry => ({
    key: `${facts.architecture}.${name}`,
    type,
    value,
  });
  const template = (key: string, value: string | null): GgufEntry[] =>
    value === null ? [] : [{ key, type: 'string', value }];
  return [
    { key: 'general.architecture', type: 'string', value: facts.architecture },
    { key: 'general.type', type: 'string', value: 'model' },
    { key: 'general.name', type: 'string', value: folder.name },
    { key: 'general.file_type', type: 'uint32', value: fileTypes[weights] },
    of('vocab_size', 'uint32', facts.vocabulary),
    of('context_length', 'uint32', facts.contextLength),
    of('embedding_length', 'uint32', facts.width),
    of('block_count', 'uint32', facts.layers),
    of('feed_forward_length', 'uint32', facts.hidden),
    of('attention.head_count', 'uint32', facts.heads),
    of('attention.head_count_kv', 'uint32', facts.keyValueHeads),
    of('attention.layer_norm_rms_epsilon', 'float32', facts.epsilon),
    of('rope.dimension_count', 'uint32', facts.headWidth),
    of('rope.freq_base', 'float32', facts.ropeTheta),
    ...vocabulary,
    ...template('tokenizer.chat_template', folder.chatTemplate),
    ...template('tokenizer.chat_template.tool_use', folder.toolTemplate),
  ];
}
