// Listening: both families on one port, a taken port refused, and a stop that lets answers end.
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../test/create-test-app.ts';
import { listen } from './serve.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const onFreePort = () => listen({ ...app.services, config: { port: 0, host: null } });
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

test('it answers on every loopback address it names, and to no other name', async () => {
  const server = await onFreePort();
  const hosts = ['127.0.0.1', 'localhost', ...(hasIpv6 ? ['[::1]'] : [])];
  for (const host of hosts)
    expect((await fetch(`http://${host}:${server.port}/health`)).status, host).toBe(200);
  await server.close();
  await expect(fetch(`http://127.0.0.1:${server.port}/health`)).rejects.toThrow();
});

test('a taken port is refused with what to do, and the next one is not taken', async () => {
  const other = createHttpServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(listen({ ...app.services, config: { port, host: null } })).rejects.toMatchObject({
    code: 'conflict',
    data: { port },
    message: expect.stringContaining(`Port ${port} is taken`),
  });
  await new Promise((resolve) => other.close(resolve));
});

test('what is no request gets an error that can be read', async () => {
  const server = await onFreePort();
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write(`GET /a\\b HTTP/1.1\r\nHost: localhost:${server.port}\r\nConnection: close\r\n\r\n`),
    );
    socket.setEncoding('utf8').on('data', (data) => (text += data));
    socket.on('close', () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).toContain('"code":"invalid_request"');
  await server.close();
});

const ask = (url: string, content: string) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'scripted/script', stream: true, messages: [{ role: 'user', content }] }),
  });

test('a stop lets a short answer end and ends event streams', async () => {
  const server = await onFreePort();
  const events = await fetch(`${server.url}/atelier/v1/events`);
  const reader = events.body!.getReader();
  const first = new TextDecoder().decode((await reader.read()).value);
  expect(JSON.parse(first.replace(/^data: /, ''))).toMatchObject({ type: 'first-run-changed' });
  const answer = await ask(server.url, '#delay 30\n#words 10');
  const closing = server.close(3000);
  expect(await answer.text()).toContain('data: [DONE]');
  // What the answer itself changed may still be told before the stream ends.
  let ended = false;
  for (let i = 0; i < 100 && !ended; i++) ended = (await reader.read()).done;
  expect(ended).toBe(true);
  await closing;
});

test('a stop does not wait for ever: a long answer is cut and marked', async () => {
  const server = await onFreePort();
  const answer = await ask(server.url, '#delay 50\n#words 5000');
  const started = performance.now();
  const reading = answer.text().then(
    () => 'ended',
    () => 'cut',
  );
  await server.close(200);
  expect(performance.now() - started).toBeLessThan(1500);
  expect(await reading).toBe('cut');
  const traceId = answer.headers.get('x-atelier-trace-id') ?? '';
  const status = async () => {
    await app.services.ledger.flush();
    return (await app.services.ledger.getTrace(traceId, null)).summary.status;
  };
  await expect.poll(status, { timeout: 3000 }).toBe('cancelled');
});
