// Starts the built program as a person does (a process of its own, a data folder of its own) and stops it again.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

export interface RunningServer {
  url: string;
  dataDir: string;
  process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Ends it gracefully and removes its data folder unless `keep`. Resolves with the exit code. */
  stop(options?: { keep?: boolean }): Promise<number | null>;
  /** kill -9, data kept. */
  kill(): Promise<void>;
}

export interface StartOptions {
  dataDir?: string;
  /** What the first run fetches; none by default, so that nothing is downloaded. */
  model?: string;
  env?: Record<string, string>;
  args?: string[];
}

export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'atelier-test-'));
  const child = spawn(
    process.execPath,
    [
      join(root, 'dist/interface/cli/main.js'),
      'serve',
      '--port',
      '0',
      '--no-open',
      '--json',
      '--data',
      dataDir,
      '--model',
      options.model ?? 'none',
      ...(options.args ?? []),
    ],
    { env: { ...process.env, DATABASE_URL: '', ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const url = await new Promise<string>((done, fail) => {
    const onData = (chunk: Buffer) => {
      printed += chunk;
      const line = printed.split('\n').find((candidate) => candidate.includes('"event":"listening"'));
      if (line) done((JSON.parse(line) as { url: string }).url);
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', (chunk) => {
      printed += chunk;
    });
    void exited.then((code) =>
      fail(new Error(`the server ended with ${code} before it listened:\n${printed}`)),
    );
    setTimeout(() => fail(new Error(`the server did not listen within 30 s:\n${printed}`)), 30_000).unref();
  });
  return {
    url,
    dataDir,
    process: child,
    output: () => printed,
    async stop({ keep = false } = {}) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const code = await exited;
      if (!keep) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
