// One Atelier in front of another, as a provider that speaks OpenAI's wires itself: bodies pass through both, and the
// ledger of each has the call.
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../create-test-app.ts';

const model = 'upstream/scripted/script';
let upstream: TestApp;
let front: TestApp;
let client: OpenAI;
beforeAll(async () => {
  upstream = await createTestApp();
  front = await createTestApp();
  await front.services.endpoints.create({
    id: 'upstream',
    kind: 'openai',
    name: 'Upstream',
    baseUrl: `${await upstream.url()}/v1`,
    apiKey: 'any',
    models: ['scripted/script'],
  });
  client = new OpenAI({ baseURL: `${await front.url()}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterAll(async () => {
  await front.close();
  await upstream.close();
});

async function usageIn(app: TestApp) {
  await app.services.ledger.flush();
  const { traces } = await app.services.ledger.listTraces({ limit: 1 }, null);
  return traces[0];
}

test('chat: the answer of the provider, and its usage in both ledgers', async () => {
  const { data, response } = await client.chat.completions
    .create({ model, messages: [{ role: 'user', content: '#text One two three' }] })
    .withResponse();
  // As the provider words it: nothing in between has written it anew.
  expect(data.model).toBe('scripted/script');
  expect(data.choices[0]?.message.content).toBe('One two three');
  expect(response.headers.get('x-atelier-model')).toBe(model);
  expect(await usageIn(front)).toMatchObject({ model, status: 'ok', usage: { output: 3 } });
  expect(await usageIn(upstream)).toMatchObject({ model: 'scripted/script', usage: { output: 3 } });
});

test('responses: streamed, gone on from where they are kept', async () => {
  const first = await client.responses.stream({ model, input: 'My name is Ada.' }).finalResponse();
  expect(await upstream.services.responses.get('local', first.id)).toMatchObject({ status: 'completed' });
  expect(await front.services.responses.get('local', first.id)).toMatchObject({ status: 'relayed', model });
  const second = await client.responses.create({
    model,
    previous_response_id: first.id,
    input: '#text You are Ada.',
  });
  expect(second.output_text).toBe('You are Ada.');
  expect(second.usage?.input_tokens).toBeGreaterThan((first.usage?.input_tokens ?? 0) + 3);
  expect(await usageIn(front)).toMatchObject({ model, status: 'ok', usage: { output: 3 } });
  await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({ status: 400 });

  // In the background it is written and kept here.
  const begun = await client.responses.create({ model, input: '#text Later', background: true });
  await expect
    .poll(async () => (await client.responses.retrieve(begun.id)).output_text, { timeout: 5000 })
    .toBe('Later');
});

async function cancelledIn(app: TestApp): Promise<number> {
  await app.services.ledger.flush();
  const { traces } = await app.services.ledger.listTraces({ status: 'cancelled', limit: 10 }, null);
  return traces.length;
}

test('who leaves stops the provider too', async () => {
  const begins = [
    () => client.responses.create({ model, input: '#delay 20\n#words 5000', stream: true }),
    () =>
      client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: '#delay 20\n#words 5000' }],
        stream: true,
      }),
  ];
  for (const [before, begin] of begins.entries()) {
    let seen = 0;
    for await (const _ of await begin()) if (++seen === 5) break;
    for (const app of [front, upstream])
      await expect.poll(() => cancelledIn(app), { timeout: 4000 }).toBe(before + 1);
  }
});
