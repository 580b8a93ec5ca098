// Starts a program of test/children under this Node, and hands its lines to the test as they come.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Child {
  process: ChildProcess;
  lines: string[];
  /** Resolves with the next line that is not yet read by this call. */
  nextLine(): Promise<string>;
  /** SIGKILL, as a power cut or the system's memory killer does it. */
  kill(): Promise<void>;
}

export function startChild(name: string, args: string[]): Child {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  let read = 0;
  let wake: () => void = () => {};
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => {
    lines.push(line);
    wake();
  });
  const closed = once(reader, 'close');
  return {
    process: child,
    lines,
    async nextLine() {
      while (read >= lines.length) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} ended`);
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), closed]);
      }
      return lines[read++] ?? '';
    },
    async kill() {
      child.kill('SIGKILL');
      await Promise.all([exited, closed]);
    },
  };
}
