// The built page: its addresses, its files and their caching, and that no path leads out of its folder.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../test/create-test-app.ts';

let folder: string;
let app: TestApp;
const script = `console.log(${JSON.stringify('x'.repeat(2000))})`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-page-'));
  const web = join(folder, 'web');
  await mkdir(join(web, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(web, 'index.html'), '<!doctype html><title>Atelier</title>');
  await writeFile(join(web, 'assets', 'app-1a2b.js'), script);
  await writeFile(join(web, 'assets', 'app-1a2b.js.br'), brotliCompressSync(script));
  await writeFile(join(web, 'assets', 'big-1.wasm'), new Uint8Array(600_000));
  app = await createTestApp({ webDir: web });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

test('every address of the page is its index, and asked for anew', async () => {
  for (const path of ['/', '/chat', '/chat/conv_1', '/models', '/monitor', '/monitor/abc', '/settings']) {
    const response = await app.request(path);
    expect(response.status, path).toBe(200);
    expect(await response.text(), path).toContain('<title>Atelier</title>');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
  }
  const first = await app.request('/');
  const again = await app.request('/', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('named files are kept for ever, and come compressed to who can read that', async () => {
  const plain = await app.request('/assets/app-1a2b.js');
  expect(await plain.text()).toBe(script);
  expect(plain.headers.get('cache-control')).toContain('immutable');
  expect(plain.headers.get('content-type')).toContain('text/javascript');
  const small = await app.request('/assets/app-1a2b.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect(small.headers.get('content-encoding')).toBe('br');
  expect((await small.arrayBuffer()).byteLength).toBeLessThan(script.length / 2);
  const big = await app.request('/assets/big-1.wasm');
  expect((await big.arrayBuffer()).byteLength).toBe(600_000);
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
  '//secret.txt',
  '/assets/%00',
])('%s leads nowhere', async (path) => {
  const response = await app.request(`http://localhost:4242${path}`);
  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain('secret\n');
});

test('an unknown address shows a person the page and tells a program', async () => {
  const person = await app.request('/nowhere', { headers: { accept: 'text/html' } });
  expect([person.status, person.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  const program = await app.request('/nowhere');
  expect([program.status, program.headers.get('content-type')]).toEqual([404, 'application/json']);
  const api = await app.request('/atelier/v1/nowhere', { headers: { accept: 'text/html' } });
  expect(api.headers.get('content-type')).toBe('application/json');
});

test('a page that is not built says so', async () => {
  const bare = await createTestApp();
  const response = await bare.request('/');
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('npm run build');
  await bare.close();
});
