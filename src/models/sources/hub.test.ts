// The hub source against a local server that redirects, cuts, lies, stalls and refuses.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HubServer, startHubServer } from '../../../test/hub-server.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { TaskProgress } from '../../contracts/task.ts';
import { createHttp } from '../../lib/http.ts';
import { createHubSource, type HubFile, type HubOptions } from './hub.ts';

const http = createHttp({ env: {} });
const content = randomBytes(600_000);
let hub: HubServer;
let folder: string;

beforeEach(async () => {
  hub = await startHubServer(content);
  folder = await mkdtemp(join(tmpdir(), 'atelier-hub-'));
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => http.close());

const file: HubFile = {
  repo: 'owner/name',
  file: 'model.gguf',
  revision: 'main',
  sizeBytes: null,
  sha256: null,
};

function start(
  options: Partial<HubOptions> = {},
  settings: Partial<HubFile> = {},
  signal = new AbortController().signal,
) {
  const progress: TaskProgress[] = [];
  const source = createHubSource({
    http,
    endpoint: hub.url,
    retryAfterMs: 5,
    answerWithinMs: 300,
    stallMs: 300,
    ...options,
  });
  const done = source.fetch({ ...file, ...settings }, { folder, signal, progress: (p) => progress.push(p) });
  return { done, progress };
}
const fails = async (run: { done: Promise<unknown> }, code: ErrorCode) => {
  const error = await run.done.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ name: 'AtelierError', code });
  return error as { message: string; data: Record<string, unknown>; retryable: boolean };
};
/** Sends the first `bytes` of what is asked for and breaks the connection, `times` times. */
const cutAfter = (bytes: number, times: number) => {
  let left = times;
  hub.atBytes = (request, response) => {
    if (left-- <= 0) return false;
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(request.headers.range ? 206 : 200, {
      'content-length': content.length - from,
      'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
    });
    response.write(content.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 20));
    return true;
  };
};

describe('a file of the hub', () => {
  test('is fetched through the redirect and has the stated size and hash', async () => {
    const { done, progress } = start({ token: 'secret' });
    const fetched = await done;
    expect(fetched).toMatchObject({ sizeBytes: content.length, sha256: hub.sha256 });
    expect(content.equals(await readFile(fetched.path))).toBe(true);
    expect(progress.at(-1)).toMatchObject({ done: content.length, total: content.length, note: 'verifying' });
    expect(progress.some((p) => p.note === 'downloading')).toBe(true);
    expect(hub.leakedTokens).toEqual([]);
  });

  test('of a mirror with a name and a password in its address is asked for with them, and no message holds them', async () => {
    const seen: (string | undefined)[] = [];
    hub.atHub = (request) => {
      seen.push(request.headers.authorization);
      return false;
    };
    const endpoint = hub.url.replace('://', '://me:hunter2@');
    await start({ endpoint }).done;
    expect(seen[0]).toBe(`Basic ${Buffer.from('me:hunter2').toString('base64')}`);
    expect(hub.leakedTokens).toEqual([]);
    hub.atHub = (_request, response) => Boolean(response.writeHead(404).end());
    expect(JSON.stringify(await fails(start({ endpoint }), 'not_found'))).not.toContain('hunter2');
  });

  test('goes on by ranges when the connection breaks', async () => {
    cutAfter(100_000, 3);
    await start().done;
    const ranges = hub.requests.filter((line) => line.startsWith('GET bytes'));
    expect(ranges).toHaveLength(4);
    expect(ranges[0]).toBe('GET bytes all');
    expect(ranges.slice(1).every((line) => /bytes=\d+-/.test(line))).toBe(true);
  });

  test('goes on after a stop, and fetches only what is missing', async () => {
    const stop = new AbortController();
    hub.atBytes = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 200_000));
      setTimeout(() => stop.abort('pause'), 50);
      return true;
    };
    await fails(start({ stallMs: 5000 }, {}, stop.signal), 'cancelled');
    hub.atBytes = () => false;
    expect((await stat(join(folder, 'file.partial'))).size).toBe(200_000);
    expect((await start().done).sha256).toBe(hub.sha256);
    expect(hub.requests.at(-1)).toBe('GET bytes bytes=200000-');
  });

  test('starts anew when the hub has a newer file', async () => {
    cutAfter(100_000, 99);
    await fails(start({ attempts: 1 }), 'download_failed');
    hub.content = randomBytes(500_000);
    const { createHash } = await import('node:crypto');
    hub.sha256 = createHash('sha256').update(hub.content).digest('hex');
    hub.atBytes = () => false;
    expect((await start().done).sha256).toBe(hub.sha256);
    expect(hub.requests.at(-1)).toBe('GET bytes all');
  });

  test('starts anew once when what lay there was damaged', async () => {
    cutAfter(100_000, 99);
    await fails(start({ attempts: 1 }), 'download_failed');
    hub.atBytes = () => false;
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(folder, 'file.partial'), Buffer.alloc(90_000));
    expect((await start().done).sha256).toBe(hub.sha256);
  });

  test('is fetched from a server without ranges', async () => {
    hub.ranges = false;
    let first = true;
    hub.atBytes = (_request, response) => {
      if (!first) return false;
      first = false;
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 50_000), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    expect((await start().done).sha256).toBe(hub.sha256);
  });

  test.each([429, 503])('is tried again after status %i', async (status) => {
    let refusals = 2;
    hub.atHub = (_request, response) => {
      if (refusals-- <= 0) return false;
      response.writeHead(status, { 'retry-after': '0' }).end();
      return true;
    };
    let refusedBytes = 2;
    hub.atBytes = (_request, response) => {
      if (refusedBytes-- <= 0) return false;
      response.writeHead(status).end();
      return true;
    };
    expect((await start().done).sha256).toBe(hub.sha256);
  });

  test('without a stated hash is checked by its length and recorded', async () => {
    hub.stateHash = false;
    expect(await start().done).toMatchObject({ sizeBytes: content.length, sha256: hub.sha256 });
  });
});

describe('what is not as promised', () => {
  test('a wrong hash throws the file away', async () => {
    hub.sha256 = 'a'.repeat(64);
    const error = await fails(start(), 'download_corrupt');
    expect(error.message).toContain('a'.repeat(64));
    expect((await stat(join(folder, 'file.partial'))).size).toBe(0);
  });

  test('a hub whose file is not the pinned one is refused before the first byte', async () => {
    await fails(start({}, { sha256: 'b'.repeat(64) }), 'download_corrupt');
    expect(hub.requests.filter((line) => line.startsWith('GET'))).toEqual([]);
  });

  test('a server that sends too much is refused', async () => {
    hub.atBytes = (_request, response) => {
      response.writeHead(200);
      response.end(Buffer.concat([content, content]));
      return true;
    };
    await fails(start(), 'download_corrupt');
  });

  test('a hub that hangs costs no more than the limit', async () => {
    hub.atHub = () => true;
    const began = performance.now();
    const error = await fails(start(), 'source_unavailable');
    expect(performance.now() - began).toBeLessThan(1500);
    expect(error.message).toContain('no answer within 300 ms');
  });

  test('a hub that is not there is told apart from one that refuses', async () => {
    const error = await fails(start({ endpoint: 'http://127.0.0.1:1' }), 'source_unavailable');
    expect(error.data.unreachable).toBe(true);
    expect(error.retryable).toBe(true);
  });

  test('bytes that stall are given up after the tries', async () => {
    hub.atBytes = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 1000));
      return true;
    };
    const error = await fails(start({ attempts: 2, stallMs: 100 }), 'download_failed');
    expect(error.retryable).toBe(true);
  });

  test.each([
    [404, 'not_found'],
    [401, 'download_failed'],
    [403, 'download_failed'],
  ] as const)('status %i is %s', async (status, code) => {
    hub.atHub = (_request, response) => {
      response.writeHead(status).end();
      return true;
    };
    await fails(start(), code);
  });

  test.each([
    { file: '../../etc/passwd.gguf' },
    { file: 'a/../b.gguf' },
    { file: '/model.gguf' },
    { file: 'model.gguf\\..\\x.gguf' },
    { file: 'model.bin' },
    { repo: '../x' },
    { repo: 'a/b/c' },
    { revision: '..' },
    { revision: 'main?x=1' },
  ])('the name %o is refused', async (settings) => {
    await fails(start({}, settings), 'invalid_request');
    expect(hub.requests).toEqual([]);
  });
});

describe('the disk', () => {
  test('too small for the file: refused before the first byte, with both figures', async () => {
    const error = await fails(start({ free: async () => 1000 }), 'storage_full');
    expect(error.data).toMatchObject({ freeBytes: 1000 });
    expect(Number(error.data.neededBytes)).toBeGreaterThan(content.length);
    expect(hub.requests.some((line) => line.startsWith('GET'))).toBe(false);
  });

  test('running full on the way is told as such', async () => {
    const { open } = await import('node:fs/promises');
    const openFile = async (path: string, flags: string) => {
      const handle = await open(path, flags);
      let room = 100_000;
      const write = handle.write.bind(handle) as (...args: unknown[]) => Promise<unknown>;
      Object.assign(handle, {
        write: async (chunk: Uint8Array, ...rest: unknown[]) => {
          room -= chunk.length;
          if (room < 0)
            throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
          return write(chunk, ...rest);
        },
      });
      return handle;
    };
    const error = await fails(start({ openFile }), 'storage_full');
    expect(Number(error.data.neededBytes)).toBeGreaterThan(400_000);
    expect(error.data.freeBytes).toBeTypeOf('number');
  });
});
