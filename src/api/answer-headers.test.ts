import { expect, test } from 'vitest';
import { createScriptedProvider } from '../models/providers/scripted/scripted-provider.ts';
import { answerHeaders } from './answer-headers.ts';

const resolved = await createScriptedProvider().resolve('echo');
const facts = { traceId: 't1', model: resolved!.info };

test('a plain answer says its trace and its model, and nothing else', () => {
  expect(answerHeaders(facts)).toEqual({ 'x-atelier-trace-id': 't1', 'x-atelier-model': 'scripted/echo' });
});

test('what was done on the way is said, and no text can end a header early', () => {
  const headers = answerHeaders({
    ...facts,
    routed: {
      asked: 'a',
      answered: 'scripted/échos',
      attempts: 2,
      fallback: true,
      cache: 'hit',
      reason: 'a: down\r\nset-cookie: x=1',
    },
    warnings: ['80 % of the budget', 'and more'],
  });
  expect(headers).toMatchObject({
    'x-atelier-fallback': 'a: down set-cookie: x=1',
    'x-atelier-cache': 'hit',
    'x-atelier-warning': '80 % of the budget | and more',
  });
  expect(() => new Headers(headers)).not.toThrow();
});
