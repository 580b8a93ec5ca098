// One child process that holds one model, as the server sees it: started, asked, cancelled, ended, and its death told
// to everybody who waits for it.
import type { ChildProcess } from 'node:child_process';
import { AtelierError, type ErrorBody, errorFromBody } from '../../contracts/errors.ts';
import { LANES } from './child/embedding-lanes.ts';
import type {
  EncodedTurns,
  EncodeTurn,
  FromChild,
  GenerateSpec,
  GenerationEvent,
  LoadedInfo,
  LoadSpec,
  PromptInput,
  ToChild,
} from './engine-protocol.ts';
import { startChild } from './start-child.ts';

export interface EngineProcess {
  readonly pid: number | undefined;
  readonly info: LoadedInfo;
  /** Events of one answer up to its `finish` or `error`. */
  generate(spec: GenerateSpec, onEvent: (event: GenerationEvent) => void): { cancel(): void };
  count(prompt: PromptInput): Promise<{ tokens: number; ids: number[] }>;
  /** Of a tokenizer: see child/tokenizer.ts. */
  encode(conversations: EncodeTurn[][]): Promise<EncodedTurns[][]>;
  decode(ids: number[]): Promise<string>;
  /** Of an embedding model: tokens of each text, without the marks at its ends. */
  countTexts(texts: string[]): Promise<number[]>;
  embed(texts: string[], signal?: AbortSignal): Promise<{ vectors: Float32Array[]; tokens: number }>;
  /** Calls that have not ended. */
  pending(): number;
  /** Resolves when the process is gone, with why. */
  readonly exited: Promise<string>;
  kill(): Promise<void>;
}

export interface StartEngineOptions {
  spec: LoadSpec;
  onProgress?: (progress: number) => void;
  signal?: AbortSignal;
}

/** @throws AtelierError model_failed */
export function startEngine({ spec, onProgress, signal }: StartEngineOptions): Promise<EngineProcess> {
  return new Promise((resolve, reject) => {
    const child = startChild('engine-child', { decodes: spec.kind === 'embedding' ? LANES : 1 });
    const stderr = lastLines(child);
    const calls = new Map<number, Call>();
    let info: LoadedInfo | null = null;
    let nextId = 1;
    let killed = false;
    let gone: AtelierError | null = null;

    const exited = new Promise<string>((settle) => {
      child.once('exit', (code, signalName) => {
        const how = signalName === null ? `ended with code ${code}` : `was ended by ${signalName}`;
        settle(killed ? 'it was unloaded' : `its process ${how}${stderr() === '' ? '' : `: ${stderr()}`}`);
      });
      child.once('error', (error) => settle(`its process could not be started: ${error.message}`));
    });
    void exited.then((why) => {
      const error = new AtelierError(
        'model_failed',
        `The model ${spec.path} stopped: ${why}. The next call starts it again.`,
        {
          data: { path: spec.path, reason: why },
          retryable: true,
        },
      );
      gone = error;
      for (const call of calls.values()) call.fail(error.toJSON());
      calls.clear();
      reject(error);
    });

    const send = (message: ToChild) => {
      // An exit that is under way is told by 'exit', which ends the calls.
      if (child.connected) child.send(message, () => {});
    };
    const kill = async () => {
      killed = true;
      child.kill('SIGKILL');
      await exited;
    };
    const onAbort = () => void kill();
    signal?.addEventListener('abort', onAbort, { once: true });

    const begin = (call: Call): number => {
      const id = nextId++;
      if (gone === null) calls.set(id, call);
      else {
        // It died, or left memory for another model, since the caller was given it.
        const body = gone.toJSON();
        queueMicrotask(() => call.fail(body));
      }
      return id;
    };
    const ask = <T>(messageOf: (id: number) => ToChild, abort?: AbortSignal) =>
      new Promise<T>((done, failed) => {
        const cancel = () => send({ type: 'cancel', id });
        const release = () => abort?.removeEventListener('abort', cancel);
        const id = begin({
          done(value) {
            release();
            done(value as T);
          },
          fail(error) {
            release();
            failed(errorFromBody(error));
          },
        });
        abort?.addEventListener('abort', cancel, { once: true });
        send(messageOf(id));
      });

    const engine: EngineProcess = {
      pid: child.pid,
      get info() {
        if (info === null) throw new AtelierError('internal', 'The model is not loaded yet.');
        return info;
      },
      generate(generate, onEvent) {
        const id = begin({ event: onEvent, fail: (error) => onEvent({ type: 'error', error }) });
        send({ type: 'generate', id, spec: generate });
        return { cancel: () => send({ type: 'cancel', id }) };
      },
      count: (prompt) => ask((id) => ({ type: 'count', id, prompt })),
      encode: async (conversations) =>
        (await ask<{ sequences: EncodedTurns[][] }>((id) => ({ type: 'encode', id, conversations })))
          .sequences,
      decode: async (ids) => (await ask<{ text: string }>((id) => ({ type: 'decode', id, ids }))).text,
      countTexts: async (texts) =>
        (await ask<{ counts: number[] }>((id) => ({ type: 'count-texts', id, texts }))).counts,
      embed: (texts, abort) => ask((id) => ({ type: 'embed', id, texts }), abort),
      pending: () => calls.size,
      exited,
      kill,
    };

    child.on('message', (message: FromChild) => {
      if (message.type === 'loading') onProgress?.(message.progress);
      else if (message.type === 'loaded') {
        info = message.info;
        signal?.removeEventListener('abort', onAbort);
        resolve(engine);
      } else if (message.type === 'load-failed') {
        reject(errorFromBody(message.error));
        void kill();
      } else if (message.type === 'events') {
        for (const { id, event } of message.events) {
          const call = calls.get(id);
          if (event.type === 'finish' || event.type === 'error') calls.delete(id);
          call?.event?.(event);
        }
      } else {
        const call = calls.get(message.id);
        calls.delete(message.id);
        if (message.type === 'failed') call?.fail(message.error);
        else call?.done?.(message);
      }
    });
    send({ type: 'load', spec });
  });
}

interface Call {
  event?: (event: GenerationEvent) => void;
  done?: (value: unknown) => void;
  fail(error: ErrorBody): void;
}

/** The last of what the process wrote to stderr: a crash in native code says why there. */
function lastLines(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-2000);
  });
  return () => text.trim().split('\n').slice(-3).join(' | ');
}
