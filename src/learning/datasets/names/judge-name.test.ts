import { expect, test } from 'vitest';
import { localIdentity } from '../../../contracts/identity.ts';
import { createNameJudge } from './judge-name.ts';

const context = { identity: localIdentity, source: 'job' };
const judge = (weigh: (keepInput: boolean | undefined) => number[] | null) =>
  createNameJudge(
    { weigh: async (_order, { keepInput }) => weigh(keepInput) },
    'local/lab',
    context,
    new AbortController().signal,
  );

test('the first probability is that of yes, and the ledger keeps no words', async () => {
  const kept: unknown[] = [];
  const ask = judge((keepInput) => {
    kept.push(keepInput);
    return [0.75, 0.25];
  });
  expect(await ask('Anne came.', 'Anne')).toBe(0.75);
  expect(kept).toEqual([false]);
});

test('a model that tells no probabilities finds nothing by error, not by silence', async () => {
  await expect(judge(() => null)('Anne came.', 'Anne')).rejects.toMatchObject({
    code: 'model_failed',
    message: expect.stringContaining('local/lab'),
  });
});
