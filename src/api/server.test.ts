// The server from outside: who may call it, what it refuses and in which shape. Tables of request to answer.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../test/create-test-app.ts';
import { MAX_BODY_BYTES } from './middleware/read-body.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const chat = (content: string) => ({ model: 'scripted/echo', messages: [{ role: 'user', content }] });

describe('which Host and Origin may call', () => {
  const own = 'http://localhost:4242';
  test.each<[string, Record<string, string>, number, string?]>([
    ['a program', {}, 200],
    ['the page itself', { host: 'localhost:4242', origin: own, 'sec-fetch-site': 'same-origin' }, 200],
    ['the page by number', { host: '127.0.0.1:4242', origin: 'http://127.0.0.1:4242' }, 200],
    ['the page by IPv6', { host: '[::1]:4242', origin: 'http://[::1]:4242' }, 200],
    ['a Host in capitals', { host: 'LOCALHOST:4242' }, 200],
    ['an address typed by hand', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, 200],
    ['a link from elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 200],
    ['a rebound name', { host: 'rebind.example:4242' }, 403, 'host_not_allowed'],
    [
      'a rebound name that is its own origin',
      { host: 'a.example:4242', origin: 'http://a.example:4242' },
      403,
      'host_not_allowed',
    ],
    ['a name that only begins like ours', { host: 'localhost.evil.example:4242' }, 403, 'host_not_allowed'],
    ['another port', { host: 'localhost:1' }, 403, 'host_not_allowed'],
    ['no port', { host: 'localhost' }, 403, 'host_not_allowed'],
    ['a foreign page', { origin: 'https://evil.example' }, 403, 'origin_not_allowed'],
    [
      'a page on another port of this machine',
      { origin: 'http://localhost:3000' },
      403,
      'origin_not_allowed',
    ],
    ['a sandboxed frame or a file', { origin: 'null' }, 403, 'origin_not_allowed'],
    [
      'an image on a foreign page',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      403,
      'origin_not_allowed',
    ],
    [
      'a script of another port',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
      403,
      'origin_not_allowed',
    ],
  ])('%s', async (_name, headers, status, code) => {
    const response = await app.request('/health', { headers });
    expect(response.status).toBe(status);
    if (code) expect(await response.json()).toMatchObject({ error: { code, retryable: false } });
  });

  test('a form that a foreign page posts is refused, and left nothing', async () => {
    const response = await app.request('/v1/chat/completions', {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'text/plain', 'sec-fetch-mode': 'navigate' },
      body: JSON.stringify(chat('hi')),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      error: { type: 'permission_error', code: 'origin_not_allowed' },
    });
    await app.services.ledger.flush();
    const { traces } = await app.services.ledger.listTraces({ limit: 10 }, null);
    expect(traces).toEqual([]);
  });

  test('a preflight is never answered with leave to call', async () => {
    const response = await app.request('/v1/chat/completions', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('what every answer carries', () => {
  test('a request id: the given one when it is fit, else a new one', async () => {
    const given = await app.request('/health', { headers: { 'x-request-id': 'abc-123' } });
    expect(given.headers.get('x-request-id')).toBe('abc-123');
    const odd = await app.request('/nowhere', { headers: { 'x-request-id': 'a b\tc' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^req_/);
  });

  test('headers that keep it inert', async () => {
    for (const path of ['/health', '/docs', '/nowhere']) {
      const { headers } = await app.request(path);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
    }
    const policy = (await app.request('/docs')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(/script-src [^;]*/.exec(policy)?.[0]).not.toMatch(/unsafe-inline|unsafe-eval'? |https?:|\*/);
  });
});

describe('what is refused, and in which shape', () => {
  const json = { 'content-type': 'application/json' };
  test.each<[string, string, RequestInit, number, string]>([
    ['an unknown address', '/atelier/v1/nothing', {}, 404, 'not_found'],
    ['an unknown method', '/atelier/v1/settings', { method: 'DELETE' }, 405, 'invalid_request'],
    [
      'JSON cut in half',
      '/atelier/v1/settings',
      { method: 'PATCH', headers: json, body: '{"theme": ' },
      400,
      'invalid_request',
    ],
    [
      'broken UTF-8',
      '/atelier/v1/settings',
      { method: 'PATCH', headers: json, body: new Uint8Array([0x7b, 0xff, 0x7d]) },
      400,
      'invalid_request',
    ],
    [
      'a wrong value',
      '/atelier/v1/settings',
      { method: 'PATCH', headers: json, body: '{"theme":"pink"}' },
      400,
      'invalid_request',
    ],
    [
      'a field that there is not',
      '/atelier/v1/settings',
      { method: 'PATCH', headers: json, body: '{"colour":"red"}' },
      400,
      'invalid_request',
    ],
    [
      'a form',
      '/atelier/v1/settings',
      { method: 'PATCH', headers: { 'content-type': 'text/plain' }, body: '{}' },
      415,
      'unsupported_media_type',
    ],
    [
      'no content type',
      '/atelier/v1/settings',
      { method: 'PATCH', body: new Uint8Array([0x7b, 0x7d]) },
      415,
      'unsupported_media_type',
    ],
    ['NUL in an id', '/atelier/v1/traces/a%00b', {}, 400, 'invalid_request'],
    ['an unknown id', '/atelier/v1/traces/%F0%9F%A6%99%20%2F..%2F', {}, 404, 'not_found'],
    ['broken escapes in an id', '/atelier/v1/traces/%E0%A4%A', {}, 404, 'not_found'],
    ['an id of a kilobyte', `/atelier/v1/traces/${'a'.repeat(1024)}`, {}, 400, 'invalid_request'],
    ['a limit of zero', '/atelier/v1/traces?limit=0', {}, 400, 'invalid_request'],
  ])('%s', async (_name, path, init, status, code) => {
    const response = await app.request(path, init);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ code });
    expect(Object.keys(error).sort()).toEqual(['code', 'data', 'message', 'retryable']);
  });

  test.each<[string, string, RequestInit, number, string]>([
    ['an unknown address', '/v1/nothing', {}, 404, 'not_found'],
    ['an unknown method', '/v1/chat/completions', {}, 405, 'invalid_request'],
    [
      'JSON cut in half',
      '/v1/chat/completions',
      { method: 'POST', headers: json, body: '{' },
      400,
      'invalid_request',
    ],
    [
      'broken UTF-8',
      '/v1/chat/completions',
      { method: 'POST', headers: json, body: new Uint8Array([0xc3, 0x28]) },
      400,
      'invalid_request',
    ],
    ['an unknown model', '/v1/models/a%2F%00', {}, 400, 'invalid_request'],
    ['a foreign Host', '/v1/models', { headers: { host: 'evil.example' } }, 403, 'host_not_allowed'],
  ])('in the shape of OpenAI: %s', async (_name, path, init, status, code) => {
    const response = await app.request(path, init);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'type']);
    expect(error.code).toBe(code);
  });

  test('a field is named by its path', async () => {
    const response = await app.send('/v1/chat/completions', {
      ...chat('hi'),
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'user', content: [{ type: 'text', text: 7 }] },
      ],
    });
    expect(await response.json()).toMatchObject({ error: { param: 'messages[1].content[0].text' } });
  });

  test('405 and OPTIONS name the methods', async () => {
    expect((await app.request('/v1/chat/completions')).headers.get('allow')).toBe('OPTIONS, POST');
    const options = await app.request('/atelier/v1/models/local%2Fx', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'OPTIONS, DELETE']);
    const head = await app.request('/health', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describe('the size of a body', () => {
  test('a message of 1 MB is answered', async () => {
    const message = 'é'.repeat(500_000);
    const response = await app.send('/v1/chat/completions', chat(message));
    expect(response.status).toBe(200);
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    expect(choices[0]?.message.content.startsWith('éé')).toBe(true);
  });

  test('33 MB are refused, stated or not', async () => {
    const big = new Uint8Array(MAX_BODY_BYTES + 1024 * 1024).fill(0x20);
    const headers = { 'content-type': 'application/json' };
    const stated = await app.request('/v1/chat/completions', {
      method: 'POST',
      headers: { ...headers, 'content-length': String(big.byteLength) },
      body: big,
    });
    expect(stated.status).toBe(413);
    const chunked = await app.request('/atelier/v1/settings', {
      method: 'PATCH',
      headers,
      body: new Blob([big]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
    expect(await chunked.json()).toMatchObject({
      error: { code: 'payload_too_large', data: { limitBytes: MAX_BODY_BYTES } },
    });
  });
});

describe('our own routes', () => {
  test('health is up from the start, and says that no model can answer', async () => {
    expect(await (await app.request('/health')).json()).toMatchObject({
      status: 'ok',
      ready: false,
      store: 'sqlite',
      firstRun: { state: 'none' },
    });
  });

  test('settings are read and changed', async () => {
    const changed = await app.send('/atelier/v1/settings', { theme: 'dark' }, { method: 'PATCH' });
    expect(await changed.json()).toMatchObject({ theme: 'dark', language: 'auto' });
    expect(await (await app.request('/atelier/v1/settings')).json()).toMatchObject({ theme: 'dark' });
  });

  test('models, aliases and prices', async () => {
    const before = (await (await app.request('/atelier/v1/models')).json()) as {
      models: { id: string }[];
      default: unknown;
    };
    expect(before.models.map((model) => model.id)).toContain('scripted/script');
    expect(before.default).toBeNull();
    const put = await app.send('/atelier/v1/aliases/default', { model: 'scripted/echo' }, { method: 'PUT' });
    expect(await put.json()).toMatchObject({
      aliases: { default: 'scripted/echo' },
      routes: [{ alias: 'default', model: 'scripted/echo', fallbacks: [], cache: false }],
    });
    expect(await (await app.request('/atelier/v1/models')).json()).toMatchObject({
      default: 'scripted/echo',
    });
    const answer = await app.send('/v1/chat/completions', { ...chat('hi'), model: 'default' });
    expect(await answer.json()).toMatchObject({
      model: 'scripted/echo',
      choices: [{ message: { content: 'hi' } }],
    });
    const price = {
      kind: 'tokens',
      input: 1_000_000_000,
      output: 2_000_000_000,
      cacheRead: null,
      cacheWrite: null,
      source: 'entered by hand',
      date: '2026-11-21',
    };
    expect(
      (await app.send('/atelier/v1/prices', { model: 'scripted/echo', price }, { method: 'PUT' })).status,
    ).toBe(204);
    const removed = await app.request('/atelier/v1/aliases/default', { method: 'DELETE' });
    expect(await removed.json()).toEqual({ aliases: {}, routes: [] });
    const remote = await app.request('/atelier/v1/models/scripted/echo', { method: 'DELETE' });
    expect(remote.status).toBe(400);
  });

  test('a call through the wire is a trace in the list, alone, and in the export', async () => {
    const headers = { 'x-atelier-client': 'cli' };
    const answer = await app.send('/v1/chat/completions', chat('count me'), { headers });
    const traceId = answer.headers.get('x-atelier-trace-id');
    await app.services.ledger.flush();
    const list = (await (await app.request('/atelier/v1/traces?source=cli&limit=5')).json()) as {
      traces: { traceId: string }[];
    };
    expect(list.traces.map((trace) => trace.traceId)).toEqual([traceId]);
    expect(await (await app.request(`/atelier/v1/traces/${traceId}`)).json()).toMatchObject({
      summary: { traceId },
    });
    const lines = await app.request('/atelier/v1/traces/export?source=cli');
    expect(lines.headers.get('content-type')).toContain('application/x-ndjson');
    const rows = (await lines.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(rows).toHaveLength(1);
  });
});

describe('the documentation', () => {
  test('describes every route with named schemas and no leftovers of the router', async () => {
    const document = (await (await app.request('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/health',
        '/v1/chat/completions',
        '/v1/models/{id}',
        '/atelier/v1/conversations/{id}/messages',
      ]),
    );
    expect(Object.keys(document.paths).filter((path) => path.includes('+'))).toEqual([]);
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(document.components.schemas, name).toHaveProperty(name!);
    expect(JSON.stringify(document.paths['/atelier/v1/conversations/{id}'])).toContain(
      '#/components/schemas/Message',
    );
  });

  test('its page comes with its own script and style', async () => {
    const page = await (await app.request('/docs')).text();
    const parts = [...page.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map((match) => match[1]!);
    expect(parts.length).toBeGreaterThanOrEqual(4);
    for (const part of parts) expect((await app.request(part)).status, part).toBe(200);
    expect(page).not.toMatch(/<script>|https?:\/\//);
  });
});
