// Where things lie in a checkout. Plain JavaScript for any Node from 18, as everything in this folder.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const dist = join(root, 'dist');
export const cache = join(root, '.cache');
const windows = process.platform === 'win32';

/** The Node 24 that the package `node` brings; every part of the program runs on it. */
export const node24 = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/** A command of an installed package: its JavaScript entry, to be run with `node24`. */
export const tools = {
  tsc: join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
  vite: join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
  vitest: join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  biome: join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  knip: join(root, 'node_modules', 'knip', 'bin', 'knip.js'),
};
