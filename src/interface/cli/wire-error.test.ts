// Errors of both wires come out with our codes.
import { expect, test } from 'vitest';
import { wireError } from './wire-error.ts';

test.each([
  [{ code: 'not_found', message: 'No.', data: { id: 'x' }, retryable: true }, 'not_found', { id: 'x' }, true],
  [
    { code: 'model_not_found', message: 'No.', type: 'invalid_request_error', param: 'model' },
    'model_not_found',
    {},
    false,
  ],
  [{ code: 'context_length_exceeded', message: 'No.' }, 'context_overflow', {}, false],
  [{ code: 'of_a_newer_server', message: 'No.' }, 'internal', {}, false],
])('%j is %s', (body, code, data, retryable) => {
  expect(wireError(body)?.toJSON()).toEqual({ code, message: 'No.', data, retryable });
});

test.each([null, undefined, 'text', {}, { code: 'not_found' }])('%j is no error', (body) => {
  expect(wireError(body)).toBe(null);
});
