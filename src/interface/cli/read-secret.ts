// A password from a person who types it unseen, or from a pipe. Never from an argument: those are in everybody's `ps`.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { AtelierError } from '../../contracts/errors.ts';
import { UsageError } from './command.ts';

/** @throws UsageError when a pipe holds nothing; AtelierError cancelled on Ctrl+C */
export async function readSecret(
  prompt: string,
  { again = true }: { again?: boolean } = {},
): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const secret = await ask(`${prompt}: `, true);
  if (again && secret !== (await ask(`${prompt} again: `, true)))
    throw new UsageError('The two are not the same. Nothing was changed.');
  return secret;
}

/** A word that a person types, or that the first line of a pipe holds. */
export function readWord(prompt: string): Promise<string> {
  return process.stdin.isTTY ? ask(`${prompt}: `, false) : firstLine();
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  throw new UsageError('Nothing came in. Type it at a terminal, or send it as the first line of a pipe.');
}

function ask(prompt: string, hidden: boolean): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: hidden ? nowhere : process.stderr,
    terminal: true,
  });
  // Only now does the terminal echo nothing: whoever sees the prompt may type.
  process.stderr.write(prompt);
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      lines.close();
      if (hidden) process.stderr.write('\n');
      resolve(line);
    });
    lines.once('SIGINT', () => {
      lines.close();
      process.stderr.write('\n');
      reject(new AtelierError('cancelled', 'Stopped; nothing was changed.'));
    });
  });
}
