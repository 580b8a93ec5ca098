// Builds the page into dist/web; `vite --config src/interface/web/vite.config.ts` serves it beside a running program.
import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const program = process.env.ATELIER_URL ?? 'http://127.0.0.1:4242';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    outDir: resolve(import.meta.dirname, '../../../dist/web'),
    emptyOutDir: true,
    target: 'es2024',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The page reads the contracts for their types and a few plain functions: schemas that nobody calls are left out.
    rolldownOptions: { treeshake: { manualPureFunctions: ['z'] } },
  },
  server: {
    proxy: {
      '/atelier': program,
      '/health': program,
      '/v1': program,
      '/docs': program,
      '/openapi.json': program,
    },
  },
});
