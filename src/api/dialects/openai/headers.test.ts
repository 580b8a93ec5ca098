import { expect, test } from 'vitest';
import { AtelierError } from '../../../contracts/errors.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import { openAiErrorBody, openAiStatus } from './errors.ts';
import { openAiHeaders, resetText } from './headers.ts';

test.each([
  [0, '0ms'],
  [249.2, '250ms'],
  [1000, '1s'],
  [1001, '2s'],
  [59_999, '1m0s'],
  [360_000, '6m0s'],
  [3_661_000, '1h1m1s'],
])('%d milliseconds until a reset are %s', (ms, text) => {
  expect(resetText(ms)).toBe(text);
});

test('what the gateway did and what is left stand in the headers', () => {
  const headers = openAiHeaders(
    {
      traceId: 'abc',
      model: { id: 'remote/big' } as ModelInfo,
      routed: {
        asked: 'default',
        answered: 'remote/small',
        attempts: 2,
        fallback: true,
        cache: 'miss',
        reason: 'remote/big: provider_failed',
      },
      limits: { requests: { limit: 60, remaining: 59, resetMs: 400 }, tokens: null },
      warnings: ['90 % of the budget is spent'],
    },
    ['tools: web_search is not here'],
  );
  expect(headers).toEqual({
    'x-atelier-trace-id': 'abc',
    'x-atelier-model': 'remote/small',
    'x-atelier-fallback': 'remote/big: provider_failed',
    'x-atelier-cache': 'miss',
    'x-atelier-warning': '90 % of the budget is spent | tools: web_search is not here',
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-reset-requests': '400ms',
  });
});

test('a spent budget is a spent quota, which says when there is money again', () => {
  const resetsAt = Date.UTC(2026, 11, 1);
  const error = new AtelierError('budget_exceeded', 'The budget of the key is spent.', {
    data: { resetsAt },
  });
  expect(openAiStatus(error)).toBe(429);
  expect(openAiErrorBody(error)).toEqual({
    error: {
      message: 'The budget of the key is spent. It begins anew at 2026-12-01T00:00:00.000Z.',
      type: 'insufficient_quota',
      param: null,
      code: 'insufficient_quota',
    },
  });
});
