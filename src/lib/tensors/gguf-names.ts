// Which tensor of a GGUF is which of Hugging Face's, how large each is, and how their rows lie. llama.cpp turns pairs of neighbours where
// Hugging Face turns the halves of a head, so its converter interleaves the rows of W_q and W_k of a llama; Qwen2 is
// turned by halves in both.

const inLayer: Readonly<Record<string, string>> = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
};
const outside: Readonly<Record<string, string>> = {
  token_embd: 'model.embed_tokens',
  output_norm: 'model.norm',
  output: 'lm_head',
};
const fromHuggingFace = new Map(
  [...Object.entries(inLayer), ...Object.entries(outside)].map(([a, b]) => [b, a]),
);

/** `blk.3.attn_q.weight` -> `model.layers.3.self_attn.q_proj.weight`; null for a tensor that a plain decoder lacks. */
export function huggingFaceName(ggufName: string): string | null {
  const [, layer, part = '', kind = ''] = /^(?:blk\.(\d+)\.)?(\w+)\.(weight|bias)$/.exec(ggufName) ?? [];
  if (layer === undefined) return outside[part] === undefined ? null : `${outside[part]}.${kind}`;
  return inLayer[part] === undefined ? null : `model.layers.${layer}.${inLayer[part]}.${kind}`;
}

/** The other way; `lora_A.weight` becomes `weight.lora_a`. Null for a name that is none of a decoder. */
export function ggufName(name: string): string | null {
  const [, layer, part = '', kind = ''] =
    /^(?:model\.layers\.(\d+)\.)?([\w.]+?)\.(weight|bias|lora_[AB]\.weight)$/.exec(name) ?? [];
  const found = fromHuggingFace.get(part);
  if (found === undefined) return null;
  const ending = kind.startsWith('lora_') ? `weight.${kind.slice(0, 6).toLowerCase()}` : kind;
  return layer === undefined ? `${found}.${ending}` : `blk.${layer}.${found}.${ending}`;
}

/** Heads by which the rows of a tensor are interleaved in a GGUF; 0: they lie as in Hugging Face. */
export function interleavedHeads(
  { architecture, heads, keyValueHeads }: { architecture: string; heads: number; keyValueHeads: number },
  ggufTensor: string,
): number {
  if (architecture !== 'llama') return 0;
  // Of an adapter's pair only B has the rows of the weight.
  if (!/\.(weight|bias|weight\.lora_b)$/.test(ggufTensor)) return 0;
  if (ggufTensor.includes('.attn_q.')) return heads;
  return ggufTensor.includes('.attn_k.') ? keyValueHeads : 0;
}

type Numbers = Float32Array | Uint8Array;

/** Whole heads of `headRows` rows of `columns` numbers (or bytes): from Hugging Face's order to a GGUF's. */
export function interleave<T extends Numbers>(values: T, headRows: number, columns: number): T {
  return reorder(values, headRows, columns, (row, place) => [place, row]);
}

/** The inverse of `interleave`. */
export function deinterleave<T extends Numbers>(values: T, headRows: number, columns: number): T {
  return reorder(values, headRows, columns, (row, place) => [row, place]);
}

/** Row i of a head in Hugging Face's order is row (i mod h) 2 + floor(i / h) of a GGUF, h half of the head's rows. */
function reorder<T extends Numbers>(
  values: T,
  headRows: number,
  columns: number,
  move: (row: number, place: number) => [to: number, from: number],
): T {
  const out = values.slice() as T;
  const half = headRows / 2;
  for (let start = 0; start < values.length / columns; start += headRows) {
    for (let row = 0; row < headRows; row++) {
      const [to, from] = move(row, (row % half) * 2 + Math.floor(row / half));
      out.set(
        values.subarray((start + from) * columns, (start + from + 1) * columns),
        (start + to) * columns,
      );
    }
  }
  return out;
}

/** What says which tensors a plain Llama or Qwen2 decoder has, and how large. */
export interface DecoderShape {
  layers: number;
  width: number;
  heads: number;
  keyValueHeads: number;
  headWidth: number;
  hidden: number;
  vocabulary: number;
  tied: boolean;
  /** q, k and v have a bias. */
  bias: boolean;
}

/** Name -> dimensions as ggml counts them, the row's length first. */
export function expectedShapes(config: DecoderShape): Map<string, number[]> {
  const { width, hidden, vocabulary, headWidth } = config;
  const query = config.heads * headWidth;
  const keyValue = config.keyValueHeads * headWidth;
  const shapes = new Map<string, number[]>([
    ['token_embd.weight', [width, vocabulary]],
    ['output_norm.weight', [width]],
  ]);
  if (!config.tied) shapes.set('output.weight', [width, vocabulary]);
  for (let layer = 0; layer < config.layers; layer++) {
    const at = (part: string, dimensions: number[]) => shapes.set(`blk.${layer}.${part}`, dimensions);
    at('attn_norm.weight', [width]);
    at('attn_q.weight', [width, query]);
    at('attn_k.weight', [width, keyValue]);
    at('attn_v.weight', [width, keyValue]);
    at('attn_output.weight', [query, width]);
    at('ffn_norm.weight', [width]);
    at('ffn_gate.weight', [width, hidden]);
    at('ffn_up.weight', [width, hidden]);
    at('ffn_down.weight', [hidden, width]);
    if (!config.bias) continue;
    at('attn_q.bias', [query]);
    at('attn_k.bias', [keyValue]);
    at('attn_v.bias', [keyValue]);
  }
  return shapes;
}
