import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Span } from '../../../../../contracts/span.ts';
import { canCurl, curlOf } from './curl.ts';

const span = {
  model: 'local/qwen',
  input: [
    { role: 'user', content: [{ type: 'text', text: `What's "this" $HOME \\ 'n that?\nSecond line` }] },
  ],
  attributes: {
    'gen_ai.request.model': 'default',
    'gen_ai.request.temperature': 0.2,
    'gen_ai.request.max_tokens': 9,
  },
} as unknown as Span;

test('a shell hands the body to curl as it was sent', () => {
  const command = curlOf(span, 'http://localhost:4242');
  // A function in curl's place prints its last argument.
  const body = execFileSync('sh', ['-c', `curl() { for last; do :; done; printf %s "$last"; }\n${command}`], {
    encoding: 'utf8',
  });
  expect(JSON.parse(body)).toEqual({
    model: 'default',
    messages: [{ role: 'user', content: `What's "this" $HOME \\ 'n that?\nSecond line` }],
    temperature: 0.2,
    max_tokens: 9,
  });
  expect(command).toContain('http://localhost:4242/v1/chat/completions');
});

test('a call whose content was not kept cannot be repeated', () => {
  expect(canCurl(span)).toBe(true);
  expect(canCurl({ ...span, input: null })).toBe(false);
});
