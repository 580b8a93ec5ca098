// One running llama-server: a program that the person has, on a loopback port that only we hold the key to.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Http } from '../../../lib/http.ts';
import { firstCount, isRow } from '../remote/listed-model.ts';
import { type KeeperMessage, type Kept, keep } from './keeper.ts';

export interface ServerOptions {
  http: Http;
  command: string;
  /** Without a shell; ours come behind them, so that they win. */
  arguments: readonly string[];
  modelPath: string;
  /** A LoRA adapter that is laid over it. */
  adapterPath: string | null;
  projector: string | null;
  /** 0 to 1 while the weights are read. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
  loadTimeoutMs: number;
}

export interface ServerProps {
  contextLength: number | null;
  images: boolean;
}

export interface ServerProcess {
  /** With /v1. */
  baseUrl: string;
  apiKey: string;
  props: ServerProps;
  /** Resolves when it has ended, with what it said last. */
  ended: Promise<AtelierError>;
  stop(): Promise<void>;
}

const KEPT_LINES = 12;
const KEPT_LETTERS = 300;
const POLL_MS = 100;
/** llama.cpp writes a dot for each hundredth that it has read. */
const DOTS = 100;
/** A program of someone else has no business with our secrets, nor with those of other programs. */
const secretName = /^(ATELIER_|DATABASE_URL$|NODE_OPTIONS$)|(_|^)(API_?KEY|TOKEN|SECRET|PASSWORD)S?$/i;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** @throws AtelierError model_failed with the program's last lines; the signal's reason when that fires */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { http, command, signal } = options;
  const port = await freePort();
  const apiKey = randomBytes(24).toString('hex');
  const kept = keep(
    command,
    [
      ...options.arguments,
      ...['--model', options.modelPath],
      ...(options.adapterPath ? ['--lora', options.adapterPath] : []),
      ...(options.projector ? ['--mmproj', options.projector] : []),
      ...['--host', '127.0.0.1', '--port', String(port)],
    ],
    // In the environment, because arguments can be read by everybody on the machine.
    { ...withoutSecrets(process.env), LLAMA_API_KEY: apiKey },
  );
  const lastLines = keepLines(kept, apiKey, options.onProgress);
  const ended = kept.ended.then((message) => toError(message, command, lastLines()));
  const origin = `http://127.0.0.1:${port}`;
  try {
    await healthy(http, origin, ended, signal, options.loadTimeoutMs, command);
    const props = await readProps(http, origin, apiKey);
    return { baseUrl: `${origin}/v1`, apiKey, props, ended, stop: kept.stop };
  } catch (error) {
    await kept.stop();
    throw error;
  }
}

function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secretName.test(name)));
}

/** Both outputs as they come, since which of them is written to differs. */
function keepLines(kept: Kept, apiKey: string, onProgress: (share: number) => void): () => string[] {
  const lines: string[] = [];
  let dots = 0;
  let rest = '';
  kept.onOutput((text) => {
    if (/^[.\s]+$/.test(text)) {
      dots += text.split('.').length - 1;
      onProgress(Math.min(1, dots / DOTS));
      return;
    }
    const parts = (rest + text).split(/\r?\n/);
    rest = (parts.pop() ?? '').slice(-KEPT_LETTERS);
    for (const line of parts) if (line.trim() !== '') lines.push(line.slice(0, KEPT_LETTERS));
    lines.splice(0, lines.length - KEPT_LINES);
  });
  return () => lines.map((line) => line.replaceAll(apiKey, '[secret]'));
}

function toError(message: KeeperMessage, command: string, lines: string[]): AtelierError {
  if (message.type === 'failed') {
    const why =
      message.reason === 'ENOENT'
        ? `There is no program ${command}. Install llama.cpp, or enter the full path of llama-server.`
        : `The program ${command} could not be started (${message.reason}).`;
    return new AtelierError('model_failed', why, { data: { command, cause: message.reason } });
  }
  const { code, signal } = message;
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
  const said = lines.length > 0 ? ` It said last: ${lines.slice(-4).join(' / ')}` : '';
  return new AtelierError('model_failed', `${command} ${how}. The next call starts it again.${said}`, {
    data: { command, code, signal, lines },
    retryable: true,
  });
}

async function healthy(
  http: Http,
  origin: string,
  ended: Promise<AtelierError>,
  signal: AbortSignal,
  timeoutMs: number,
  command: string,
): Promise<void> {
  let dead: AtelierError | null = null;
  void ended.then((error) => {
    dead = error;
  });
  const until = performance.now() + timeoutMs;
  while (performance.now() < until) {
    signal.throwIfAborted();
    if (dead) throw dead;
    const ready = await http
      .request(`${origin}/health`, { headersTimeoutMs: 2000, bodyTimeoutMs: 2000, signal })
      .then(({ status, body }) => {
        body.resume();
        return status === 200;
      })
      .catch(() => false);
    if (ready) return;
    await Promise.race([delay(POLL_MS), ended]);
  }
  throw new AtelierError(
    'model_failed',
    `${command} was not ready within ${Math.round(timeoutMs / 1000)} s and was stopped.`,
    { data: { command, timeoutMs }, retryable: true },
  );
}

async function readProps(http: Http, origin: string, apiKey: string): Promise<ServerProps> {
  const unknown = { contextLength: null, images: false };
  try {
    const response = await http.request(`${origin}/props`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    let text = '';
    for await (const chunk of response.body) text += String(chunk);
    const props: unknown = JSON.parse(text);
    if (response.status !== 200 || !isRow(props)) return unknown;
    const settings = isRow(props.default_generation_settings) ? props.default_generation_settings : {};
    const modalities = isRow(props.modalities) ? props.modalities : {};
    return { contextLength: firstCount(settings.n_ctx), images: modalities.vision === true };
  } catch {
    // An older one may have no such route; it answers all the same.
    return unknown;
  }
}
