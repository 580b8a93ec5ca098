// Where the header that keeps a page's window to itself is sent: only where browsers heed it.
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { ApiEnv } from '../services.ts';
import { securityHeaders } from './security-headers.ts';

test.each([
  ['http://localhost:4242/', false, 'same-origin'],
  ['http://127.0.0.1:4242/', false, 'same-origin'],
  ['http://[::1]:4242/', false, 'same-origin'],
  ['http://192.168.1.20:4242/', false, null],
  ['http://atelier.example/', false, null],
  // A proxy before it ends the encryption.
  ['http://atelier.example/', true, 'same-origin'],
])('a page at %s, encrypted: %s, has the opener policy %s', async (url, secure, policy) => {
  const app = new Hono<ApiEnv>();
  app.use(securityHeaders, async (c, next) => {
    c.set('connection', { address: '192.168.1.30', secure, port: 4242 });
    await next();
  });
  app.get('/', (c) => c.html('<p>Atelier</p>'));
  const { headers } = await app.request(url);
  expect(headers.get('cross-origin-opener-policy')).toBe(policy);
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});
