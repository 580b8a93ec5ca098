// Headers that keep an answer inert wherever it lands: no sniffing, no framing, no foreign scripts, no referrer.
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { isLoopback } from '../../lib/address-list.ts';
import type { ApiEnv } from '../services.ts';
import { withHeaders } from './early-headers.ts';

/** No inline script: what a model writes can never run. Styles are inline in KaTeX, Mermaid and Swagger UI. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const inert: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  // A route that says otherwise wins.
  'cache-control': 'no-store',
};

/** Elsewhere, over plain http, browsers ignore the header and write an error to the console of every page. */
function isTrustworthy(c: Context<ApiEnv>): boolean {
  if (c.get('connection').secure) return true;
  return isLoopback(new URL(c.req.url).hostname.replace(/^\[|\]$/g, ''));
}

export const securityHeaders = createMiddleware<ApiEnv>(async (c, next) => {
  await withHeaders(c, inert, next);
  // Pages and files are got; no other answer is HTML.
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return;
  if (c.res.headers.get('content-type')?.startsWith('text/html')) {
    // A stricter one of the route stays: what a person uploaded may be a page too.
    if (!c.res.headers.has('content-security-policy'))
      c.header('content-security-policy', contentSecurityPolicy);
    if (isTrustworthy(c)) c.header('cross-origin-opener-policy', 'same-origin');
  }
});
