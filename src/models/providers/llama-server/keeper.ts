// Starts a program that ends with us.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type KeeperMessage =
  | { type: 'failed'; reason: string }
  | { type: 'ended'; code: number | null; signal: NodeJS.Signals | null };

export interface Kept {
  /** What it writes, in UTF-8. */
  onOutput(listener: (text: string) => void): void;
  /** How it ended, after its last words. */
  ended: Promise<KeeperMessage>;
  /** Asks it to end, and ends it when it does not. */
  stop(): Promise<void>;
}

const KILL_AFTER_MS = 3000;

export function keep(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Kept {
  // From src/ by type stripping and from dist/ compiled: the child lies beside this file with the same ending.
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const file = fileURLToPath(new URL(`./keeper-child${ending}`, import.meta.url));
  const keeper: ChildProcess = fork(file, [command, ...args], {
    execArgv: [],
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said: KeeperMessage | null = null;
  keeper.on('message', (message) => {
    said = message as KeeperMessage;
  });
  const ended = new Promise<KeeperMessage>((resolve) => {
    keeper.once('error', (error) => resolve({ type: 'failed', reason: error.message }));
    keeper.once('close', (code, signal) => resolve(said ?? { type: 'ended', code, signal }));
  });
  return {
    onOutput(listener) {
      for (const output of [keeper.stdout, keeper.stderr]) output?.setEncoding('utf8').on('data', listener);
    },
    ended,
    async stop() {
      if (keeper.connected) keeper.send({ type: 'stop' });
      const timer = setTimeout(() => {
        if (keeper.connected) keeper.disconnect();
      }, KILL_AFTER_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
