// How much context a model gets on this machine, and whether it fits at all: pure figures from the file's header.
//
// A sequence holds up to 8,192 tokens, or what the model was trained on if that is less, and eight answers can be
// written at the same time. The cache of keys and values may take half of what memory is left beside the weights; where
// that is too little, sequences go first (8, 4, 2, 1) and then context (halved down to 1,024), because a second answer
// can wait in line and a conversation that does not fit cannot.
import type { GgufHeader } from '../../lib/gguf.ts';

export interface MemoryPlan {
  contextLength: number;
  sequences: number;
  neededBytes: number;
  fits: boolean;
}

export const DEFAULT_CONTEXT = 8192;
export const DEFAULT_SEQUENCES = 8;
const LEAST_CONTEXT = 1024;
/** Node, the library and the buffers of a batch of 64 tokens. */
export const OVERHEAD_BYTES = 200 * 1024 * 1024;

export interface PlanOptions {
  header: GgufHeader;
  kind: 'chat' | 'embedding';
  availableBytes: number;
  maxContext?: number;
  maxSequences?: number;
}

export function planMemory(options: PlanOptions): MemoryPlan {
  const { header, availableBytes } = options;
  const perToken = kvBytesPerToken(header);
  const trained = number(header, 'context_length') ?? 4096;
  const context = Math.min(trained, options.maxContext ?? DEFAULT_CONTEXT);
  const weights = header.fileBytes + OVERHEAD_BYTES;
  if (options.kind === 'embedding') {
    const neededBytes = weights + perToken * context;
    return { contextLength: context, sequences: 1, neededBytes, fits: neededBytes <= availableBytes };
  }
  const most = options.maxSequences ?? DEFAULT_SEQUENCES;
  const budget = Math.max(0, availableBytes - weights) / 2;
  for (let length = context; ; length = Math.max(LEAST_CONTEXT, Math.floor(length / 2))) {
    for (let sequences = most; sequences >= 1; sequences = Math.floor(sequences / 2)) {
      const cache = perToken * length * sequences;
      if (cache <= budget)
        return { contextLength: length, sequences, neededBytes: weights + cache, fits: true };
    }
    if (length <= LEAST_CONTEXT) {
      const neededBytes = weights + perToken * length;
      return { contextLength: length, sequences: 1, neededBytes, fits: neededBytes <= availableBytes };
    }
  }
}

/** Keys and values of one token over all layers, two bytes a number. */
export function kvBytesPerToken(header: GgufHeader): number {
  const layers = number(header, 'block_count') ?? 0;
  const heads = number(header, 'attention.head_count') ?? 0;
  const width = number(header, 'embedding_length') ?? 0;
  const headWidth = heads === 0 ? 0 : width / heads;
  const keys = number(header, 'attention.key_length') ?? headWidth;
  const values = number(header, 'attention.value_length') ?? headWidth;
  const kvHeads = field(header, 'attention.head_count_kv');
  // One number for all layers, or a list with one a layer.
  const perLayer = Array.isArray(kvHeads)
    ? kvHeads.map(Number)
    : Array.from({ length: layers }, () => Number(kvHeads ?? heads));
  return perLayer.reduce((sum, count) => sum + count * (keys + values) * 2, 0);
}

function field(header: GgufHeader, name: string) {
  return header.metadata.get(`${String(header.metadata.get('general.architecture'))}.${name}`);
}

function number(header: GgufHeader, name: string): number | null {
  const value = field(header, name);
  return typeof value === 'number' ? value : null;
}
