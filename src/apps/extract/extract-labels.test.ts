import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import type { Gateway } from '../../models/gateway.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { AppTask } from '../define-app.ts';
import { createModelAsker } from '../parts/ask-model.ts';
import { extractLabels } from './extract-labels.ts';

/** A model that writes these answers in turn, each until its limit of tokens. */
function cutModel(...answers: string[]) {
  let asked = 0;
  const gateway = {
    generate: async () => ({
      content: [{ type: 'text', text: answers[asked++] ?? '' }],
      finishReason: { unified: 'length' },
    }),
  } as unknown as Gateway & { generate(): Promise<LanguageModelV4GenerateResult> };
  const notes: unknown[] = [];
  const task = {
    model: 'lab/loop',
    signal: new AbortController().signal,
    context: { identity: { userId: 'me', role: 'admin' }, source: 'api' },
    emit: (event: unknown) => notes.push(event),
  } as unknown as AppTask;
  const asker = createModelAsker({ gateway, registry: {} as ModelRegistry });
  const labels = [
    { label: 'PERSON', description: '' },
    { label: 'PLACE', description: '' },
  ];
  const part = { text: 'Anne came to Brest.', start: 0, end: 19 };
  return { find: () => extractLabels(asker, task, labels, part), notes, asked: () => asked };
}

test('of a list that goes round in circles what is whole is kept, and the rest is said to be missing', async () => {
  const anne = '{"text":"Anne","kind":"PERSON"},';
  const model = cutModel(`{"mentions":[${anne}${anne}{"text":"Brest","kind":"PLACE"},{"text":"An`);
  expect((await model.find()).map(({ text, label }) => [text, label])).toEqual([
    ['Anne', 'PERSON'],
    ['Brest', 'PLACE'],
  ]);
  expect(model.asked()).toBe(1);
  expect(model.notes).toMatchObject([{ type: 'note', code: 'mentions_cut', data: { tokens: 256 } }]);
});

test('a list without one whole mention is asked for again, and then is an error', async () => {
  const model = cutModel('{"mentions":[{"text":"An', '{"mentions":[{"te');
  await expect(model.find()).rejects.toMatchObject({ code: 'provider_failed' });
  expect(model.asked()).toBe(2);
  expect(model.notes).toEqual([]);
});
