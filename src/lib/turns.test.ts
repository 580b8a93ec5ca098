import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const never = new AbortController().signal;
const settle = () => new Promise((done) => setImmediate(done));

test('a key has one holder at a time, in order; other keys do not wait', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const first = await turns.take('a', never);
  const second = turns.take('a', never).then((end) => {
    order.push('second');
    return end;
  });
  const third = turns.take('a', never).then((end) => {
    order.push('third');
    return end;
  });
  (await turns.take('b', never))();
  await settle();
  expect(order).toEqual([]);
  first();
  (await second)();
  (await third)();
  expect(order).toEqual(['second', 'third']);
  (await turns.take('a', never))();
});

test('who gives up while waiting is told why, and those behind it still wait for those before it', async () => {
  const turns = createTurns();
  const first = await turns.take('a', never);
  const giver = new AbortController();
  const gone = turns.take('a', giver.signal);
  let came = false;
  const last = turns.take('a', never).then((end) => {
    came = true;
    return end;
  });
  giver.abort('cancel');
  await expect(gone).rejects.toBe('cancel');
  await settle();
  expect(came).toBe(false);
  first();
  (await last)();
});
