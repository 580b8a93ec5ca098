// How the server ends: gracefully with an answer under way, and by kill -9 in mid-answer, seen through its API.
// 3 kills, 20 in the long run.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { type Conversation, type Message, writtenText } from '../../src/contracts/conversation.ts';
import type { LoggedEvent } from '../../src/contracts/run.ts';
import { eventData } from '../../src/interface/cli/sse.ts';
import { type RunningServer, startServer } from '../start-server.ts';

const kills = process.env.ATELIER_LONG ? 20 : 3;
const LOST_AT_MOST_MS = 500;
let server: RunningServer;
afterAll(() => server?.stop());

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${server.url}/atelier/v1${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const begin = () => call<Conversation>('POST', '/conversations', { model: 'scripted/script' });
const say = (id: string, text: string) =>
  call<{ user: Message; assistant: Message }>('POST', `/conversations/${id}/messages`, {
    parts: [{ type: 'text', text }],
  });
const messagesOf = async (id: string) =>
  (await call<{ messages: Message[] }>('GET', `/conversations/${id}`)).messages;
const textOf = (message: Message | undefined) => message?.parts.map(writtenText).join('') ?? '';

/** What a page would have shown, and when. Ends with the answer or with the server. */
function watch(runId: string | null) {
  const seen: { text: string; at: number }[] = [];
  const ended = (async () => {
    const response = await fetch(`${server.url}/atelier/v1/runs/${runId}/events`);
    try {
      for await (const data of eventData(response.body)) {
        const { event } = JSON.parse(data) as LoggedEvent;
        if (event.type === 'text-delta') seen.push({ text: event.delta, at: Date.now() });
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  })();
  return { seen, ended };
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s with an answer under way', async (signal) => {
  server = await startServer();
  const { id } = await begin();
  const { assistant } = await say(id, '#delay 50\n#words 2000');
  const { seen, ended } = watch(assistant.runId);
  while (seen.length < 10) await sleep(20);
  const began = performance.now();
  server.process.kill(signal);
  // One Ctrl+C reaches the server more than once when npm passes it on, within a few milliseconds: later the stop may be
  // done, and a signal then meets a process that has no handler any more.
  await sleep(5);
  server.process.kill(signal);
  expect(await server.stop({ keep: true })).toBe(0);
  expect(performance.now() - began).toBeLessThan(10_000);
  await ended;
  expect(server.output()).toContain('"event":"stopping"');

  const { dataDir } = server;
  server = await startServer({ dataDir });
  const answer = (await messagesOf(id)).find((message) => message.id === assistant.id);
  expect(['interrupted', 'stopped']).toContain(answer?.status);
  expect(textOf(answer).startsWith(seen.map((delta) => delta.text).join(''))).toBe(true);
  expect(await server.stop()).toBe(0);
});

test(
  `nothing confirmed is lost in ${kills} kills`,
  async () => {
    server = await startServer();
    const { dataDir } = server;
    const { id } = await begin();
    const confirmed: string[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const whole = await say(id, `#text Answer ${kill}`);
      await watch(whole.assistant.runId).ended;
      const cut = await say(id, '#delay 5\n#words 100000');
      confirmed.push(whole.user.id, whole.assistant.id, cut.user.id, cut.assistant.id);
      const { seen, ended } = watch(cut.assistant.runId);
      while (seen.length === 0) await sleep(10);
      await sleep(600 + ((kill * 271) % 900));
      const killedAt = Date.now();
      await server.kill();
      await ended;

      server = await startServer({ dataDir });
      const stored = new Map((await messagesOf(id)).map((message) => [message.id, message]));
      expect([...stored.keys()].sort()).toEqual([...confirmed].sort());
      expect(stored.get(whole.assistant.id)).toMatchObject({ status: 'complete' });
      expect(textOf(stored.get(whole.assistant.id))).toBe(`Answer ${kill}`);
      const text = textOf(stored.get(cut.assistant.id));
      expect(stored.get(cut.assistant.id)?.status).toBe('interrupted');
      const safe = seen.filter((delta) => delta.at <= killedAt - LOST_AT_MOST_MS);
      expect(safe.length).toBeGreaterThan(0);
      expect(text.startsWith(safe.map((delta) => delta.text).join(''))).toBe(true);
      const shown = seen.map((delta) => delta.text).join('');
      expect(shown.startsWith(text) || text.startsWith(shown)).toBe(true);
    }
  },
  30_000 + kills * 20_000,
);
