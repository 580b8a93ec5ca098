// Completions on the local engine: stories260K, whose log-probabilities another program computed
// (test/fixtures/stories260K), scored over the wire as evaluation harnesses do it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import { silentLog } from '../../../lib/log.ts';
import { createLocalEngine, type LocalEngine } from '../../../models/local/local-engine.ts';
import { installedModel } from '../../../models/local/testing/test-models.ts';

const fixtures = fileURLToPath(new URL('../../../../test/fixtures/stories260K/', import.meta.url));
const oracle = JSON.parse(readFileSync(join(fixtures, 'expected_greedy.json'), 'utf8')) as {
  greedy_ids: number[];
  greedy_text: string;
  greedy_logprobs_first20: number[];
};
const BEGIN = 1;
const model = 'local/stories';

let engine: LocalEngine;
let app: TestApp;
beforeAll(async () => {
  const kept = new Map<string, unknown>();
  const measurements = {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => void kept.set(key, value),
  };
  // One sequence: whoever stays in it keeps everybody else out.
  engine = createLocalEngine({ log: silentLog, measurements, gpu: 'cpu', maxSequences: 1 });
  const installed = {
    ...installedModel(join(fixtures, 'stories260K.f32.gguf'), 'stories'),
    contextLength: 512,
  };
  const info = {
    id: model,
    provider: 'local',
    name: 'stories',
    displayName: 'stories',
    kind: 'chat',
    place: { kind: 'local', host: null },
    state: 'ready',
    contextLength: 512,
    input: ['text'],
    price: { kind: 'none' },
  } as unknown as ModelInfo;
  app = await createTestApp({
    providers: [
      {
        id: 'local',
        list: async () => [info],
        resolve: async () => ({ info, language: engine.language(installed), embedding: null }),
      },
    ],
  });
});
afterAll(async () => {
  await app.close();
  await engine.close();
});

interface Choice {
  index: number;
  text: string;
  finish_reason: string;
  logprobs: {
    tokens: string[];
    token_logprobs: (number | null)[];
    top_logprobs: (Record<string, number> | null)[];
    text_offset: number[];
  };
}
async function complete(body: object): Promise<Choice[]> {
  const response = await app.send('/v1/completions', { model, temperature: 0, ...body });
  const answer = await response.json();
  expect(response.status, JSON.stringify(answer)).toBe(200);
  return answer.choices;
}

test('a text is scored as another program scored it, and so are its tokens', async () => {
  const ask = { echo: true, logprobs: 1, max_tokens: 1 };
  const text = oracle.greedy_text.slice(0, 60);
  const [scored] = await complete({ ...ask, prompt: text });
  expect(scored?.text.startsWith(text)).toBe(true);
  const { tokens, token_logprobs, top_logprobs, text_offset } = scored!.logprobs;
  expect(token_logprobs[0]).toBeNull();
  for (let i = 1; i < 15; i++)
    expect(token_logprobs[i]).toBeCloseTo(oracle.greedy_logprobs_first20[i] ?? 0, 3);
  // Its own greedy text is what the model foresaw: a harness calls that greedy.
  const foreseen = token_logprobs
    .slice(1, 15)
    .every((value, i) => value === Math.max(...Object.values(top_logprobs[i + 1]!)));
  expect(foreseen).toBe(true);
  for (const [i, offset] of text_offset.entries())
    expect(scored?.text.slice(offset, offset + tokens[i]!.length)).toBe(tokens[i]);

  const ids = oracle.greedy_ids.slice(0, 20);
  const both = await complete({
    ...ask,
    prompt: [
      [BEGIN, ...ids],
      [BEGIN, ...ids.slice(0, 5)],
    ],
  });
  expect(both).toHaveLength(2);
  const [whole, part] = both.map((choice) => choice.logprobs.token_logprobs);
  expect(whole).toHaveLength(22);
  expect(part).toHaveLength(7);
  for (const [i, expected] of oracle.greedy_logprobs_first20.entries())
    expect(whole?.[i + 1]).toBeCloseTo(expected, 3);
  expect(whole?.[0]).toBeNull();
});

test('only scoring writes nothing', async () => {
  const [choice] = await complete({ prompt: 'Once upon', echo: true, logprobs: 0, max_tokens: 0 });
  expect(choice).toMatchObject({ text: 'Once upon', finish_reason: 'length' });
  expect(choice?.logprobs.tokens.join('')).toBe('Once upon');
});

test('a raw prompt is continued, nothing around it', async () => {
  const [choice] = await complete({ prompt: '', max_tokens: 20 });
  expect(oracle.greedy_text.startsWith(choice?.text ?? '?')).toBe(true);
  expect(choice?.text.length).toBeGreaterThan(20);
});

test('a token that the model does not have is refused', async () => {
  const response = await app.send('/v1/completions', { model, prompt: [BEGIN, 512] });
  expect(response.status).toBe(400);
  expect((await response.json()).error).toMatchObject({ param: 'prompt' });
});

test.each([
  ['/v1/completions', { prompt: 'Once', max_tokens: 500 }],
  ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Once' }], max_tokens: 500 }],
  ['/v1/responses', { input: 'Once', max_output_tokens: 500 }],
])('who leaves %s makes room for the next', async (path, body) => {
  const url = await app.url();
  const gone = new AbortController();
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: true, temperature: 1, logit_bias: { 2: -100 }, ...body }),
    signal: gone.signal,
  });
  await response.body!.getReader().read();
  gone.abort();
  // There is one sequence: this waits until it is free.
  await complete({ prompt: 'Once', max_tokens: 1 });
  await app.services.ledger.flush();
  const { traces } = await app.services.ledger.listTraces({ limit: 2 }, null);
  expect(traces.map(({ status }) => status).sort()).toEqual(['cancelled', 'ok']);
});
