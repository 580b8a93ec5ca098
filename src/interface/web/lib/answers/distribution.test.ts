// The bars against a direct computation over a whole vocabulary of 2,000 tokens.
import { describe, expect, test } from 'vitest';
import { temperatureGrid } from '../../../../contracts/playground.ts';
import { shape } from './distribution.ts';

/** A vocabulary with a long tail, in order. */
const probabilities = (() => {
  const raw = Array.from({ length: 2000 }, (_, i) => 1 / (i + 1.3) ** 1.2);
  const sum = raw.reduce((all, one) => all + one, 0);
  return raw.map((one) => one / sum);
})();

/** All tokens, one by one: cut by top-p, then softmax of log p / T. */
function direct(temperature: number, topP: number): number[] {
  let sum = 0;
  let kept = 0;
  while (kept < probabilities.length && sum < topP) sum += probabilities[kept++]!;
  const heated = probabilities.map((p, i) => (i < kept ? Math.exp(Math.log(p) / temperature) : 0));
  const total = heated.reduce((all, one) => all + one, 0);
  return heated.map((one) => one / total);
}

const listed = 50;
const tail = probabilities.slice(listed);
const told = {
  tokens: probabilities.slice(0, listed).map((p) => ({ logprob: Math.log(p) })),
  rest: tail.reduce((sum, p) => sum + p, 0),
  restAt: temperatureGrid.map((t) => tail.reduce((sum, p) => sum + p ** (1 / t), 0)),
};

describe('the shape of the next token', () => {
  test.each([
    [1, 1],
    [0.05, 1],
    [0.5, 1],
    [0.7, 0.3],
    [1, 0.5],
    [1.45, 0.2],
    [2, 1],
    [1, 0.999],
  ])('temperature %d, top-p %d', (temperature, topP) => {
    const wanted = direct(temperature, topP);
    const { tokens, rest } = shape(told, { temperature, topP });
    for (const [i, { probability }] of tokens.entries()) expect(probability).toBeCloseTo(wanted[i]!, 3);
    expect(rest.probability).toBeCloseTo(
      wanted.slice(listed).reduce((sum, one) => sum + one, 0),
      2,
    );
    expect(tokens.reduce((sum, one) => sum + one.probability, rest.probability)).toBeCloseTo(1, 9);
  });

  test('without a cut the rest is exact at every temperature of the slider', () => {
    for (const temperature of temperatureGrid) {
      const wanted = direct(temperature, 1).slice(listed);
      expect(shape(told, { temperature, topP: 1 }).rest.probability).toBeCloseTo(
        wanted.reduce((sum, one) => sum + one, 0),
        9,
      );
    }
  });

  test('temperature 0 takes the likeliest', () => {
    const { tokens, rest } = shape(told, { temperature: 0, topP: 0.9 });
    expect(tokens.map(({ probability }) => probability).slice(0, 3)).toEqual([1, 0, 0]);
    expect(rest).toEqual({ probability: 0, kept: false });
  });

  test('the likeliest token survives any cut', () => {
    expect(shape(told, { temperature: 1, topP: 0.0001 }).tokens[0]).toEqual({ probability: 1, kept: true });
  });

  test('says so where the rest is not known', () => {
    const few = { ...told, restAt: null };
    expect(shape(few, { temperature: 1, topP: 1 })).toMatchObject({
      restUnknown: false,
      rest: { kept: true },
    });
    expect(shape(few, { temperature: 0.5, topP: 1 }).restUnknown).toBe(true);
    expect(shape(few, { temperature: 0.5, topP: 0.2 }).restUnknown).toBe(false);
  });
});
