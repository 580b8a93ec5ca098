// An OpenAI-compatible server on a free port whose answers the test writes: for faults that a real one shows only on bad days.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export interface FakeEndpoint {
  /** With /v1. */
  baseUrl: string;
  host: string;
  requests: FakeRequest[];
  /** Answers by `METHOD /path`; anything else is 404. */
  on(route: string, answer: (response: ServerResponse, request: FakeRequest) => void): void;
  /** Connections that are open now. */
  sockets(): number;
  close(): Promise<void>;
}

export async function startFakeEndpoint(): Promise<FakeEndpoint> {
  const routes = new Map<string, (response: ServerResponse, request: FakeRequest) => void>();
  const requests: FakeRequest[] = [];
  const server = createServer(async (incoming, response) => {
    let text = '';
    for await (const chunk of incoming) text += chunk;
    const request = {
      method: incoming.method ?? '',
      // Through a proxy the whole address comes.
      path: new URL(incoming.url ?? '/', 'http://fake').pathname,
      headers: incoming.headers,
      body: text === '' ? null : (JSON.parse(text) as unknown),
    };
    requests.push(request);
    const answer = routes.get(`${request.method} ${request.path}`);
    if (answer) answer(response, request);
    else
      response
        .writeHead(404, { 'content-type': 'application/json' })
        .end('{"error":{"message":"no such route"}}');
  });
  const open = new Set<unknown>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    baseUrl: `http://${host}/v1`,
    host,
    requests,
    on: (route, answer) => void routes.set(route, answer),
    sockets: () => open.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Server-sent events: objects as JSON, strings as they are. The caller ends the response. */
export function events(response: ServerResponse, list: readonly unknown[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of list)
    response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
}

/** A chat completion's chunk. */
export const chunk = (choice: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  id: 'cmpl_1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'far-model',
  choices: [{ index: 0, ...choice }],
  ...more,
});
