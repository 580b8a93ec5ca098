// Codes to statuses, and when a client is told to try again.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { AtelierError, errorCodes } from '../contracts/errors.ts';
import { errorHeaders, httpStatus, validationError } from './errors.ts';

test('every code has a status that a response can have', () => {
  expect(Object.keys(httpStatus).sort()).toEqual(Object.keys(errorCodes).sort());
  for (const status of Object.values(httpStatus)) expect(status >= 400 && status < 600).toBe(true);
});

test.each([
  [new AtelierError('model_loading', ''), { 'retry-after': '2', 'x-should-retry': 'true' }],
  [
    new AtelierError('rate_limited', '', { data: { retryAfterSeconds: 0.2 } }),
    { 'retry-after': '1', 'x-should-retry': 'true' },
  ],
  [new AtelierError('conflict', ''), { 'x-should-retry': 'false' }],
  [new AtelierError('provider_unauthorized', ''), { 'x-should-retry': 'false' }],
  [new AtelierError('provider_failed', '', { retryable: true }), { 'x-should-retry': 'true' }],
  [new AtelierError('invalid_request', ''), {}],
])('%o', (error, headers) => {
  expect(errorHeaders(error)).toEqual(headers);
});

test('faults are named by path, the deepest branch of a union speaks, and long lists are cut visibly', () => {
  const schema = z.object({ a: z.union([z.string(), z.array(z.object({ b: z.number() }))]), c: z.int() });
  const faults = (value: unknown) => validationError(schema.safeParse(value).error?.issues ?? []);
  expect(faults({ a: [{ b: 'x' }], c: 1 }).data.param).toBe('a[0].b');
  expect(faults({ a: 7, c: 1 }).message).toContain('a: expected string or array');
  const many = z.array(z.number()).safeParse(['a', 'b', 'c', 'd', 'e']);
  expect(validationError(many.error?.issues ?? []).message).toContain('(and 2 more)');
});
