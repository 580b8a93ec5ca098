import { describe, expect, test } from 'vitest';
import type { TokenLogprob } from '../../contracts/model.ts';
import { choiceProbabilities } from './choice-probabilities.ts';

/** A model of characters or longer tokens: what follows each text, with its probability. */
type Tree = Record<string, Record<string, number>>;

/** Follows the likeliest tokens that lead to one of `among`, telling the `top` likeliest of each step. */
function modelOf(tree: Tree, top = 20) {
  const asked: string[][] = [];
  return {
    asked,
    async ask(among: readonly string[]): Promise<TokenLogprob[]> {
      asked.push([...among]);
      const path: TokenLogprob[] = [];
      let text = '';
      for (;;) {
        const next = Object.entries(tree[text] ?? {}).sort((a, b) => b[1] - a[1]);
        const allowed = next.find(([token]) => among.some((one) => one.startsWith(text + token)));
        if (allowed === undefined) return path;
        path.push({
          token: allowed[0],
          tokenId: null,
          logprob: Math.log(allowed[1]),
          bytes: null,
          top: next.slice(0, top).map(([token, p]) => ({ token, logprob: Math.log(p), bytes: null })),
        });
        text += allowed[0];
        if (among.includes(text)) return path;
      }
    },
  };
}

const forced = { forced: true };
const rounded = (values: number[]) => values.map((value) => Math.round(value * 1000) / 1000);

describe('probabilities of a few texts', () => {
  test('one token tells them apart: one step, in proportion to each other', async () => {
    const model = modelOf({ '': { A: 0.6, B: 0.2, The: 0.2 } });
    const found = await choiceProbabilities(['A', 'B'], model.ask, forced);
    expect(rounded(found.probabilities)).toEqual([0.75, 0.25]);
    expect(found.covered).toBeCloseTo(0.8);
    expect(model.asked).toHaveLength(1);
  });

  test('another case, a blank before it and a mark behind it mean the same', async () => {
    const model = modelOf({ '': { yes: 0.3, Yes: 0.2, ' yes': 0.1, no: 0.2, 'No.': 0.2 } });
    const found = await choiceProbabilities(['yes', 'no'], model.ask, forced);
    expect(rounded(found.probabilities)).toEqual([0.6, 0.4]);
  });

  test('texts that share a beginning are told apart where they part', async () => {
    const model = modelOf({
      '': { ne: 0.8, pos: 0.2 },
      ne: { utral: 0.25, gative: 0.75 },
      pos: { itive: 1 },
    });
    const found = await choiceProbabilities(['negative', 'neutral', 'positive'], model.ask, forced);
    expect(rounded(found.probabilities)).toEqual([0.6, 0.2, 0.2]);
    expect(model.asked).toHaveLength(1);
  });

  test('a beginning that the likeliest path leaves aside is asked for', async () => {
    const model = modelOf({
      '': { x: 0.6, n: 0.4 },
      n: { o: 0.5, i: 0.5 },
    });
    const found = await choiceProbabilities(['x', 'no', 'ni'], model.ask, forced);
    expect(rounded(found.probabilities)).toEqual([0.6, 0.2, 0.2]);
    expect(model.asked).toEqual([
      ['x', 'no', 'ni'],
      ['no', 'ni'],
    ]);
  });

  test('a text that begins a longer one has what does not go on', async () => {
    const model = modelOf({ '': { 1: 0.9, 2: 0.1 }, 1: { 0: 0.25, end: 0.75 } });
    const found = await choiceProbabilities(['1', '2', '10'], model.ask, forced);
    expect(rounded(found.probabilities)).toEqual([0.675, 0.1, 0.225]);
  });

  test('a text that is not among the likeliest tokens is asked for on its own', async () => {
    const model = modelOf({ '': { A: 0.5, x: 0.3, B: 0.1, C: 0.1 } }, 2);
    const found = await choiceProbabilities(['A', 'B', 'C'], model.ask, forced);
    expect(rounded(found.probabilities)).toEqual([0.714, 0.143, 0.143]);
    expect(model.asked.slice(1)).toEqual([['B'], ['C']]);
  });

  test('nothing known is no leaning', async () => {
    const found = await choiceProbabilities(['A', 'B'], async () => [], { forced: false });
    expect(rounded(found.probabilities)).toEqual([0.5, 0.5]);
    expect(found.covered).toBeLessThanOrEqual(1);
  });
});
