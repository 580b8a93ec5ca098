import { expect, test } from 'vitest';
import type { GgufHeader } from '../../lib/gguf.ts';
import { kvBytesPerToken, planMemory } from './memory-plan.ts';

const GB = 1e9;

/** Qwen2.5-1.5B: 28 layers, 2 of 12 heads for keys and values, 128 wide. */
function header(more: Record<string, number | number[]> = {}, fileBytes = 1.1 * GB): GgufHeader {
  const fields = {
    block_count: 28,
    embedding_length: 1536,
    context_length: 32768,
    'attention.head_count': 12,
    'attention.head_count_kv': 2,
    ...more,
  };
  const metadata = new Map<string, never>([['general.architecture', 'qwen2' as never]]);
  for (const [name, value] of Object.entries(fields)) metadata.set(`qwen2.${name}`, value as never);
  return {
    version: 3,
    metadata,
    spans: new Map(),
    tensors: [],
    dataOffset: 0,
    expectedBytes: fileBytes,
    fileBytes,
  };
}

const plan = (availableBytes: number, read = header()) =>
  planMemory({ header: read, kind: 'chat', availableBytes });

test('keys and values of a token: layers x heads x width x both x two bytes', () => {
  expect(kvBytesPerToken(header())).toBe(28 * 2 * 128 * 2 * 2);
  expect(kvBytesPerToken(header({ 'attention.head_count_kv': [2, 0, 4] }))).toBe(6 * 128 * 2 * 2);
  expect(kvBytesPerToken(header({ 'attention.key_length': 64, 'attention.value_length': 32 }))).toBe(
    28 * 2 * 96 * 2,
  );
});

test('plenty of memory gives eight sequences of 8,192 tokens, or of what the model was trained on', () => {
  expect(plan(16 * GB)).toMatchObject({ contextLength: 8192, sequences: 8, fits: true });
  expect(plan(16 * GB, header({ context_length: 2048 }))).toMatchObject({
    contextLength: 2048,
    sequences: 8,
  });
});

test('where memory is short, sequences go first and then context', () => {
  expect(plan(4 * GB)).toMatchObject({ contextLength: 8192, sequences: 4, fits: true });
  expect(plan(2 * GB)).toMatchObject({ contextLength: 8192, sequences: 1, fits: true });
  expect(plan(1.6 * GB)).toMatchObject({ contextLength: 4096, sequences: 1, fits: true });
});

test('what does not fit at all says what it would need', () => {
  const tooLittle = plan(1 * GB);
  expect(tooLittle.fits).toBe(false);
  expect(tooLittle.neededBytes).toBeGreaterThan(1.1 * GB);
});

test('an embedding model needs its weights and one context', () => {
  const read = header({ context_length: 512 }, 0.07 * GB);
  expect(planMemory({ header: read, kind: 'embedding', availableBytes: 1 * GB })).toMatchObject({
    contextLength: 512,
    sequences: 1,
    fits: true,
  });
});
