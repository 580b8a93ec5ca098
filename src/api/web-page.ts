// Serves the built page. Files are looked up in a list of what the build wrote, so that no path can lead out of it.
import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import type { ApiEnv } from './services.ts';

/** Addresses that the page draws itself. */
export const pageAddresses = [
  '/',
  '/chat',
  '/chat/:id',
  '/apps',
  '/apps/:name',
  '/knowledge',
  '/knowledge/:id',
  '/knowledge/:id/:documentId',
  '/agents',
  '/agents/:name',
  '/agents/runs/:runId',
  '/models',
  '/playground',
  '/monitor',
  '/monitor/:traceId',
  '/improve',
  '/improve/prompts',
  '/improve/prompts/:name',
  '/improve/datasets',
  '/improve/datasets/:id',
  '/improve/classifiers',
  '/improve/classifiers/:name',
  '/improve/training',
  '/improve/training/new',
  '/improve/training/:id',
  '/improve/evaluations',
  '/improve/evaluations/new',
  '/improve/evaluations/:id',
  '/settings',
];

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

interface Listing {
  /** `/assets/app.js` to its path on disk. */
  files: ReadonlyMap<string, string>;
  readAt: number;
}

async function listFiles(webDir: string): Promise<Listing> {
  let entries: Dirent[] = [];
  try {
    entries = await readdir(webDir, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const files = new Map<string, string>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(webDir, path).split(sep).join('/')}`, path);
  }
  return { files, readAt: Date.now() };
}

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Atelier</title></head>
<body><p>The page is not built yet. Run <code>npm run build</code> in the program's folder and reload. The API is up: see <a href="/docs">/docs</a>.</p></body></html>
`;

export function webPage(webDir: string): Hono<ApiEnv> {
  let listing: Promise<Listing> | null = null;

  /** A miss reads the folder again, at most once a second, so that a new build is seen without a restart. */
  async function find(path: string): Promise<Listing> {
    listing ??= listFiles(webDir);
    try {
      const known = await listing;
      if (!known.files.has(path) && Date.now() - known.readAt > 1000) listing = listFiles(webDir);
      return await listing;
    } catch (error) {
      // The next request looks again.
      listing = null;
      throw error;
    }
  }

  async function send(c: Context<ApiEnv>, path: string, status: 200 | 404 = 200): Promise<Response | null> {
    const { files } = await find(path);
    const plain = files.get(path);
    if (plain === undefined) return null;
    const accepted = c.req.header('accept-encoding') ?? '';
    const encoding = encodings.find(
      ([name, extension]) => accepted.includes(name) && files.has(path + extension),
    );
    const file = (encoding && files.get(path + encoding[1])) ?? plain;
    const info = await stat(file);
    // Vite names what lies in assets/ after its content.
    const hashed = path.startsWith('/assets/');
    const etag = `"${createHash('sha256').update(`${file}\0${info.size}\0${info.mtimeMs}`).digest('hex').slice(0, 20)}"`;
    const headers = {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag,
      vary: 'accept-encoding',
      ...(encoding ? { 'content-encoding': encoding[0] } : {}),
    };
    if (status === 200 && c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
    if (info.size <= 256 * 1024) return c.body(new Uint8Array(await readFile(file)), status, headers);
    const stream = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
    return c.body(stream, status, { ...headers, 'content-length': String(info.size) });
  }

  const app = new Hono<ApiEnv>();
  for (const page of pageAddresses)
    app.get(
      page,
      async (c) => (await send(c, '/index.html')) ?? c.html(notBuilt, 503, { 'retry-after': '5' }),
    );
  app.get('*', async (c, next) => {
    const file = c.req.path.endsWith('/index.html') ? null : await send(c, c.req.path);
    if (file !== null) return file;
    // An address that nobody knows: a person gets the page's own "not found", a program the JSON below.
    const person = c.req.header('accept')?.includes('text/html') && !isApiPath(c.req.path);
    return (person ? await send(c, '/index.html', 404) : null) ?? next();
  });
  return app;
}

/** Where programs call: nothing there is ever answered with the page. */
function isApiPath(path: string): boolean {
  return /^\/(v1|api|atelier|serve)(\/|$)/.test(path);
}
