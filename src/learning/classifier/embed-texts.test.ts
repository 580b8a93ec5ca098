import { describe, expect, test } from 'vitest';
import { AtelierError } from '../../contracts/errors.ts';
import { localIdentity } from '../../contracts/identity.ts';
import type { Gateway } from '../../models/gateway.ts';
import { embedTexts, prefixOf } from './embed-texts.ts';

const context = { identity: localIdentity, source: 'job' };

/** Counts letters a and b; reads at most `limit` characters. */
function letters(limit: number) {
  const asked: string[][] = [];
  const gateway: Pick<Gateway, 'embed'> = {
    async embed(_model, values) {
      asked.push(values);
      if (values.some((text) => text.length > limit))
        throw new AtelierError('context_overflow', 'too long', { data: {} });
      const count = (text: string, letter: string) => text.split(letter).length - 1;
      return {
        embeddings: values.map((text) => [count(text, 'a'), count(text, 'b')]),
        warnings: [],
        traceId: 't',
      };
    },
  };
  return { gateway, asked };
}

describe('texts as vectors', () => {
  test('are of unit length, in order, in batches that are told', async () => {
    const { gateway, asked } = letters(100);
    const told: number[] = [];
    const texts = Array.from({ length: 70 }, (_, index) => (index % 2 === 0 ? 'aaa' : 'bb'));
    const { vectors, dimensions, inParts } = await embedTexts(gateway, 'x/letters', texts, context, {
      onProgress: (done) => told.push(done),
    });
    expect({ dimensions, inParts }).toEqual({ dimensions: 2, inParts: 0 });
    expect([...vectors.slice(0, 4)]).toEqual([1, 0, 0, 1]);
    expect(told).toEqual([64, 70]);
    expect(asked.map((batch) => batch.length)).toEqual([64, 6]);
  });

  test('a text that is too long is the mean of its parts, and every other is as it was', async () => {
    const { gateway } = letters(50);
    const long = `${'a'.repeat(40)} ${'b'.repeat(40)}`;
    const { vectors, inParts } = await embedTexts(gateway, 'x/letters', ['aa', long, 'bb'], context);
    expect(inParts).toBe(1);
    expect([...vectors].map((x) => Math.round(x * 100) / 100)).toEqual([1, 0, 0.71, 0.71, 0, 1]);
  });

  test('no character is cut in two or lost', async () => {
    const { gateway, asked } = letters(9);
    await embedTexts(gateway, 'x/letters', ['😀'.repeat(40)], context);
    const read = asked.filter(([text = '']) => text.length <= 9).flat();
    expect(read.join('')).toBe('😀'.repeat(40));
    for (const text of read) expect(text.isWellFormed()).toBe(true);
  });

  test('e5 gets the word that it was trained with', () => {
    expect(prefixOf('local/multilingual-e5-small')).toBe('passage: ');
    expect(prefixOf('openai/text-embedding-3-small')).toBe('');
    expect(prefixOf('local/code5-embed')).toBe('');
  });
});
