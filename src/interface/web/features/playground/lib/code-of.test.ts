// The code that is shown, run: curl by a shell, TypeScript by Node with a client that records the call, Python as text.
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { typeScript } from '../../../lib/answers/write-code.ts';
import { codeOf } from './code-of.ts';

const order = {
  model: 'scripted/echo',
  messages: [
    { role: 'system' as const, text: `It's "quoted"` },
    { role: 'user' as const, text: 'Two\nlines, $HOME `id` \\ and é' },
  ],
  parameters: { temperature: 0.7, topK: 40, maxOutputTokens: 64, stopSequences: ['END', "it's"] },
  topLogprobs: 5,
};
const wire = {
  model: 'scripted/echo',
  messages: order.messages.map(({ role, text }) => ({ role, content: text })),
  temperature: 0.7,
  max_tokens: 64,
  stop: ['END', "it's"],
  top_k: 40,
  logprobs: true,
  top_logprobs: 5,
};
const sample = (label: string) =>
  codeOf(order, 'http://localhost:4242').find((one) => one.label === label)!.code;

describe('a column as code', () => {
  test('curl sends exactly these settings', () => {
    // A curl that prints its last argument instead.
    const script = `curl() { for last; do :; done; printf %s "$last"; }\n${sample('curl')}`;
    const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual(wire);
  });

  test('TypeScript sends exactly these settings', () => {
    const inner = /create\((\{[\s\S]*\n\})\);/.exec(sample('TypeScript'))?.[1]?.replace(' as object', '');
    const { stdout } = spawnSync(process.execPath, ['-e', `console.log(JSON.stringify(${inner}))`], {
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toEqual({ ...wire, stream: true });
  });

  test('Python hands what OpenAI does not know in extra_body, and speaks its own words for true and nothing', () => {
    const code = sample('Python');
    expect(code).toContain('extra_body={"top_k": 40},');
    expect(code).toContain('logprobs=True,');
    expect(code).toContain('stop=["END", "it\'s"],');
    expect(code).toContain('base_url="http://localhost:4242/v1"');
  });

  test('settings that are not set are not sent', () => {
    const [curl] = codeOf({ ...order, parameters: {}, topLogprobs: null }, 'http://localhost:4242');
    expect(curl?.code).not.toMatch(/temperature|top_k|logprobs/);
  });

  test('long objects take lines of their own', () => {
    expect(typeScript({ a: 'x'.repeat(80) })).toBe(`{\n  a: "${'x'.repeat(80)}",\n}`);
  });
});
