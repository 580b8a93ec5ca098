// One process of the pool: started, given a document, ended. It has no rights beyond reading: no writing, no programs,
// nothing of this program's environment.
import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ParseReply, ParseRequest } from './messages.ts';
import { MEMORY_VARIABLE } from './watchdog.ts';

export interface ParserProcess {
  /** The reply of the child. @throws ProcessEnd when it ends before */
  ask(request: ParseRequest): Promise<ParseReply>;
  /** Resolves once it is gone. */
  kill(): Promise<void>;
  /** Whether it keeps this program alive. */
  hold(held: boolean): void;
  /** Calls back when it ends by itself. */
  onEnd(then: () => void): void;
}

/** A process that ended before it answered. */
export class ProcessEnd extends Error {
  override readonly name = 'ProcessEnd';
  /** It was ended by the watchdog, by the engine or by the system for want of memory. */
  readonly memory: boolean;

  constructor(code: number | null, signal: NodeJS.Signals | null) {
    super(signal === null ? `its process ended with code ${code}` : `its process was ended by ${signal}`);
    this.memory = signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134;
  }
}

// The compiler does not rewrite this address, so the file's own extension says whether it is source or emitted.
const ownEntry = fileURLToPath(new URL(`./parse-child${extname(import.meta.url)}`, import.meta.url));
const MB = 1024 * 1024;
/** What the engine and the parsers take before a document is read. */
const BASE_BYTES = 150 * MB;

export function startParserProcess({
  memoryBytes,
  entry = ownEntry,
}: {
  memoryBytes: number;
  entry?: string | undefined;
}): ParserProcess {
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: [
      `--max-old-space-size=${Math.ceil(memoryBytes / MB)}`,
      '--permission',
      '--allow-fs-read=*',
      '--allow-worker',
    ],
    env: {
      [MEMORY_VARIABLE]: String(memoryBytes + BASE_BYTES),
      ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let waiting: { resolve: (reply: ParseReply) => void; reject: (error: Error) => void } | null = null;
  let ended: Error | null = null;
  let onEnd = () => {};
  const fail = (error: Error) => {
    ended ??= error;
    waiting?.reject(error);
    waiting = null;
    onEnd();
  };
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      fail(new ProcessEnd(code, signal));
      resolve();
    });
    child.once('error', (error) => {
      fail(error);
      if (child.pid === undefined) resolve();
    });
  });
  child.on('message', (reply: ParseReply) => {
    waiting?.resolve(reply);
    waiting = null;
  });
  // Reading documents waits behind answering people.
  if (child.pid !== undefined) lowerPriority(child.pid);

  return {
    ask(request) {
      if (ended) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        // An exit that is under way is told by 'exit', which ends the wait.
        child.send(request, (error) => error && child.exitCode === null && child.kill('SIGKILL'));
      });
    },
    async kill() {
      // Whoever waits for its end stays until then.
      child.ref();
      child.kill('SIGKILL');
      await exited;
    },
    hold(held) {
      if (held) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    },
    onEnd(then) {
      onEnd = then;
      if (ended) then();
    },
  };
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A system that does not allow it reads at the normal priority.
  }
}
