// Child processes for the scripts: inherit the terminal, pass signals on, tell the exit code.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './paths.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a command to its end.
 * @returns {Promise<{ code: number, output: string, interrupted: boolean }>} `output` is empty unless `capture` is set;
 * `interrupted`: this process was asked to stop meanwhile
 */
export function run(command, args, { env = {}, cwd = root, capture = false, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : quiet ? 'ignore' : 'inherit',
      windowsHide: true,
      // Windows starts a .cmd only through its shell.
      shell: command.endsWith('.cmd'),
    });
    let output = '';
    let interrupted = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    // A terminal signals the child as well, and so may npm: one passed on is enough.
    const handlers = signals.map((signal) => {
      const pass = () => {
        if (!interrupted) child.kill(signal);
        interrupted = true;
      };
      process.on(signal, pass);
      return () => process.off(signal, pass);
    });
    const done = () => {
      for (const off of handlers) off();
    };
    child.on('error', (error) => {
      done();
      reject(error);
    });
    child.on('close', (code, signal) => {
      done();
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 15), output, interrupted });
    });
  });
}

/** Ends the script with one sentence that says what to do. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Ends the script quietly after Ctrl+C: what was begun is taken up by the next run. */
export function stopWhenInterrupted({ interrupted }) {
  if (!interrupted) return;
  process.stderr.write('Interrupted. The next run goes on from here.\n');
  process.exit(130);
}
