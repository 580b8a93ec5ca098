// What a GGUF header says about its model: kind, context, size, quantisation, chat template.
import type { GgufHeader } from './gguf.ts';
import { fileTypeName, type GgufValue, tensorTypeName } from './gguf-types.ts';

export interface GgufFacts {
  name: string | null;
  architecture: string;
  kind: 'chat' | 'embedding';
  /** Tokens; 0 when the file does not say. */
  contextLength: number;
  /** Number of weights in the file. */
  parameters: number;
  quantization: string | null;
  /** Width of a vector of an embedding model, and of the hidden state of any. */
  embeddingLength: number | null;
  vocabularySize: number | null;
  chatTemplate: string | null;
  licence: string | null;
}

const encoders = new Set([
  'bert',
  'nomic-bert',
  'nomic-bert-moe',
  'jina-bert-v2',
  'jina-bert-v3',
  'modern-bert',
  'neo-bert',
  'eurobert',
  't5encoder',
  'gemma-embedding',
]);

/** A missing field is null (or 0 for the context), never a guess. */
export function ggufFacts(header: GgufHeader): GgufFacts {
  const text = (key: string) => asText(header.metadata.get(key));
  const number = (key: string) => asNumber(header.metadata.get(key));
  const architecture = text('general.architecture') ?? 'unknown';
  const pooling = number(`${architecture}.pooling_type`) ?? 0;
  const causal = header.metadata.get(`${architecture}.attention.causal`) !== false;
  const tokens = header.metadata.get('tokenizer.ggml.tokens');
  return {
    name: text('general.name'),
    architecture,
    kind: encoders.has(architecture) || !causal || pooling > 0 ? 'embedding' : 'chat',
    contextLength: number(`${architecture}.context_length`) ?? 0,
    parameters: header.tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
    quantization: quantization(header),
    embeddingLength: number(`${architecture}.embedding_length`),
    vocabularySize:
      tokens !== undefined && typeof tokens === 'object'
        ? tokens.length
        : number(`${architecture}.vocab_size`),
    chatTemplate: text('tokenizer.chat_template'),
    licence: text('general.license'),
  };
}

function quantization(header: GgufHeader): string | null {
  const stated = asNumber(header.metadata.get('general.file_type'));
  const name = stated === null ? null : fileTypeName(stated);
  if (name !== null) return name;
  const elements = new Map<number, number>();
  for (const tensor of header.tensors)
    elements.set(tensor.type, (elements.get(tensor.type) ?? 0) + tensor.elements);
  const [commonest] = [...elements].sort((a, b) => b[1] - a[1]);
  return commonest === undefined ? null : tensorTypeName(commonest[0]);
}

function asText(value: GgufValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function asNumber(value: GgufValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
