// What npm does with a clone: `npm start` without a network, and what `npm pack` would publish.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'atelier-npm-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** The machine's own Node and npm, not those of this checkout. */
const env = {
  ...process.env,
  HOME: folder,
  npm_config_cache: join(folder, 'npm-cache'),
  PATH: (process.env.PATH ?? '')
    .split(':')
    .filter((entry) => !entry.includes('node_modules'))
    .join(':'),
};

test('without a package registry a fresh clone says what to do, and soon', () => {
  const clone = join(folder, 'clone');
  execFileSync('git', ['clone', '--quiet', root, clone]);
  const began = performance.now();
  // Nothing listens on the port of the discard service.
  const { status, stderr } = spawnSync('npm', ['start', '--silent', '--', '--no-open', '--data', folder], {
    cwd: clone,
    encoding: 'utf8',
    env: { ...env, npm_config_registry: 'http://127.0.0.1:9/' },
  });
  expect(status).toBe(1);
  expect(stderr.trim()).toBe(
    'The package registry http://127.0.0.1:9/ cannot be reached (ECONNREFUSED). Check the network and its proxy, or name a mirror with `npm config set registry URL`, then run the command again: what was fetched is kept.',
  );
  expect(performance.now() - began).toBeLessThan(30_000);
  expect(existsSync(join(clone, 'node_modules'))).toBe(false);
});

test('the package holds the program, its page, its recipes and its papers, and nothing else', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    env,
    maxBuffer: 1e8,
  });
  const listed = JSON.parse(packed) as unknown;
  // npm 12 names the package, earlier ones give a list.
  const [report] = Object.values(listed as Record<string, { files: { path: string }[] }>);
  const paths = report?.files.map(({ path }) => path) ?? [];
  for (const path of [
    'bin/atelier.mjs',
    'dist/interface/cli/main.js',
    'dist/web/index.html',
    'dist/models/catalogue.json',
    'LICENSE',
    'README.md',
    'README.fr.md',
    'recipes/sft-from-file.yaml',
  ])
    expect(paths).toContain(path);
  expect(
    paths.filter((path) => !/^(bin|dist|recipes)\/|^(LICENSE|README(\.fr)?\.md|package\.json)$/.test(path)),
  ).toEqual([]);
  expect(paths.filter((path) => /\.tsx?$|\.map$|\.test\.|fixtures|\.build$/.test(path))).toEqual([]);
});
