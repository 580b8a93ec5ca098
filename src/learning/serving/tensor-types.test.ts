// What a quantised file is made of: as llama.cpp's own tool chose for SmolLM2-135M (whose files were equal byte for
// byte), and as its rules say for wider rows.
import { expect, test } from 'vitest';
import { bytesOf, tensorTypeFor } from './tensor-types.ts';

const of = (name: string, ...dimensions: number[]) => ({ name, dimensions });
const model = { layers: 32, tied: false };

test.each([
  ['Q4_K', of('blk.5.attn_q.weight', 4096, 4096), 'Q4_K'],
  ['Q4_K', of('output.weight', 4096, 32_000), 'Q6_K'],
  ['Q4_K', of('token_embd.weight', 4096, 32_000), 'Q4_K'],
  ['Q4_K', of('blk.0.ffn_down.weight', 14_336, 4096), 'Q6_K'],
  ['Q4_K', of('blk.6.ffn_down.weight', 14_336, 4096), 'Q6_K'],
  ['Q4_K', of('blk.4.ffn_down.weight', 14_336, 4096), 'Q4_K'],
  ['Q4_K', of('blk.5.attn_v.weight', 4096, 1024), 'Q4_K'],
  ['Q4_K', of('blk.28.attn_v.weight', 4096, 1024), 'Q6_K'],
  ['Q4_K', of('blk.6.ffn_up.weight', 4096, 14_336), 'Q4_K'],
  ['Q4_K', of('blk.5.attn_q.weight', 576, 576), 'Q5_0'],
  ['Q4_K', of('blk.0.attn_v.weight', 576, 192), 'Q8_0'],
  ['Q4_0', of('blk.0.ffn_down.weight', 14_336, 4096), 'Q4_0'],
  ['Q4_0', of('output.weight', 4096, 32_000), 'Q6_K'],
  ['Q4_0', of('output.weight', 576, 49_152), 'Q8_0'],
  ['Q4_0', of('blk.0.ffn_down.weight', 172, 64), 'F16'],
  ['Q8_0', of('output.weight', 4096, 32_000), 'Q8_0'],
  ['F16', of('output.weight', 4096, 32_000), 'F16'],
  ['Q4_K', of('output_norm.weight', 4096), 'F32'],
  ['F32', of('output.weight', 4096, 32_000), 'F32'],
] as const)('%s: %o is %s', (quantisation, tensor, type) => {
  expect(tensorTypeFor(quantisation, tensor, model)).toBe(type);
});

test('a tied embedding is the head', () => {
  const embedding = of('token_embd.weight', 4096, 32_000);
  expect(tensorTypeFor('Q4_0', embedding, { ...model, tied: true })).toBe('Q6_K');
  const bytes = bytesOf('Q8_0', [embedding, of('output_norm.weight', 4096)], model);
  expect(bytes).toBe(4096 * 1000 * 34 + 4096 * 4);
});
