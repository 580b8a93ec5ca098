// GET /openapi.json and its page at /docs: Swagger UI from our own files, without an inline script or a foreign host.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import { AtelierError } from '../../contracts/errors.ts';
import { openApiDocument } from '../openapi.ts';
import type { ApiEnv } from '../services.ts';

const files: Record<string, string> = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Atelier API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<noscript>This page needs JavaScript; the document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });
`;

/** The build puts the files into dist/docs; in a working copy they lie in node_modules. */
async function readPart(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const built = fileURLToPath(new URL('../../docs/', import.meta.url));
  try {
    return new Uint8Array(await readFile(join(built, name)));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  try {
    const installed = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    return new Uint8Array(await readFile(join(installed, name)));
  } catch (cause) {
    throw new AtelierError(
      'not_found',
      `The API page is not built (no ${name} in ${built}). Run npm run build; the document itself is at /openapi.json.`,
      { cause },
    );
  }
}

/** `documented` is the router whose routes are described. */
export function docsRoutes(documented: OpenAPIHono<ApiEnv>, version: string): Hono<ApiEnv> {
  let document: Record<string, unknown> | null = null;
  const app = new Hono<ApiEnv>();
  app.get('/openapi.json', (c) => {
    document ??= openApiDocument(documented, version);
    return c.json(document);
  });
  app.get('/docs', (c) => c.html(page));
  app.get('/docs/start.js', (c) => c.body(start, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  for (const [name, type] of Object.entries(files))
    app.get(`/docs/${name}`, async (c) =>
      c.body(await readPart(name), 200, { 'content-type': type, 'cache-control': 'max-age=86400' }),
    );
  return app;
}
