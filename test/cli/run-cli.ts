// Runs the built command line as a person does, without or with a terminal, and collects what it prints.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const main = join(resolve(import.meta.dirname, '../..'), 'dist/interface/cli/main.js');

export interface CliOptions {
  dataDir?: string;
  input?: string;
  env?: Record<string, string>;
}

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

const environment = ({ dataDir, env }: CliOptions) => ({
  ...process.env,
  DATABASE_URL: '',
  ATELIER_SECRET: '',
  ATELIER_LOG: '',
  ...(dataDir === undefined ? {} : { ATELIER_DATA: dataDir }),
  ...env,
});

/** A process whose output is still coming. */
export function startCli(args: readonly string[], options: CliOptions = {}) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], { env: environment(options) });
  const result: CliResult = { code: null, stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    result.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    result.stderr += chunk;
  });
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input ?? '');
  const ended = new Promise<CliResult>((done) =>
    // As a shell counts it: a program that a signal ended has 128 and the signal's number.
    child.once('close', (code, signal) =>
      done(Object.assign(result, { code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) })),
    ),
  );
  return { child, result, ended };
}

export const runCli = (args: readonly string[], options: CliOptions = {}) => startCli(args, options).ended;

/** Whether `script` (util-linux) can make a terminal here. */
export const hasTerminal =
  process.platform === 'linux' && spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

/** The command line on a terminal of its own; both streams arrive as one, with what the terminal echoes. */
export function openTerminal(args: readonly string[], options: CliOptions = {}) {
  const quoted = [process.execPath, main, ...args]
    .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
    .join(' ');
  const child = spawn('script', ['-qfec', quoted, '/dev/null'], {
    env: { ...environment(options), TERM: 'xterm', NO_COLOR: '1' },
  });
  let screen = '';
  child.stdout.on('data', (chunk) => {
    screen += chunk;
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  return {
    screen: () => screen,
    ended,
    type: (keys: string) => child.stdin.write(keys),
    /** Waits until the text stands on the screen, after what stood there at the last wait. */
    async waitFor(text: string | RegExp, from = 0): Promise<number> {
      for (let waited = 0; waited < 30_000; waited += 25) {
        const tail = screen.slice(from);
        const at = typeof text === 'string' ? tail.indexOf(text) : tail.search(text);
        if (at >= 0) return from + at;
        await sleep(25);
      }
      throw new Error(`"${text}" never came:\n${screen}`);
    },
    close: () => child.kill('SIGKILL'),
  };
}
