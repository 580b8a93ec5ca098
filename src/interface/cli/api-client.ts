// How commands reach Atelier: the running server of the data folder, or, when none runs, the same routes in this process.

import { readAddress } from '../../app.ts';
import type { Config } from '../../config.ts';
import { AtelierError, type ErrorBody, errorFromBody } from '../../contracts/errors.ts';
import { version } from './version.ts';

export interface ApiClient {
  /** The running server's address; null when the routes run in this process. */
  readonly url: string | null;
  /** @throws AtelierError as the server sent it */
  json<T>(method: string, path: string, body?: unknown): Promise<T>;
  request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response>;
  close(): Promise<void>;
}

function clientOver(
  url: string | null,
  send: (path: string, init: RequestInit) => Promise<Response>,
  close: () => Promise<void>,
): ApiClient {
  const request: ApiClient['request'] = async (method, path, body, signal) => {
    const response = await send(path, {
      method,
      headers: {
        'x-atelier-client': 'cli',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.ok) return response;
    const sent = (await response.json().catch(() => null)) as {
      error?: ErrorBody & { type?: string };
    } | null;
    if (sent?.error?.code && sent.error.data) throw errorFromBody(sent.error);
    throw new AtelierError(
      'internal',
      sent?.error?.message ?? `The server answered ${response.status} to ${method} ${path}.`,
    );
  };
  return {
    url,
    request,
    async json(method, path, body) {
      const response = await request(method, path, body);
      return (response.status === 204 ? undefined : await response.json()) as never;
    },
    close,
  };
}

export async function openClient(config: Config): Promise<ApiClient> {
  const address = await readAddress(config.dataDir);
  if (address !== null) {
    return clientOver(
      address.url,
      (path, init) => fetch(new URL(path, address.url), init),
      async () => {},
    );
  }
  const [{ createApp }, { createServer }] = await Promise.all([
    import('../../app.ts'),
    import('../../api/server.ts'),
  ]);
  const app = await createApp({ ...config, model: 'none' }, { version });
  await app.start();
  const server = createServer(app);
  return clientOver(
    null,
    async (path, init) =>
      server.request(
        new Request(new URL(path, `http://localhost:${config.port}`), {
          ...init,
          headers: { ...init.headers, host: `localhost:${config.port}` },
        }),
      ),
    () => app.close(),
  );
}
