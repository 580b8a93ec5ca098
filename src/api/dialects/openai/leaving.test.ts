// A client that goes away over a real socket frees the model at once, on every route that writes.
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';

const model = 'scripted/script';
/** The scripted model writes for minutes, or says nothing for minutes: an end within seconds is no coincidence. */
const slow = '#delay 20\n#words 5000';
const silent = '#wait 120000\n#text never';

let app: TestApp;
let url: URL;
beforeAll(async () => {
  app = await createTestApp();
  url = new URL(await app.url());
});
afterAll(() => app.close());

async function cancelled(): Promise<number> {
  await app.services.ledger.flush();
  const { traces } = await app.services.ledger.listTraces({ status: 'cancelled', limit: 50 }, null);
  return traces.length;
}

/** Sends the request, waits for the first byte of the body (or a while, when there will be none), and drops the socket. */
async function leave(path: string, body: object, waitForBody: boolean): Promise<void> {
  const text = JSON.stringify(body);
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  await new Promise<void>((resolve, reject) => {
    let received = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8');
      if (waitForBody && /\r\n\r\n[\s\S]*data: /.test(received)) resolve();
    });
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
    if (!waitForBody) setTimeout(resolve, 150);
  });
  socket.destroy();
}

const messages = (content: string) => [{ role: 'user', content }];

test.each([
  ['/v1/chat/completions', { messages: messages(slow), stream: true }, true],
  ['/v1/chat/completions', { messages: messages(silent) }, false],
  ['/v1/chat/completions', { messages: messages(slow), stream: true, n: 2 }, true],
  ['/v1/completions', { prompt: slow, max_tokens: 5000, stream: true }, true],
  ['/v1/completions', { prompt: silent }, false],
  ['/v1/responses', { input: slow, stream: true }, true],
  ['/v1/responses', { input: silent }, false],
  ['/v1/responses', { input: silent, stream: true, store: false }, true],
])('%s %j', async (path, body, waitForBody) => {
  const before = await cancelled();
  const began = performance.now();
  await leave(path, { model, ...body }, waitForBody);
  await expect.poll(cancelled, { timeout: 3000, interval: 20 }).toBe(before + 1);
  expect(performance.now() - began).toBeLessThan(3000);
});

test('a streamed response that was left is kept as cancelled, with what was written', async () => {
  const response = await fetch(new URL('/v1/responses', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, input: slow, stream: true }),
  });
  const reader = response.body!.getReader();
  let text = '';
  while (!text.includes('output_text.delta'))
    text += new TextDecoder().decode((await reader.read()).value, { stream: true });
  const id = /resp_\w+/.exec(text)?.[0] ?? '';
  await reader.cancel();
  const kept = async () => (await app.services.responses.get('local', id))?.status;
  await expect.poll(kept, { timeout: 3000 }).toBe('cancelled');
  const read = await (await fetch(new URL(`/v1/responses/${id}`, url))).json();
  expect(read).toMatchObject({ status: 'cancelled', output: [{ type: 'message', status: 'incomplete' }] });
});
