// Tries a user's file in a thread of its own before the server loads it.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AtelierError, type ErrorCode } from '../../contracts/errors.ts';
import type { CheckOutcome, CheckTask } from './check-messages.ts';

/** @throws AtelierError `code`, timed_out with what is wrong with the file */
export async function checkFile(
  name: string,
  task: CheckTask,
  { timeoutMs, code }: { timeoutMs: number; code: ErrorCode },
): Promise<void> {
  const worker = new Worker(new URL(`./check-worker${extname(import.meta.url)}`, import.meta.url), {
    name: 'user-code-check',
    workerData: task,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const outcome = await new Promise<CheckOutcome | 'late' | number>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeoutMs);
      worker.once('message', resolve);
      worker.once('error', ({ name: kind, message, stack = '' }: Error) =>
        resolve({ ok: false, name: kind, message, stack }),
      );
      worker.once('exit', resolve);
    });
    if (outcome === 'late')
      throw new AtelierError(
        'timed_out',
        `${name} was not loaded within ${timeoutMs / 1000} s: it waits or loops while it loads.`,
        { data: { file: name } },
      );
    if (typeof outcome === 'number')
      throw new AtelierError(code, `${name} ended its thread (exit code ${outcome}) while it was loaded.`, {
        data: { file: name },
      });
    if (!outcome.ok) throw fileError(name, outcome, code);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** The error of a file with the line in it, where the stack names one. */
export function fileError(
  name: string,
  error: { name: string; message: string; stack?: string },
  code: ErrorCode,
): AtelierError {
  const file = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const line = new RegExp(`${file}(?:\\?[^:\\s]*)?:(\\d+)`).exec(error.stack ?? '')?.[1];
  const message = error.message.replaceAll(/\?v=[0-9a-f]+/g, '');
  return new AtelierError(
    code,
    `${name}${line === undefined ? '' : `, line ${line}`}: ${error.name}: ${message}`,
    { data: { file: name, ...(line === undefined ? {} : { line: Number(line) }) } },
  );
}
