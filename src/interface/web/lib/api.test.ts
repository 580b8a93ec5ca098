import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, withQuery } from './api.ts';

let server: Server;
let base: string;
let seen: { method?: string; client?: string | string[]; body: string } = { body: '' };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen = { method: request.method!, client: request.headers['x-atelier-client']!, body };
      const [status, text] =
        request.url === '/fault'
          ? [
              409,
              JSON.stringify({
                error: { code: 'conflict', message: 'It exists.', data: { id: 1 }, retryable: false },
              }),
            ]
          : request.url === '/page'
            ? [502, '<html>']
            : request.url === '/none'
              ? [204, '']
              : [200, JSON.stringify({ url: request.url })];
      response.writeHead(Number(status));
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('sends JSON and says that the page is asking', async () => {
  await expect(
    api('/x', { base, method: 'POST', body: { a: 1 }, query: { q: 'é', none: '' } }),
  ).resolves.toEqual({
    url: '/x?q=%C3%A9',
  });
  expect(seen).toEqual({ method: 'POST', client: 'web', body: '{"a":1}' });
  await expect(api('/none', { base })).resolves.toBeUndefined();
});

test('an error keeps its code and data', async () => {
  await expect(api('/fault', { base })).rejects.toMatchObject({
    code: 'conflict',
    data: { id: 1 },
    message: 'It exists.',
  });
});

test('what is not JSON, and nobody at all, are errors with a code too', async () => {
  await expect(api('/page', { base })).rejects.toMatchObject({ code: 'internal' });
  await expect(api('/x', { base: 'http://127.0.0.1:1' })).rejects.toMatchObject({
    code: 'interrupted',
    retryable: true,
    data: { offline: true },
  });
});

test('empty values do not reach the address', () => {
  expect(withQuery('/t', { a: undefined, b: null, c: '', d: 0, e: false })).toBe('/t?d=0&e=false');
});
