// Fetches one file from the Hugging Face hub, or from a mirror that speaks its addresses.
// The hub states size and sha256 of large files in `x-linked-size` and `x-linked-etag` of its first, redirecting answer;
// the bytes come from the redirect's target, by ranges, and must be what the hub stated.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import { readJson, writeWhole } from '../../lib/disk.ts';
import type { Http, HttpResponse } from '../../lib/http.ts';
import { createRateMeter } from '../../lib/rate-meter.ts';
import { corrupt, mayRetry, refusal, unreachable } from './hub-errors.ts';
import {
  type OpenPartialOptions,
  openPartial,
  type PartialFile,
  requireSpace,
  sizeOf,
} from './partial-file.ts';
import {
  type ExpectedFile,
  type FetchContext,
  type FetchedFile,
  pause,
  type Source,
  throwIfStopped,
} from './source.ts';

export interface HubFile extends ExpectedFile {
  repo: string;
  file: string;
  revision: string;
}

export interface HubOptions {
  http: Http;
  /** Address of the hub or of its mirror. */
  endpoint: string;
  /** Sent to the endpoint only, never to where it redirects. */
  token?: string | null;
  /** How long the hub may take to say what it has. Default 3,000. */
  answerWithinMs?: number;
  /** First wait before another try; it doubles. Default 500. */
  retryAfterMs?: number;
  /** Tries in a row that bring no byte. Default 5. */
  attempts?: number;
  /** Longest silence within the file. Default 30,000. */
  stallMs?: number;
  free?: (folder: string) => Promise<number>;
  openFile?: OpenPartialOptions['openFile'];
}

/** What the hub says of a file. */
interface Statement extends ExpectedFile {
  /** Changes when the file does. */
  version: string | null;
}

const MAX_REDIRECTS = 8;
const LONGEST_WAIT_MS = 60_000;
const SPARE_BYTES = 64 << 20;

export function createHubSource(options: HubOptions): Source<HubFile> {
  const {
    http,
    token = null,
    answerWithinMs = 3000,
    retryAfterMs = 500,
    attempts = 5,
    stallMs = 30_000,
  } = options;
  const { endpoint, authorization } = readEndpoint(options.endpoint, token);

  async function fetch(settings: HubFile, context: FetchContext): Promise<FetchedFile> {
    requireSafeName(settings);
    const url = `${endpoint}/${settings.repo}/resolve/${encodePath(settings.revision)}/${encodePath(settings.file)}`;
    const stated = await ask(url, settings, context.signal);
    const expected = agree(settings, stated);
    await mkdir(context.folder, { recursive: true });
    const path = join(context.folder, 'file.partial');
    const statePath = join(context.folder, 'hub.json');
    const before = (await readJson(statePath)) as { url?: string; version?: string | null } | null;
    const same = before?.url === url && before.version === stated.version && stated.version !== null;
    const there = same ? await sizeOf(path) : 0;
    if (expected.sizeBytes !== null) {
      await requireSpace(context.folder, expected.sizeBytes - there + SPARE_BYTES, options.free);
    }
    if (!same) await writeWhole(statePath, JSON.stringify({ url, version: stated.version }));
    return collect(url, path, there, expected, context);
  }

  /** One HEAD request with its redirects, within the limit. Another try only when the hub answered and asked for it. */
  async function ask(url: string, file: HubFile, signal: AbortSignal): Promise<Statement> {
    await http.ready();
    for (let attempt = 1; ; attempt++) {
      throwIfStopped(signal);
      const limit = AbortSignal.timeout(answerWithinMs);
      let answer: { response: HttpResponse; statement: Statement };
      try {
        answer = await follow(url, 'HEAD', {}, AbortSignal.any([signal, limit]));
      } catch (error) {
        throwIfStopped(signal);
        if (isAtelierError(error)) throw error;
        throw unreachable(
          endpoint,
          limit.aborted ? `no answer within ${answerWithinMs} ms` : reasonOf(error),
          error,
        );
      }
      answer.response.body.resume();
      const { status } = answer.response;
      if (status === 200) return answer.statement;
      const wait = waitFor(answer.response, attempt, retryAfterMs);
      if (!mayRetry(status) || attempt >= attempts || wait > 10_000) throw refusal(status, file, endpoint);
      await pause(wait, signal);
    }
  }

  async function collect(
    url: string,
    path: string,
    keep: number,
    expected: ExpectedFile,
    context: FetchContext,
  ): Promise<FetchedFile> {
    const { signal } = context;
    const total = expected.sizeBytes;
    const meter = createRateMeter();
    const report = (note: string, done: number) =>
      context.progress({
        done,
        total,
        unit: 'bytes',
        perSecond: note === 'downloading' ? meter.mark(done) : null,
        note,
      });
    const partial = await openPartial(path, {
      keep: total === null ? keep : Math.min(keep, total),
      totalBytes: total,
      signal,
      onHashed: (bytes) => report('verifying', bytes),
      ...(options.openFile && { openFile: options.openFile }),
    });
    let resumed = partial.bytes > 0;
    let arrived = false;
    try {
      for (let failures = 0, whole = total !== null && partial.bytes === total; !whole; ) {
        const before = partial.bytes;
        report('downloading', before);
        let wait = 0;
        try {
          whole = await readSome(url, partial, total, signal, (bytes) => {
            arrived = true;
            report('downloading', bytes);
          });
          if (partial.bytes < before) resumed = false;
        } catch (error) {
          throwIfStopped(signal);
          const retry = error instanceof Retry ? error : null;
          if (isAtelierError(error)) throw error;
          failures = partial.bytes > before ? 1 : failures + 1;
          // A network that lets the hub through and not where its bytes lie will not change its mind.
          if (failures >= (arrived || retry !== null ? attempts : Math.min(2, attempts))) {
            throw new AtelierError(
              'download_failed',
              `The download from ${endpoint} stopped at ${partial.bytes} bytes: ${reasonOf(error)}. Start it again to go on from there.`,
              {
                data: { endpoint, bytes: partial.bytes, total, unreachable: !arrived },
                cause: error,
                retryable: true,
              },
            );
          }
          wait = retry?.waitMs ?? Math.min(retryAfterMs * 2 ** (failures - 1), LONGEST_WAIT_MS);
        }
        if (!whole) await pause(wait, signal);
      }
      report('verifying', partial.bytes);
      await partial.sync();
      const sha256 = partial.digest();
      if (expected.sha256 !== null && sha256 !== expected.sha256) {
        // What lay there from an earlier run may have been damaged since; only a fresh copy tells.
        throw resumed ? new StaleFront() : corrupt(endpoint, expected, sha256, partial.bytes);
      }
      return { path, sizeBytes: partial.bytes, sha256 };
    } catch (error) {
      if (error instanceof AtelierError && error.code === 'download_corrupt') await partial.restart();
      if (!(error instanceof StaleFront)) throw error;
    } finally {
      await partial.close();
    }
    return collect(url, path, 0, expected, context);
  }

  /** One request for the rest of the file. Returns whether the file is whole. */
  async function readSome(
    url: string,
    partial: PartialFile,
    total: number | null,
    signal: AbortSignal,
    onBytes: (bytes: number) => void,
  ): Promise<boolean> {
    const from = partial.bytes;
    const { response } = await follow(url, 'GET', from > 0 ? { range: `bytes=${from}-` } : {}, signal);
    const { status, headers, body } = response;
    let length: number | null;
    if (status === 206) {
      const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
      if (
        range === null ||
        Number(range[1]) !== from ||
        (total !== null && range[3] !== '*' && Number(range[3]) !== total)
      ) {
        body.destroy();
        await partial.restart();
        throw new Retry(`an unusable range came back (${headers['content-range'] ?? 'none'})`, retryAfterMs);
      }
      length = Number(range[2]) + 1;
    } else if (status === 200) {
      if (from > 0) await partial.restart();
      length = headers['content-length'] === undefined ? null : Number(headers['content-length']);
    } else {
      body.resume();
      if (status === 416) await partial.restart();
      if (status === 416 || mayRetry(status))
        throw new Retry(`status ${status}`, waitFor(response, 1, retryAfterMs));
      throw new AtelierError('download_failed', `The file's server answered with status ${status}.`, {
        data: { status },
        retryable: false,
      });
    }
    const limit = total ?? length;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      throwIfStopped(signal);
      if (limit !== null && partial.bytes + chunk.length > limit) {
        body.destroy();
        await partial.restart();
        throw new AtelierError(
          'download_corrupt',
          `The file's server sends more than the ${limit} bytes that were stated.`,
          { data: { limit } },
        );
      }
      await partial.append(chunk);
      onBytes(partial.bytes);
    }
    if (limit === null || partial.bytes === limit) return true;
    throw new Retry(`the connection ended at ${partial.bytes} of ${limit} bytes`, retryAfterMs);
  }

  /** Follows redirects by hand, so that the token stays with the endpoint and the hub's own statement is kept. */
  async function follow(
    url: string,
    method: 'GET' | 'HEAD',
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<{ response: HttpResponse; statement: Statement }> {
    const statement: Statement = { sizeBytes: null, sha256: null, version: null };
    let at = url;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const own = new URL(at).origin === new URL(endpoint).origin;
      const response = await http.request(at, {
        method,
        headers: {
          'user-agent': 'atelier',
          'accept-encoding': 'identity',
          ...headers,
          ...(own && authorization !== null && { authorization }),
        },
        signal,
        headersTimeoutMs: Math.min(stallMs, 10_000),
        bodyTimeoutMs: stallMs,
      });
      note(statement, response, own);
      const { status } = response;
      if (![301, 302, 303, 307, 308].includes(status)) return { response, statement };
      response.body.resume();
      // The statement is complete: where the bytes come from need not be asked for them.
      if (method === 'HEAD' && statement.sizeBytes !== null && statement.version !== null) {
        return { response: { ...response, status: 200 }, statement };
      }
      const target = response.headers.location;
      if (target === undefined)
        throw new AtelierError('download_failed', `${endpoint} redirects to nowhere (status ${status}).`);
      const next = new URL(target, at);
      if (new URL(at).protocol === 'https:' && next.protocol !== 'https:') {
        throw new AtelierError(
          'download_failed',
          `${endpoint} redirects from https to ${next.protocol}, which is refused.`,
        );
      }
      at = next.href;
    }
    throw new AtelierError('download_failed', `${endpoint} redirects more than ${MAX_REDIRECTS} times.`);
  }

  return { fetch };
}

/** A mirror's address may hold a name and a password; they belong into a header, and into no message. */
function readEndpoint(
  address: string,
  token: string | null,
): { endpoint: string; authorization: string | null } {
  const url = new URL(address);
  const name = decodeURIComponent(url.username);
  const basic = Buffer.from(`${name}:${decodeURIComponent(url.password)}`).toString('base64');
  url.username = '';
  url.password = '';
  return {
    endpoint: url.href.replace(/\/+$/, ''),
    authorization: token ? `Bearer ${token}` : name === '' ? null : `Basic ${basic}`,
  };
}

/** A failure of one request after which the next may succeed. */
class Retry extends Error {
  readonly waitMs: number;
  constructor(message: string, waitMs: number) {
    super(message);
    this.waitMs = waitMs;
  }
}

/** The end has the wrong hash, and its front came from an earlier run. */
class StaleFront extends Error {}

function note(statement: Statement, { status, headers }: HttpResponse, own: boolean): void {
  const etag = (headers['x-linked-etag'] ?? headers.etag)?.replace(/^W\//, '').replaceAll('"', '') ?? null;
  // A hash is believed when the hub itself states it, not its delivery network.
  if (own && headers['x-linked-etag'] !== undefined && etag !== null && /^[0-9a-f]{64}$/.test(etag))
    statement.sha256 ??= etag;
  if (headers['x-linked-size'] !== undefined) statement.sizeBytes ??= Number(headers['x-linked-size']);
  else if (status === 200 && headers['content-length'] !== undefined)
    statement.sizeBytes ??= Number(headers['content-length']);
  if (headers['x-linked-etag'] !== undefined || status === 200) statement.version ??= etag;
}

/** What the catalogue pins must be what the hub states; the rest is taken from the hub. */
function agree(pinned: HubFile, stated: Statement): ExpectedFile {
  const differs =
    (pinned.sha256 !== null && stated.sha256 !== null && pinned.sha256 !== stated.sha256) ||
    (pinned.sizeBytes !== null && stated.sizeBytes !== null && pinned.sizeBytes !== stated.sizeBytes);
  if (differs) {
    throw new AtelierError(
      'download_corrupt',
      `The hub has another file under ${pinned.repo}/${pinned.file} than the catalogue pins.`,
      {
        data: { pinned: { sizeBytes: pinned.sizeBytes, sha256: pinned.sha256 }, stated: { ...stated } },
      },
    );
  }
  return { sizeBytes: pinned.sizeBytes ?? stated.sizeBytes, sha256: pinned.sha256 ?? stated.sha256 };
}

/** @throws AtelierError invalid_request for names that could leave the repository's folder */
export function requireSafeName({ repo, file, revision }: Pick<HubFile, 'repo' | 'file' | 'revision'>): void {
  const unsafe = (text: string) =>
    text.split('/').some((part) => part === '' || part === '.' || part === '..');
  const odd = (text: string) =>
    /[\\\s?#%]/.test(text) || [...text].some((character) => character.charCodeAt(0) < 32);
  if (!/^[\w.-]+\/[\w.-]+$/.test(repo) || unsafe(repo)) throw badName('repo', repo, 'owner/name');
  if (unsafe(file) || odd(file) || !/\.gguf$/i.test(file))
    throw badName('file', file, 'a .gguf file inside the repository');
  if (unsafe(revision) || odd(revision)) throw badName('revision', revision, 'a branch, tag or commit');
}

function badName(field: string, value: string, wanted: string): AtelierError {
  return new AtelierError(
    'invalid_request',
    `The ${field} ${JSON.stringify(value)} is refused: give ${wanted}.`,
    { data: { field, value } },
  );
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function waitFor({ headers }: HttpResponse, attempt: number, firstMs: number): number {
  const stated = Number(headers['retry-after']);
  const wait =
    Number.isFinite(stated) && headers['retry-after'] !== undefined
      ? stated * 1000
      : firstMs * 2 ** (attempt - 1);
  return Math.min(wait, LONGEST_WAIT_MS);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return code !== null && !error.message.includes(code)
    ? `${error.message} (${code})`
    : error.message || error.name;
}
