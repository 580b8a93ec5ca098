// Parsers at a distance: processes that may hang, run out of memory or die, and take nothing with them. One document a
// process at a time; a process that meets a limit is ended and a new one takes its place. Threads would not do: a thread
// that fills its heap faster than the engine looks takes the whole program with it (measured on Node 24.21).
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { ParsedDocument } from '../../../contracts/document.ts';
import { AtelierError, errorFromBody } from '../../../contracts/errors.ts';
import { defaultLimits, type ParseLimits } from '../limits.ts';
import type { ParseFile } from './messages.ts';
import { type ParserProcess, ProcessEnd, startParserProcess } from './parser-process.ts';

export interface ParserPool {
  /**
   * @throws AtelierError document_encrypted, document_broken, document_empty, document_too_large, document_unsupported,
   * document_timeout, cancelled, storage_failed (the file cannot be opened)
   */
  parse(file: ParseFile, options?: { signal?: AbortSignal | undefined }): Promise<ParsedDocument>;
  /** Ends the processes; what is still open is cancelled. */
  close(): Promise<void>;
}

export interface ParserPoolOptions {
  /** One core is left to the rest of the program. */
  processes?: number;
  limits?: Partial<ParseLimits>;
  /** A process without work keeps its memory for so long. */
  idleMs?: number;
  /** The program of a process; tests give a bad one. */
  entry?: string;
}

interface Job {
  file: ParseFile;
  resolve: (document: ParsedDocument) => void;
  reject: (error: Error) => void;
  /** Takes it from the queue, or ends the process that runs it. */
  cancel: () => void;
}

interface Resting {
  child: ParserProcess;
  timer: NodeJS.Timeout;
}

export function createParserPool(options: ParserPoolOptions = {}): ParserPool {
  const most = options.processes ?? Math.max(1, Math.min(4, availableParallelism() - 1));
  const limits = { ...defaultLimits, ...options.limits };
  const idleMs = options.idleMs ?? 30_000;
  const queue: Job[] = [];
  const resting: Resting[] = [];
  const running = new Map<ParserProcess, () => void>();
  let closed = false;

  function takeProcess(): ParserProcess {
    const rested = resting.pop();
    if (!rested) return startParserProcess({ memoryBytes: limits.memoryBytes, entry: options.entry });
    clearTimeout(rested.timer);
    rested.child.onEnd(() => {});
    rested.child.hold(true);
    return rested.child;
  }

  function rest(child: ParserProcess): void {
    const timer = setTimeout(() => void child.kill(), idleMs);
    timer.unref();
    child.hold(false);
    resting.push({ child, timer });
    child.onEnd(() => {
      clearTimeout(timer);
      const at = resting.findIndex((one) => one.child === child);
      if (at >= 0) resting.splice(at, 1);
    });
  }

  function pump(): void {
    while (running.size < most) {
      const job = queue.shift();
      if (!job) return;
      run(job).then(job.resolve, job.reject).finally(pump);
    }
  }

  async function run(job: Job): Promise<ParsedDocument> {
    const { file } = job;
    const name = basename(file.name);
    const child = takeProcess();
    /** Why the pool itself ended the process. */
    let reason: AtelierError | null = null;
    const stop = (error: AtelierError) => {
      reason ??= error;
      void child.kill();
    };
    running.set(child, () => stop(cancelled(name)));
    job.cancel = () => stop(cancelled(name));
    const timeout = setTimeout(() => stop(tooLong(name, limits.timeoutMs)), limits.timeoutMs);
    let healthy = false;
    try {
      const reply = await child.ask({ file, limits });
      healthy = reason === null;
      if ('error' in reply) throw errorFromBody(reply.error);
      return reply.document;
    } catch (error) {
      if (reason) throw reason;
      if (error instanceof AtelierError) throw error;
      throw crashed(name, error, limits.memoryBytes);
    } finally {
      clearTimeout(timeout);
      running.delete(child);
      if (healthy && !closed) rest(child);
      else void child.kill();
    }
  }

  return {
    parse(file, { signal } = {}) {
      const name = basename(file.name);
      if (closed || signal?.aborted) return Promise.reject(cancelled(name));
      return new Promise((resolve, reject) => {
        const onAbort = () => job.cancel();
        const end = () => signal?.removeEventListener('abort', onAbort);
        const job: Job = {
          file,
          resolve(document) {
            end();
            resolve(document);
          },
          reject(error) {
            end();
            reject(error);
          },
          cancel() {
            queue.splice(queue.indexOf(job), 1);
            job.reject(cancelled(name));
          },
        };
        signal?.addEventListener('abort', onAbort);
        queue.push(job);
        pump();
      });
    },
    async close() {
      closed = true;
      for (const job of [...queue]) job.cancel();
      for (const stop of running.values()) stop();
      const children = [...running.keys(), ...resting.map(({ child }) => child)];
      await Promise.all(children.map((child) => child.kill()));
    },
  };
}

function cancelled(name: string): AtelierError {
  return new AtelierError('cancelled', `Reading ${name} was cancelled.`, { data: { name } });
}

function tooLong(name: string, timeoutMs: number): AtelierError {
  return new AtelierError(
    'document_timeout',
    `${name} was not read within ${Math.round(timeoutMs / 1000)} s. Split it into smaller parts.`,
    { data: { name, timeoutMs } },
  );
}

function crashed(name: string, error: unknown, memoryBytes: number): AtelierError {
  if (error instanceof ProcessEnd && error.memory) {
    return new AtelierError(
      'document_too_large',
      `Reading ${name} took more than ${Math.round(memoryBytes / 1024 / 1024)} MB of memory. Split it into smaller parts.`,
      { data: { name, limit: 'memoryBytes', allowed: memoryBytes } },
    );
  }
  const why = error instanceof Error ? error.message : String(error);
  return new AtelierError('document_broken', `${name} made its parser fail: ${why}.`, {
    data: { name, why },
    cause: error,
  });
}
