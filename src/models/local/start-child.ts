// Starts a program of this folder as a child process: beside the server, because it loads llama.cpp.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Native code that reads a stranger's file has no business with the server's secrets. */
const noSecrets = { ATELIER_SECRET: undefined, DATABASE_URL: undefined, HF_TOKEN: undefined };

/**
 * From src/ by type stripping and from dist/ compiled: the child lies beside this file with the same ending.
 * `decodes`: how many at the same time. Each gets a thread of libuv's and there are no more, because decodes that hop over
 * several lose half their speed.
 */
export function startChild(
  name: 'engine-child' | 'accelerator-child',
  { args = [], decodes = 1 }: { args?: string[]; decodes?: number } = {},
): ChildProcess {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fork(fileURLToPath(new URL(`./${name}${ending}`, import.meta.url)), args, {
    serialization: 'advanced',
    // Node's own options (a debugger's port, a test runner's loaders) are not the child's.
    execArgv: [],
    env: { ...process.env, ...noSecrets, UV_THREADPOOL_SIZE: String(decodes), NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
