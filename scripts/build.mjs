// Builds dist/: the program as JavaScript, its data files, the page and the API page. Skipped when nothing changed.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exclusively } from './exclusively.mjs';
import { dist, node24, root, tools } from './paths.mjs';
import { fail, run, stopWhenInterrupted } from './run.mjs';

const src = join(root, 'src');
const web = join(src, 'interface', 'web');
const stampFile = join(dist, '.build');

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

/** A hash of everything that dist/ is made from, of the program and of the page apart. */
function fingerprints() {
  const program = createHash('sha256');
  const page = createHash('sha256');
  for (const name of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) {
    const bytes = readFileSync(join(root, name));
    program.update(bytes);
    page.update(bytes);
  }
  for (const path of files(src)) {
    const bytes = readFileSync(path);
    const inWeb = path.startsWith(web);
    for (const hash of inWeb ? [page] : path.includes('contracts') ? [program, page] : [program])
      hash.update(relative(src, path)).update(bytes);
  }
  return { program: program.digest('hex'), page: page.digest('hex') };
}

async function step(title, args) {
  const result = await run(node24, args, { capture: true });
  stopWhenInterrupted(result);
  if (result.code !== 0) fail(`${title} failed:\n${result.output}`);
}

async function buildProgram() {
  for (const entry of existsSync(dist) ? readdirSync(dist) : [])
    if (entry !== 'web') rmSync(join(dist, entry), { recursive: true, force: true });
  await step('Compiling the program', [tools.tsc, '-p', 'tsconfig.build.json', '--noCheck']);
  for (const path of files(src)) {
    if (path.startsWith(web) || !/\.(json|sql)$/.test(path)) continue;
    const target = join(dist, relative(src, path));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target);
  }
  const swagger = join(root, 'node_modules', 'swagger-ui-dist');
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-16x16.png', 'favicon-32x32.png'])
    cpSync(join(swagger, name), join(dist, 'docs', name));
}

function built() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    // No dist yet, or one that was interrupted: build everything.
    return {};
  }
}

async function build() {
  const now = fingerprints();
  const before = built();
  if (before.program === now.program && before.page === now.page) return;
  const started = Date.now();
  process.stdout.write('Building ...\n');
  rmSync(stampFile, { force: true });
  if (before.program !== now.program) await buildProgram();
  if (before.page !== now.page)
    await step('Building the page', [
      tools.vite,
      'build',
      '--config',
      join(web, 'vite.config.ts'),
      '--logLevel',
      'warn',
    ]);
  mkdirSync(dist, { recursive: true });
  writeFileSync(stampFile, JSON.stringify(now));
  process.stdout.write(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`);
}

export async function ensureBuilt() {
  const now = fingerprints();
  const before = built();
  if (before.program !== now.program || before.page !== now.page) await exclusively('build', build);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await ensureBuilt();
