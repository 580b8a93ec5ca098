// A local server that speaks the addresses of the Hugging Face hub: a first answer that states size and hash and
// redirects, a second host of bytes with ranges, and every misbehaviour that a test asks for.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubServer {
  url: string;
  /** `GET /cdn/... bytes=100-` as they came. */
  requests: string[];
  /** Authorization headers that reached the host of bytes. */
  leakedTokens: string[];
  content: Buffer;
  sha256: string;
  /** Called before the usual answer; returns true when it answered itself. */
  atHub: (request: IncomingMessage, response: ServerResponse) => boolean;
  atBytes: (request: IncomingMessage, response: ServerResponse) => boolean;
  ranges: boolean;
  stateHash: boolean;
  close(): Promise<void>;
}

export async function startHubServer(content: Buffer): Promise<HubServer> {
  const bytes = createServer((request, response) => {
    hub.requests.push(`${request.method} bytes ${request.headers.range ?? 'all'}`);
    if (request.headers.authorization) hub.leakedTokens.push(request.headers.authorization);
    if (hub.atBytes(request, response)) return;
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const from = hub.ranges && range ? Number(range[1]) : 0;
    const total = hub.content.length;
    response.writeHead(hub.ranges && range ? 206 : 200, {
      'content-length': total - from,
      etag: '"delivery-network"',
      ...(hub.ranges && range && { 'content-range': `bytes ${from}-${total - 1}/${total}` }),
    });
    response.end(request.method === 'HEAD' ? undefined : hub.content.subarray(from));
  });
  const front = createServer((request, response) => {
    hub.requests.push(`${request.method} hub ${request.url}`);
    if (hub.atHub(request, response)) return;
    if (!request.url?.startsWith('/owner/name/resolve/')) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(302, {
        location: `http://127.0.0.1:${(bytes.address() as AddressInfo).port}/blob`,
        ...(hub.stateHash && { 'x-linked-size': hub.content.length, 'x-linked-etag': `"${hub.sha256}"` }),
      })
      .end();
  });
  const listen = (server: typeof front) =>
    new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await Promise.all([listen(front), listen(bytes)]);
  const hub: HubServer = {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    requests: [],
    leakedTokens: [],
    content,
    sha256: createHash('sha256').update(content).digest('hex'),
    atHub: () => false,
    atBytes: () => false,
    ranges: true,
    stateHash: true,
    async close() {
      for (const server of [front, bytes]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  return hub;
}
