// The certificate that other machines see, from files in PEM form. Files that are renewed are taken up without a restart.

import { readFile, stat } from 'node:fs/promises';
import type { Server as HttpServer, RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import { AtelierError } from '../contracts/errors.ts';
import type { Log } from '../lib/log.ts';

export interface Tls {
  createServer(listener: RequestListener): HttpServer;
  close(): void;
}

interface TlsFiles {
  cert: string;
  key: string;
}

const LOOK_EVERY_MS = 60_000;

async function load({ cert, key }: TlsFiles): Promise<{ cert: Buffer; key: Buffer }> {
  const read = (path: string) =>
    readFile(path).catch((cause: unknown) => {
      throw new AtelierError(
        'invalid_request',
        `${path} cannot be read: ${cause instanceof Error ? cause.message : cause}. Check --tls-cert and --tls-key.`,
        { cause, data: { path } },
      );
    });
  const pair = { cert: await read(cert), key: await read(key) };
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw new AtelierError(
      'invalid_request',
      `${cert} and ${key} are no certificate and key that belong together (${cause instanceof Error ? cause.message : cause}). Both are files in PEM form.`,
      { cause, data: { cert, key } },
    );
  }
  return pair;
}

const stamp = async ({ cert, key }: TlsFiles) => `${(await stat(cert)).mtimeMs} ${(await stat(key)).mtimeMs}`;

/** @throws AtelierError invalid_request when the files are no certificate and its key */
export async function openTls(files: TlsFiles, log: Log, lookEveryMs = LOOK_EVERY_MS): Promise<Tls> {
  let pair = await load(files);
  let seen = await stamp(files);
  const servers: ReturnType<typeof createServer>[] = [];

  async function look(): Promise<void> {
    const now = await stamp(files);
    if (now === seen) return;
    pair = await load(files);
    seen = now;
    for (const server of servers) server.setSecureContext(pair);
    log.info('the certificate was renewed', { path: files.cert });
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) =>
      log.error('the certificate cannot be renewed; the earlier one stays', { error: String(error) }),
    );
  }, lookEveryMs).unref();

  return {
    createServer(listener) {
      const server = createServer({ ...pair, minVersion: 'TLSv1.2' }, listener);
      servers.push(server);
      return server;
    },
    close: () => clearInterval(timer),
  };
}
