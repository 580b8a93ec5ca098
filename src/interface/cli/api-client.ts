// How commands reach Atelier: the running server of the data folder, or, when none runs, the same routes in this process.

import { readAddress, readMachineToken } from '../../app.ts';
import type { Config } from '../../config.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { openApp } from './open-app.ts';
import { wireError } from './wire-error.ts';

export interface ApiClient {
  /** @throws AtelierError as the server sent it */
  json<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** A body is sent as JSON, a FormData as a form. */
  request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response>;
  /** No server runs: what is not done when this command ends, waits for one. */
  readonly ownProcess: boolean;
  close(): Promise<void>;
}

function clientOver(
  send: (path: string, init: RequestInit) => Promise<Response>,
  machineToken: string | null,
  close: () => Promise<void>,
  ownProcess: boolean,
): ApiClient {
  const request: ApiClient['request'] = async (method, path, body, signal) => {
    const response = await send(path, {
      method,
      headers: {
        'x-atelier-client': 'cli',
        ...(machineToken === null ? {} : { 'x-atelier-machine': machineToken }),
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.ok) return response;
    const sent = (await response.json().catch(() => null)) as { error?: unknown } | null;
    throw (
      wireError(sent?.error) ??
      new AtelierError('internal', `The server answered ${response.status} to ${method} ${path}.`)
    );
  };
  return {
    request,
    async json(method, path, body) {
      const response = await request(method, path, body);
      return (response.status === 204 ? undefined : await response.json()) as never;
    },
    ownProcess,
    close,
  };
}

export async function openClient(config: Config): Promise<ApiClient> {
  const address = await readAddress(config.dataDir);
  if (address !== null) return clientOfServer(address.localUrl, await readMachineToken(config.dataDir));
  const opened = await openApp(config);
  if ('running' in opened) return clientOfServer(opened.localUrl, await readMachineToken(config.dataDir));
  const { app } = opened;
  try {
    const { createServer } = await import('../../api/server.ts');
    await app.start();
    const server = createServer(app);
    const host = `localhost:${config.port}`;
    return clientOver(
      async (path, init) =>
        server.request(
          new Request(new URL(path, `http://${host}`), { ...init, headers: { ...init.headers, host } }),
        ),
      app.access.machineToken,
      () => app.close(),
      true,
    );
  } catch (error) {
    await app.close();
    throw error;
  }
}

function clientOfServer(url: string, machineToken: string | null): ApiClient {
  return clientOver(
    async (path, init) => {
      try {
        return await fetch(new URL(path, url), init);
      } catch (error) {
        if (init.signal?.aborted) throw error;
        throw new AtelierError(
          'interrupted',
          `The Atelier at ${url} has the data folder and does not answer. Wait a moment and run the command again, or stop it first.`,
          { cause: error, data: { url }, retryable: true },
        );
      }
    },
    machineToken,
    async () => {},
    false,
  );
}
