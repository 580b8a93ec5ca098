// A server that other machines reach: under which names, through which proxies, and over which wire, with real sockets.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp } from '../../test/create-test-app.ts';
import { type Accounts, openAccounts, PASSWORD } from '../../test/open-accounts.ts';
import type { Session, SessionInfo } from '../contracts/access.ts';
import { silentLog } from '../lib/log.ts';
import { type ReachConfig, reachOf } from './reach.ts';
import { type Listening, listen } from './serve.ts';
import { openTls } from './tls.ts';

describe('how a server is reached, by its configuration', () => {
  const tls = { cert: 'c', key: 'k' };
  test.each<[string, Partial<ReachConfig>, boolean, boolean]>([
    ['nothing said', {}, false, false],
    ['a number of this machine', { host: '127.0.0.2' }, false, false],
    ['a public address that is this machine', { publicUrls: ['http://localhost:8080'] }, false, false],
    ['every address', { host: '0.0.0.0' }, true, true],
    ['one address', { host: '192.168.1.5' }, true, true],
    ['every address, encrypted', { host: '::', tls }, true, false],
    ['a proxy on this machine that encrypts', { publicUrls: ['https://a.example'] }, true, false],
    ['a proxy that does not', { publicUrls: ['http://a.example'] }, true, true],
    ['both', { publicUrls: ['https://a.example', 'http://a.example'] }, true, true],
    [
      'a proxy elsewhere, which nobody named',
      { host: '0.0.0.0', publicUrls: ['https://a.example'] },
      true,
      true,
    ],
    [
      'a proxy elsewhere that was named',
      { host: '0.0.0.0', publicUrls: ['https://a.example'], trustProxy: ['10.0.0.1'] },
      true,
      false,
    ],
  ])('%s', (_, config, beyondLoopback, insecure) => {
    expect(reachOf({ host: null, port: 4242, ...config })).toMatchObject({ beyondLoopback, insecure });
  });
});

let accounts: Accounts;
const opened: Listening[] = [];
beforeAll(async () => {
  accounts = await openAccounts();
});
afterAll(async () => {
  for (const server of opened) await server.close(100);
  await accounts.close();
});

async function serve(config: Partial<ReachConfig>): Promise<Listening> {
  const server = await listen({ ...accounts.app.services, config: { host: null, port: 0, ...config } });
  opened.push(server);
  return server;
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

/** fetch() lets nobody choose the Host header. */
function ask(
  url: string,
  path: string,
  { headers = {}, body, method }: { headers?: Record<string, string>; body?: unknown; method?: string } = {},
): Promise<Answer> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(
      new URL(path, url),
      {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        rejectUnauthorized: false,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
const signIn = (url: string, headers: Record<string, string>) =>
  ask(url, '/atelier/v1/session', { headers, body: { email: 'alix@example.org', password: PASSWORD } });
/** The cookie of a sign-in, and whatever it came with. */
const cookieOf = ({ headers }: Answer) => headers['set-cookie']?.[0] ?? '';

test('without accounts nothing beyond this machine is listened to', async () => {
  const app = await createTestApp();
  try {
    for (const config of [{ host: '0.0.0.0' }, { host: null, publicUrls: ['https://a.example'] }])
      await expect(listen({ ...app.services, config: { port: 0, ...config } })).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('Add a person first: atelier users add'),
      });
  } finally {
    await app.close();
  }
});

test('accounts cannot be turned off while other machines connect', async () => {
  const { url } = await serve({ publicUrls: ['http://team.example'] }).then(({ localUrl }) => ({
    url: localUrl,
  }));
  const headers = { authorization: `Bearer ${accounts.admin.key}` };
  const refused = await ask(url, '/atelier/v1/accounts/off', { headers, body: { confirm: 'off' } });
  expect([refused.status, JSON.parse(refused.text)]).toMatchObject([409, { error: { code: 'conflict' } }]);
});

describe('names', () => {
  let server: Listening;
  beforeAll(async () => {
    server = await serve({
      host: '0.0.0.0',
      publicUrls: ['https://team.example', 'http://team.example:8080'],
    });
  });
  test.each<[string, Record<string, string>, number]>([
    ['a published name', { host: 'team.example' }, 200],
    ['with the usual port', { host: 'TEAM.example:443' }, 200],
    ['with its port', { host: 'team.example:8080' }, 200],
    ['with another port', { host: 'team.example:81' }, 403],
    ['a number with our port', { host: '192.168.7.7:PORT' }, 200],
    ['a number of the other family', { host: '[fd00::7]:PORT' }, 200],
    ['a number with another port', { host: '192.168.7.7:81' }, 403],
    ['another name', { host: 'evil.example:PORT' }, 403],
    ['a name that only begins like a number', { host: '192.168.7.7.evil.example:PORT' }, 403],
    ['its own page', { host: 'team.example', origin: 'https://team.example' }, 200],
    ['its own page behind a proxy with a Host of its own', { origin: 'https://team.example' }, 200],
    ['its page without encryption', { host: 'team.example', origin: 'http://team.example' }, 403],
    ['a foreign page', { host: 'team.example', origin: 'https://evil.example' }, 403],
    ['a page of a name below', { host: 'team.example', origin: 'https://x.team.example' }, 403],
  ])('%s', async (_, headers, status) => {
    const host = headers.host?.replace('PORT', String(server.port));
    const response = await ask(`http://127.0.0.1:${server.port}`, '/health', {
      headers: { ...headers, ...(host === undefined ? {} : { host }) },
    });
    expect(response.status, response.text).toBe(status);
  });

  test('under a name that is https the cookie is bound to it, and on this machine it is plain', async () => {
    const local = `http://127.0.0.1:${server.port}`;
    expect(cookieOf(await signIn(local, { host: 'team.example' }))).toMatch(/^__Host-.*Path=\/.*Secure/);
    expect(cookieOf(await signIn(local, {}))).toMatch(/^atelier_session_\d+=(?!.*Secure)/);
  });

  test('the page learns that others can connect', async () => {
    const { text } = await ask(`http://127.0.0.1:${server.port}`, '/atelier/v1/session');
    expect(JSON.parse(text) as SessionInfo).toMatchObject({
      beyondLoopback: true,
      insecure: true,
      user: null,
    });
  });
});

describe('what a proxy says', () => {
  const forwarded = { 'x-forwarded-for': '203.0.113.9, 10.9.9.9', 'x-forwarded-proto': 'https' };
  const seenAt = async (url: string, headers: Record<string, string>) => {
    const signedIn = await signIn(url, headers);
    const cookie = cookieOf(signedIn);
    const own = { cookie: cookie.split(';')[0] ?? '', ...headers };
    const { text } = await ask(url, '/atelier/v1/sessions', { headers: own });
    const { sessions } = JSON.parse(text) as { sessions: Session[] };
    return { address: sessions.find(({ current }) => current)?.address, secure: cookie.includes('Secure') };
  };

  test('counts from one that was named, from the right as far as it is trusted', async () => {
    const { localUrl } = await serve({ trustProxy: ['127.0.0.1', '::1', '10.0.0.0/8'] });
    expect(await seenAt(localUrl, forwarded)).toEqual({ address: '203.0.113.9', secure: true });
    const forged = { ...forwarded, 'x-forwarded-for': '127.0.0.1, 203.0.113.9, 10.9.9.9' };
    expect((await seenAt(localUrl, forged)).address).toBe('203.0.113.9');
  });

  test('is ignored from anybody else', async () => {
    const { localUrl } = await serve({ trustProxy: ['10.0.0.0/8'] });
    const seen = await seenAt(localUrl, forwarded);
    expect(seen.address).toMatch(/^(127\.0\.0\.1|::1)$/);
    expect(seen.secure).toBe(false);
  });
});

function makeCertificate({ cert, key }: { cert: string; key: string }, name: string): void {
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  spawnSync('openssl', [...made, '-keyout', key, '-out', cert, '-days', '2', '-subj', `/CN=${name}`]);
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenssl)('over https (needs openssl to make a certificate)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-tls-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  beforeAll(() => makeCertificate(files, 'team.example'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('others get https, and programs of this machine find it without the certificate', async () => {
    const { url, localUrl, port } = await serve({ host: '0.0.0.0', tls: files });
    expect(url).toBe(`https://localhost:${port}`);
    expect((await ask(url, '/health')).status).toBe(200);
    await expect(ask(`http://localhost:${port}`, '/health')).rejects.toThrow();
    expect(cookieOf(await signIn(url, {}))).toMatch(/^__Host-/);
    const { text } = await ask(url, '/atelier/v1/session');
    expect(JSON.parse(text)).toMatchObject({ beyondLoopback: true, insecure: false });

    expect(localUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const token = { 'x-atelier-machine': accounts.access.machineToken };
    expect((await ask(localUrl, '/atelier/v1/users', { headers: token })).status).toBe(200);
    expect((await ask(localUrl, '/atelier/v1/users')).status).toBe(401);
    expect(
      (await ask(localUrl, '/atelier/v1/users', { headers: { 'x-atelier-machine': 'guess' } })).status,
    ).toBe(401);
  });

  test('a renewed certificate is taken up while it runs', async () => {
    const renewed = { cert: join(folder, 'renewed.pem'), key: join(folder, 'renewed-key.pem') };
    copyFileSync(files.cert, renewed.cert);
    copyFileSync(files.key, renewed.key);
    const tls = await openTls(renewed, silentLog, 20);
    const server = tls.createServer((_, response) => response.end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const subject = () =>
      new Promise<unknown>((done, fail) => {
        const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
          done(socket.getPeerCertificate().subject.CN);
          socket.end();
        });
        socket.on('error', fail);
      });
    try {
      expect(await subject()).toBe('team.example');
      makeCertificate(renewed, 'renewed.example');
      await expect.poll(subject, { timeout: 5000 }).toBe('renewed.example');
    } finally {
      tls.close();
      server.close();
    }
  });

  test('files that are no certificate are named', async () => {
    await expect(serve({ tls: { ...files, cert: join(folder, 'none.pem') } })).rejects.toThrow('none.pem');
    await expect(serve({ tls: { cert: files.key, key: files.cert } })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('no certificate and key'),
    });
  });
});
