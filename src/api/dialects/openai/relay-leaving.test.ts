// A client that goes away from a relayed answer, whenever it does: nothing stays reserved, open or running.
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';
import type { WireRequest } from '../../../models/model-call.ts';
import { createScriptedProvider } from '../../../models/providers/scripted/scripted-provider.ts';
import type { ModelProvider } from '../../../models/registry.ts';

const encoder = new TextEncoder();
const line = `data: ${JSON.stringify({ id: 'resp_1', choices: [{ index: 0, delta: { content: 'x'.repeat(60_000) } }] })}\n\n`;

let app: TestApp;
let url: URL;
let open = 0;
/** How the provider behaves: when it begins, and what it sends. */
let behave: { afterMs: number; chunks: number };

function upstream(signal: AbortSignal): ReadableStream<Uint8Array> {
  let left = behave.chunks;
  let over = false;
  open += 1;
  const end = () => {
    if (!over) open -= 1;
    over = true;
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const stop = () => {
          end();
          controller.error(signal.reason);
        };
        if (signal.aborted) stop();
        signal.addEventListener('abort', stop);
      },
      async pull(controller) {
        if (left-- > 0) return controller.enqueue(encoder.encode(line));
        // Silent from now on, as a model that thinks.
        await new Promise(() => undefined);
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}

beforeAll(async () => {
  const [info] = await createScriptedProvider().list();
  const up: ModelProvider = {
    id: 'up',
    list: async () => [],
    resolve: async (name) => ({
      info: { ...info!, id: `up/${name}`, provider: 'up', name },
      language: null,
      embedding: null,
      relays: ['openai-chat', 'openai-responses', 'anthropic-messages'],
      async relay(wire: WireRequest) {
        await new Promise((resolve) => setTimeout(resolve, behave.afterMs));
        return {
          status: 200,
          headers: { 'content-type': wire.body.stream ? 'text/event-stream' : 'application/json' },
          body: upstream(wire.signal),
          hidden: () => [],
          toError: () => {
            throw new Error('none');
          },
        };
      },
    }),
  };
  app = await createTestApp({ providers: [up] });
  url = new URL(await app.url());
  await app.services.spending.createBudget({
    subject: { kind: 'everyone', id: '' },
    period: 'month',
    unit: 'tokens',
    amount: 1_000_000_000,
    action: 'refuse',
  });
});
afterAll(() => app.close());
beforeEach(() => {
  open = 0;
});

/** Sends the request, waits, reads nothing or all that comes, and drops the socket. */
async function leave(path: string, body: object, waitMs: number, reads: boolean): Promise<void> {
  const text = JSON.stringify({ model: 'up/m', ...body });
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  socket.on('error', () => undefined);
  if (reads) socket.resume();
  else socket.pause();
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  socket.destroy();
}

const messages = [{ role: 'user', content: 'Hi' }];
const routes: [string, object][] = [
  ['/v1/chat/completions', { messages }],
  ['/v1/responses', { input: 'Hi' }],
  ['/v1/messages', { messages, max_tokens: 50 }],
];
const moments: [string, { afterMs: number; chunks: number }, number, boolean, boolean][] = [
  ['before the provider begins', { afterMs: 200, chunks: 1 }, 40, true, true],
  ['while the provider is silent', { afterMs: 0, chunks: 1 }, 100, true, true],
  ['while it reads nothing and the provider goes on', { afterMs: 0, chunks: 1000 }, 200, false, true],
  ['before a whole answer is there', { afterMs: 0, chunks: 1 }, 100, true, false],
];

test.each(routes.flatMap(([path, body]) => moments.map((moment) => [path, ...moment, body] as const)))(
  '%s: left %s',
  async (path, _when, how, waitMs, reads, stream, body) => {
    behave = how;
    await leave(path, { ...body, stream }, waitMs, reads);
    const { spending, ledger } = app.services;
    const state = async () => {
      await ledger.flush();
      const { traces } = await ledger.listTraces({ limit: 50 }, null);
      const [budget] = await spending.listBudgets();
      return {
        reserved: budget?.reserved,
        open,
        running: traces.filter((one) => one.status === 'running').length,
      };
    };
    await new Promise((resolve) => setTimeout(resolve, how.afterMs));
    await expect.poll(state, { timeout: 2000, interval: 20 }).toEqual({ reserved: 0, open: 0, running: 0 });
  },
);
