// Outgoing requests go through the proxy that the environment names, and past it to this machine.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttp } from './http.ts';

const seen: string[] = [];
const proxy = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  response.setHeader('x-answer', 'proxy');
  response.end('through the proxy');
});
let address: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterAll(() => {
  proxy.closeAllConnections();
  proxy.close();
});
const text = async (body: AsyncIterable<unknown>) => {
  let whole = '';
  for await (const chunk of body) whole += String(chunk);
  return whole;
};

test('a foreign host is asked through HTTP_PROXY', async () => {
  const http = createHttp({ env: { HTTP_PROXY: address } });
  const response = await http.request('http://models.invalid/file');
  expect(response).toMatchObject({ status: 200, headers: { 'x-answer': 'proxy' } });
  expect(await text(response.body)).toBe('through the proxy');
  expect(seen).toEqual(['GET http://models.invalid/file']);
  await http.close();
});

test('this machine is asked directly, and so is what NO_PROXY names', async () => {
  const http = createHttp({ env: { HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'models.invalid' } });
  const response = await http.request(`${address}/direct`);
  expect(response.status).toBe(200);
  await text(response.body);
  expect(seen.at(-1)).toBe('GET /direct');
  await expect(http.request('http://models.invalid/')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await http.close();
});

test('a redirect is handed back, not followed', async () => {
  const server = createServer((_request, response) => void response.writeHead(302, { location: '/x' }).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = createHttp({ env: {} });
  const response = await http.request(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(response).toMatchObject({ status: 302, headers: { location: '/x' } });
  response.body.resume();
  await http.close();
  server.close();
});

test('a file of certificates that is not there is named', async () => {
  const http = createHttp({ env: { SSL_CERT_FILE: '/nowhere/ca.pem' } });
  await expect(http.request('https://127.0.0.1:1/')).rejects.toThrow(/SSL_CERT_FILE .*\/nowhere\/ca\.pem/);
});
