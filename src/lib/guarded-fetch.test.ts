// What a guarded request may not reach, by any spelling, name, redirect or change of mind; and its limits. The servers
// are real; only the name service is the test's own.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { closedAddress } from './guard/addresses.ts';
import { matchesRule } from './guard/check-url.ts';
import type { Resolver } from './guard/guarded-connector.ts';
import { createGuardedFetch, type GuardedFetch, type GuardedFetchOptions } from './guarded-fetch.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(handler: Handler): Promise<{ server: Server; host: string; hits: string[] }> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.headers.host}${request.url}`);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}`, hits };
}

/** What must never be asked. */
let secret: Awaited<ReturnType<typeof listen>>;
/** Stands for the open internet: the person allowed it by hand. */
let site: Awaited<ReturnType<typeof listen>>;
let answer: Handler = (_request, response) => void response.end('hello');
beforeAll(async () => {
  secret = await listen((_request, response) => void response.end('secret'));
  site = await listen((request, response) => answer(request, response));
});
afterAll(() => {
  for (const { server } of [secret, site]) {
    server.closeAllConnections();
    server.close();
  }
});
let open: GuardedFetch[] = [];
beforeEach(() => {
  secret.hits.length = 0;
  site.hits.length = 0;
});
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const never: Resolver = async (host) => {
  throw new Error(`nobody should ask for ${host}`);
};
const guard = (more: GuardedFetchOptions = {}) => {
  const one = createGuardedFetch({ env: {}, resolve: never, ...more });
  open.push(one);
  return one;
};
const friendly = (more: GuardedFetchOptions = {}) => guard({ allow: [site.host], ...more });
const text = async (response: { bytes(): Promise<Uint8Array> }) =>
  new TextDecoder().decode(await response.bytes());
const redirectTo = (location: string, status = 302) => {
  answer = (request, response) => {
    if (request.url === '/start') response.writeHead(status, { location }).end();
    else response.end(JSON.stringify({ url: request.url, method: request.method, headers: request.headers }));
  };
};

const closedUrls = (port: string) => [
  `http://127.0.0.1:${port}/`,
  'http://127.0.0.1/',
  'http://127.1/',
  'http://127.255.255.254/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.0.0.1/',
  'http://0177.0.0.1/',
  'http://017700000001/',
  'http://127.0.0.1./',
  'http://１２７.０.０.１/',
  'http://127。0。0。1/',
  'http://0/',
  'http://0.0.0.0/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://100.100.100.200/latest/meta-data/',
  'http://169.254.169.254/latest/meta-data/',
  'http://169.254.170.2/v2/credentials',
  'http://168.63.129.16/',
  'http://192.0.0.192/',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://240.0.0.1/',
  'http://[::]/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[fe80::1]/',
  'http://[fc00::1]/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://[ff02::1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[64:ff9b:1::a9fe:a9fe]/',
  'http://[100::1]/',
  'http://[3fff::1]/',
  'http://localhost/',
  'http://LOCALHOST/',
  'http://localhost./',
  'http://a.localhost/',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://printer.local/',
  'http://router.lan/',
  'http://intranet/',
  'http://134744072/',
  'http://0x08080808/',
  'http://8.8.2056/',
  'http://example.com:22/',
  'http://example.com:6379/',
  'https://example.com:8443/',
  'http://example.com@127.0.0.1/',
  'http://user:pass@example.com/',
  'file:///etc/passwd',
  'ftp://example.com/',
  'gopher://example.com/',
  'data:text/html,hello',
  'javascript:alert(1)',
  'blob:http://example.com/x',
  '//example.com/',
  'http://',
  'example.com',
  '',
];

test('every closed address is refused, whatever its spelling, before any name is looked up', async () => {
  const one = guard();
  for (const url of closedUrls(secret.host.split(':')[1]!)) {
    const reached = await one.fetch(url).then(
      () => 'reached',
      (error: { code?: string; message: string }) => error.code ?? error.message,
    );
    expect(reached, url).toBe('address_refused');
  }
  expect(secret.hits).toEqual([]);
});

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '169.254.169.254',
  '100.64.0.1',
  '::1',
  '::ffff:127.0.0.1',
  'fd00:ec2::254',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  'fe80::1%eth0',
])('a public name that means %s is refused at the connection', async (address) => {
  const one = guard({ resolve: async () => [{ address, family: address.includes(':') ? 6 : 4 }] });
  await expect(one.fetch('http://innocent.example.com/')).rejects.toMatchObject({
    code: 'address_refused',
    data: { address },
  });
});

test('one closed address among open ones is enough to refuse', async () => {
  const resolve: Resolver = async () => [
    { address: '93.184.216.34', family: 4 },
    { address: '192.168.0.10', family: 4 },
  ];
  await expect(guard({ resolve }).fetch('http://mixed.example.com/')).rejects.toMatchObject({
    code: 'address_refused',
  });
});

test.each([
  '8.8.8.8',
  '93.184.216.34',
  '172.15.0.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '2a01:e0a::1',
])('%s is the open internet', (address) => {
  expect(closedAddress(address)).toBeNull();
});

test('DNS rebinding: the address that was checked is the one that is asked, and the next connection is checked anew', async () => {
  const [, port] = secret.host.split(':');
  const proxied: string[] = [];
  // The tunnel shows which address the guard asks for, and ends at a real server.
  const proxy = createServer();
  proxy.on('connect', (request: IncomingMessage, client: Socket) => {
    proxied.push(request.url ?? '');
    const [host, to] = site.host.split(':');
    const far = connect(Number(to), host!, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    far.pipe(client).pipe(far);
    far.on('error', () => client.destroy());
    client.on('error', () => far.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const env = { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  let asked = 0;
  const resolve: Resolver = async () => {
    asked++;
    return [{ address: asked === 1 ? '93.184.216.34' : '127.0.0.1', family: 4 }];
  };
  answer = (_request, response) => void response.setHeader('connection', 'close').end('hello');
  const one = guard({ resolve, env, ports: [80, Number(port)] });
  expect(await text(await one.fetch(`http://rebind.example.com:${port}/`))).toBe('hello');
  expect(proxied).toEqual([`93.184.216.34:${port}`]);
  expect(site.hits).toEqual([`GET rebind.example.com:${port}/`]);
  await expect(one.fetch(`http://rebind.example.com:${port}/`)).rejects.toMatchObject({
    code: 'address_refused',
  });
  expect(asked).toBe(2);
  expect(proxied).toHaveLength(1);
  expect(secret.hits).toEqual([]);
  proxy.closeAllConnections();
  proxy.close();
});

test('behind a proxy: closed hosts stay closed, unknown names need trust, and the proxy’s refusal is told', async () => {
  const seen: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request: IncomingMessage, client: Socket) => {
    seen.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
    client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = { HTTPS_PROXY: `http://me:p%40ss@${address}` };
  const unknown: Resolver = async () => {
    throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
  };
  await expect(guard({ env }).fetch('https://169.254.169.254/')).rejects.toMatchObject({
    code: 'address_refused',
  });
  const closed = guard({ env, resolve: async () => [{ address: '10.0.0.1', family: 4 }] });
  await expect(closed.fetch('https://inside.example.com/')).rejects.toMatchObject({
    code: 'address_refused',
  });
  await expect(guard({ env, resolve: unknown }).fetch('https://example.com/')).rejects.toThrow(
    'trusted with them',
  );
  expect(seen).toEqual([]);
  const trusting = guard({ env, resolve: unknown, proxyResolves: true });
  await expect(trusting.fetch('https://localhost/')).rejects.toMatchObject({ code: 'address_refused' });
  await expect(trusting.fetch('https://example.com/')).rejects.toThrow('answered 403');
  expect(seen).toEqual([`example.com:443 Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
  proxy.closeAllConnections();
  proxy.close();
});

test('an allowed host answers; its neighbours on the same machine do not', async () => {
  answer = (_request, response) => void response.end('hello');
  const one = friendly();
  const response = await one.fetch(`http://${site.host}/x`);
  expect(response).toMatchObject({ status: 200, url: `http://${site.host}/x`, redirects: [] });
  expect(await text(response)).toBe('hello');
  await expect(one.fetch(`http://${secret.host}/`)).rejects.toMatchObject({ code: 'address_refused' });
  await expect(one.fetch(`https://${site.host.replace(/:.*/, '')}/`)).rejects.toMatchObject({
    code: 'address_refused',
  });
});

test('every redirect is checked', async () => {
  const one = friendly();
  const port = secret.host.split(':')[1]!;
  for (const target of closedUrls(port).filter((url) => /^[a-z]+:/.test(url) && url !== 'http://')) {
    redirectTo(encodeURI(target).replaceAll('%5B', '[').replaceAll('%5D', ']'));
    const reached = await one.fetch(`http://${site.host}/start`).then(
      () => 'reached',
      (error: { code: string }) => error.code,
    );
    expect(reached, target).toBe('address_refused');
  }
  redirectTo(`//${secret.host}/`);
  await expect(one.fetch(`http://${site.host}/start`)).rejects.toMatchObject({ code: 'address_refused' });
  expect(secret.hits).toEqual([]);
});

test('redirects: a few are followed, without secrets to another origin, and a loop ends', async () => {
  const one = guard({
    allow: [site.host, `localhost:${site.host.split(':')[1]}`],
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  const headers = { authorization: 'Bearer x', cookie: 'a=b', 'x-mine': '1' };
  redirectTo('/next');
  const same = await one.fetch(`http://${site.host}/start`, { headers });
  expect(same.redirects).toEqual([`http://${site.host}/start`]);
  expect(JSON.parse(await text(same)).headers).toMatchObject(headers);

  redirectTo(`http://localhost:${site.host.split(':')[1]}/next`, 307);
  const other = JSON.parse(
    await text(await one.fetch(`http://${site.host}/start`, { headers, method: 'POST', body: 'x' })),
  );
  expect(other).toMatchObject({ method: 'POST', headers: { 'x-mine': '1' } });
  expect(other.headers).not.toHaveProperty('authorization');
  expect(other.headers).not.toHaveProperty('cookie');

  redirectTo('/next', 303);
  expect(
    JSON.parse(await text(await one.fetch(`http://${site.host}/start`, { method: 'POST', body: 'x' })))
      .method,
  ).toBe('GET');

  redirectTo('/start');
  await expect(one.fetch(`http://${site.host}/start`)).rejects.toThrow('redirected more than 5 times');
  expect((await one.fetch(`http://${site.host}/start`, { maxRedirects: 0 })).status).toBe(302);
});

test('a body ends at its limit: promised, streamed without end, or unpacked', async () => {
  const one = friendly();
  const large = { code: 'response_too_large' };
  answer = (_request, response) =>
    void response.writeHead(200, { 'content-length': '5000' }).end('x'.repeat(5000));
  await expect(one.fetch(`http://${site.host}/`, { maxBytes: 1000 })).rejects.toMatchObject(large);
  let closed = false;
  answer = (_request, response) => {
    const timer = setInterval(() => response.write('x'.repeat(400)), 5);
    response.on('close', () => {
      clearInterval(timer);
      closed = true;
    });
  };
  await expect((await one.fetch(`http://${site.host}/`, { maxBytes: 1000 })).bytes()).rejects.toMatchObject(
    large,
  );
  await expect.poll(() => closed).toBe(true);
  answer = (_request, response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000)));
  await expect(
    (await one.fetch(`http://${site.host}/`, { maxBytes: 100_000 })).bytes(),
  ).rejects.toMatchObject(large);
  answer = (_request, response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed'));
  expect(await text(await one.fetch(`http://${site.host}/`))).toBe('packed');
});

test('time: silence before the headers, a slow body, and the caller’s own stop', async () => {
  const one = friendly();
  answer = () => {};
  await expect(one.fetch(`http://${site.host}/`, { timeoutMs: 60 })).rejects.toMatchObject({
    code: 'timed_out',
  });
  answer = (_request, response) => void response.write('start');
  const slow = await one.fetch(`http://${site.host}/`, { timeoutMs: 150 });
  await expect(slow.bytes()).rejects.toMatchObject({ code: 'timed_out' });
  const stop = new AbortController();
  const stopped = one
    .fetch(`http://${site.host}/`, { signal: stop.signal })
    .then((response) => response.bytes());
  setTimeout(() => stop.abort(new Error('enough')), 30);
  await expect(stopped).rejects.toThrow('enough');
});

test('content types: what was not asked for is not read', async () => {
  const one = friendly();
  answer = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/zip' }).end('PK');
  const wanted = { contentTypes: ['text/*', 'application/json', '*+xml'] };
  await expect(one.fetch(`http://${site.host}/`, wanted)).rejects.toMatchObject({
    code: 'unsupported_media_type',
    data: { contentType: 'application/zip' },
  });
  for (const type of ['text/html; charset=utf-8', 'Application/JSON', 'application/atom+xml']) {
    answer = (_request, response) => void response.writeHead(200, { 'content-type': type }).end('ok');
    expect(await text(await one.fetch(`http://${site.host}/`, wanted))).toBe('ok');
  }
});

test('an allow-list names the only hosts; being on it opens no closed address', async () => {
  const one = guard({
    only: ['*.example.com', '10.0.0.1'],
    resolve: async () => [{ address: '10.0.0.9', family: 4 }],
  });
  await expect(one.fetch('http://example.org/')).rejects.toThrow(
    'only these hosts may be asked: *.example.com',
  );
  await expect(one.fetch('http://www.example.com/')).rejects.toThrow('10.0.0.9 is a private network');
  await expect(one.fetch('http://10.0.0.1/')).rejects.toThrow('a private network');
});

test.each([
  ['example.com', 'example.com', 443, true],
  ['example.com', 'www.example.com', 443, false],
  ['*.example.com', 'www.example.com', 443, true],
  ['*.example.com', 'example.com', 443, false],
  ['*.example.com', 'evilexample.com', 443, false],
  ['example.com:8080', 'example.com', 8080, true],
  ['example.com:8080', 'example.com', 80, false],
  ['[::1]:3000', '::1', 3000, true],
  ['::1', '::1', 80, true],
  ['', 'example.com', 80, false],
])('the rule %s for %s:%i is %s', (rule, host, port, expected) => {
  expect(matchesRule(rule, host, port)).toBe(expected);
});

test('an unreachable host says so', async () => {
  const gone = await listen(() => {});
  gone.server.close();
  await expect(guard({ allow: [gone.host] }).fetch(`http://${gone.host}/`)).rejects.toMatchObject({
    code: 'fetch_failed',
  });
});
