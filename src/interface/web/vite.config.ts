// Builds the page into dist/web, each file also compressed; `vite --config src/interface/web/vite.config.ts` serves it
// beside a running program.
import { cpSync, createReadStream, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, normalize, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type ProxyOptions } from 'vite';

const program = process.env.ATELIER_URL ?? 'http://127.0.0.1:4242';
/**
 * The program takes calls of its own pages alone. What this server's page sends becomes such a call; what a page of
 * another site sends keeps its origin and is refused.
 */
const besideProgram: ProxyOptions = {
  target: program,
  changeOrigin: true,
  configure(proxy) {
    proxy.on('proxyReq', (outgoing, incoming) => {
      if (incoming.headers.origin === `http://${incoming.headers.host}`)
        outgoing.setHeader('origin', new URL(program).origin);
    });
  },
};
const outDir = resolve(import.meta.dirname, '../../../dist/web');

/** Writes file.br and file.gz beside each text, so that the server never compresses while a person waits. */
const compressed = (): Plugin => ({
  name: 'atelier:compressed',
  apply: 'build',
  closeBundle() {
    for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(m?js|css|html|svg|json)$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      if (bytes.length < 1024) continue;
      // Quality 5: most of the gain for a second of work; the page is built on the user's own machine.
      writeFileSync(
        `${path}.br`,
        brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
      );
      writeFileSync(`${path}.gz`, gzipSync(bytes));
    }
  },
});

/**
 * What pdf.js fetches when a document asks for it: maps of characters, the standard fonts, decoders of pictures.
 * They lie under /pdfjs, copied by a build and read from the package by the development server.
 */
const pdfData = (): Plugin => {
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  return {
    name: 'atelier:pdf-data',
    configureServer(server) {
      server.middlewares.use('/pdfjs', (request, response, next) => {
        const path = join(folder, normalize(decodeURIComponent((request.url ?? '').split('?')[0] ?? '')));
        if (existsSync(path)) createReadStream(path).pipe(response);
        else next();
      });
    },
    writeBundle() {
      for (const name of ['cmaps', 'standard_fonts', 'wasm'])
        cpSync(join(folder, name), join(outDir, 'pdfjs', name), { recursive: true });
    },
  };
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), pdfData(), compressed()],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2024',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Grammars and diagram kinds are large and come one by one, when an answer holds one.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        // A file an icon costs more in headers than in drawing: all of them are one.
        codeSplitting: { groups: [{ name: 'icons', test: /lucide-react/ }] },
      },
    },
  },
  server: {
    proxy: {
      '/atelier': besideProgram,
      '/health': besideProgram,
      '/v1': besideProgram,
      '/docs': besideProgram,
      '/openapi.json': besideProgram,
    },
  },
});
