import { expect, test } from 'vitest';
import { createUndoStack } from './undo-stack.ts';

test('takes back in turn, and keeps what could not be taken back', async () => {
  const stack = createUndoStack();
  const done: string[] = [];
  let refuse = true;
  stack.push({
    label: 'first',
    back: async () => {
      done.push('first');
    },
  });
  stack.push({
    label: 'second',
    back: async () => {
      if (refuse) throw new Error('refused');
      done.push('second');
    },
  });
  await expect(stack.undo()).rejects.toThrow('refused');
  refuse = false;
  expect([await stack.undo(), await stack.undo(), await stack.undo()]).toEqual(['second', 'first', null]);
  expect(done).toEqual(['second', 'first']);
});
