// Borders: an arrow in the flow is an import arrow. The table is data; a breach fails with a sentence.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

const beneath = ['contracts', 'lib', 'store', 'jobs', 'monitoring', 'models', 'retrieval'];

/** Folder (longest prefix wins) -> folders of ours that it may import. A folder may always import itself. */
const allowed: Record<string, readonly string[]> = {
  contracts: [],
  lib: [],
  'config.ts': ['contracts', 'lib'],
  store: ['contracts', 'lib'],
  jobs: ['contracts', 'lib', 'store'],
  monitoring: ['contracts', 'lib', 'store', 'jobs'],
  access: ['contracts', 'lib', 'store', 'jobs'],
  models: ['contracts', 'lib', 'store', 'jobs', 'monitoring'],
  retrieval: ['contracts', 'lib', 'store', 'jobs', 'monitoring'],
  tools: ['contracts', 'lib', 'store', 'jobs', 'monitoring'],
  agent: ['contracts', 'lib', 'store', 'jobs', 'monitoring', 'models', 'retrieval', 'tools'],
  apps: ['contracts', 'lib', 'store', 'jobs', 'monitoring', 'models', 'retrieval', 'tools', 'agent'],
  numerics: ['lib'],
  safety: ['contracts', 'lib', 'store', 'jobs'],
  learning: [
    ...beneath,
    'agent',
    'apps',
    'safety',
    'learning/datasets',
    'learning/classifier',
    'learning/training',
    'learning/evaluation',
    'learning/serving',
  ],
  'learning/datasets': [...beneath, 'apps', 'safety'],
  'learning/classifier': [...beneath, 'apps', 'learning/datasets'],
  'learning/training': [...beneath, 'apps', 'numerics', 'learning/datasets', 'learning/serving'],
  // Never training: what judges a model must not know how it was made.
  'learning/evaluation': [...beneath, 'agent', 'apps', 'safety', 'learning/datasets', 'learning/classifier'],
  'learning/serving': [
    ...beneath,
    'apps',
    'type:numerics',
    'type:learning/training',
    'learning/datasets',
    'learning/evaluation',
  ],
  'public.ts': ['contracts', 'lib', 'tools', 'apps'],
  'app.ts': [
    'contracts',
    'lib',
    'config.ts',
    'store',
    'jobs',
    'monitoring',
    'access',
    'models',
    'retrieval',
    'tools',
    'agent',
    'apps',
    'safety',
    'learning',
    'learning/datasets',
    'learning/classifier',
    'learning/training',
    'learning/evaluation',
    'learning/serving',
  ],
  api: [
    'contracts',
    'lib',
    'config.ts',
    'store',
    'jobs',
    'monitoring',
    'access',
    'models',
    'retrieval',
    'tools',
    'agent',
    'apps',
    'learning',
    'learning/datasets',
    'learning/classifier',
    'learning/training',
    'learning/evaluation',
    'learning/serving',
    'type:app.ts',
  ],
  'interface/cli': ['contracts', 'lib', 'config.ts', 'app.ts', 'api', 'type:jobs', 'type:models'],
  'interface/web': ['contracts', 'type:api'],
};

/** Packages that only one part may import: the border round a heavy or a chosen library. */
const packageHomes: Record<string, readonly string[]> = {
  'node-llama-cpp': ['models/local'],
  pg: ['store'],
  'pdfjs-dist': ['retrieval', 'interface/web'],
  htmlparser2: ['lib', 'retrieval'],
  marked: ['retrieval'],
  'postal-mime': ['retrieval'],
  kysely: [
    'store',
    'jobs',
    'monitoring',
    'access',
    'models',
    'retrieval',
    'tools',
    'agent',
    'apps',
    'learning',
  ],
  'onnxruntime-node': ['numerics'],
  usearch: ['retrieval'],
  'snowball-stemmers': ['retrieval'],
  react: ['interface/web'],
  hono: ['api', 'interface/cli'],
  ai: ['models', 'agent', 'apps', 'learning'],
  '@modelcontextprotocol/client': ['tools/mcp'],
  'quickjs-emscripten-core': ['tools/sandbox'],
  '@jitl/quickjs-wasmfile-release-sync': ['tools/sandbox'],
};

/** Contracts are safe in a browser: zod and the provider's types, nothing else. */
const contractPackages = ['zod', '@ai-sdk/provider'];

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') yield* sources(path);
    } else if (/\.(ts|tsx)$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name)) yield path;
  }
}

interface Import {
  specifier: string;
  typeOnly: boolean;
}

/** Static imports, re-exports and dynamic imports of a file, read as text (TypeScript 7 exports no compiler API). */
function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  for (const match of code.matchAll(
    /\b(import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]/g,
  )) {
    found.push({ specifier: match[3]!, typeOnly: Boolean(match[2]) });
  }
  for (const match of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g))
    found.push({ specifier: match[1]!, typeOnly: false });
  return found;
}

const rows = Object.keys(allowed).sort((a, b) => b.length - a.length);
function folderOf(path: string): string | undefined {
  const inside = relative(src, path).replaceAll('\\', '/');
  return rows.find((row) => inside === row || inside.startsWith(`${row}/`));
}

describe('the borders of the tree', () => {
  const files = [...sources(src)];

  test('every source file lies in a folder of the table', () => {
    const strangers = files
      .filter((file) => folderOf(file) === undefined)
      .map((file) => relative(root, file));
    expect(
      strangers,
      'these files lie in no folder of the import table in test/architecture.test.ts',
    ).toEqual([]);
  });

  test('imports follow the arrows', () => {
    const breaches: string[] = [];
    for (const file of files) {
      const from = folderOf(file);
      if (from === undefined) continue;
      const row = allowed[from] ?? [];
      for (const { specifier, typeOnly } of importsOf(readFileSync(file, 'utf8'))) {
        const name = relative(root, file);
        if (specifier.startsWith('.')) {
          const to = folderOf(resolve(dirname(file), specifier));
          if (to === undefined || to === from) continue;
          if (row.includes(to) || (typeOnly && row.includes(`type:${to}`))) continue;
          breaches.push(
            `${name} imports ${specifier}: the arrow ${from} -> ${to} is not in the row of ${from} (${row.join(', ') || 'nothing'}).`,
          );
          continue;
        }
        const bare = specifier.startsWith('@')
          ? specifier.split('/').slice(0, 2).join('/')
          : (specifier.split('/')[0] ?? '');
        if (from === 'contracts' && !contractPackages.includes(bare))
          breaches.push(
            `${name} imports ${specifier}: contracts may import only ${contractPackages.join(' and ')}.`,
          );
        const homes = packageHomes[bare];
        if (
          homes &&
          !typeOnly &&
          !homes.some(
            (home) => from === home || relative(src, file).replaceAll('\\', '/').startsWith(`${home}/`),
          )
        ) {
          breaches.push(`${name} imports ${specifier}: the package ${bare} belongs to ${homes.join(', ')}.`);
        }
      }
    }
    expect(breaches, breaches.join('\n')).toEqual([]);
  });

  test('features of the page do not import each other', () => {
    const breaches: string[] = [];
    const features = join(src, 'interface/web/features');
    for (const file of files.filter((path) => path.startsWith(features))) {
      const own = relative(features, file).split(/[\\/]/)[0];
      for (const { specifier } of importsOf(readFileSync(file, 'utf8'))) {
        if (!specifier.startsWith('.')) continue;
        const target = resolve(dirname(file), specifier);
        if (!target.startsWith(features)) continue;
        const other = relative(features, target).split(/[\\/]/)[0];
        if (other !== own)
          breaches.push(
            `${relative(root, file)} imports ${specifier}: the feature ${own} may not import the feature ${other}.`,
          );
      }
    }
    expect(breaches, breaches.join('\n')).toEqual([]);
  });
});
