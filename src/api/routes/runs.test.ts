// A run's events over HTTP: from any point, without a gap or a double, and to more than one reader.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import type { RunWriter } from '../../agent/run-log.ts';
import type { LoggedEvent } from '../../contracts/run.ts';
import { newId } from '../../lib/ids.ts';

let app: TestApp;
let run: RunWriter;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  const start = { kind: 'test', userId: 'local', conversationId: null, messageId: null };
  run = await app.runs.start({ id: newId('run'), ...start }, []);
});

const delta = (text: string) => run.append({ type: 'text-delta', id: '0', delta: text });
const finish = () => run.finish({ type: 'run-finish', status: 'complete', receipt: null, error: null }, []);
const watch = (query = '', headers: Record<string, string> = {}) =>
  app.request(`/atelier/v1/runs/${run.id}/events${query}`, { headers });

/** The events of a stream, each checked to carry its own number as id. */
async function read(response: Response): Promise<LoggedEvent[]> {
  const blocks = (await response.text()).split('\n\n').filter((block) => block.startsWith('id:'));
  return blocks.map((block) => {
    const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(block)!;
    const event = JSON.parse(data!) as LoggedEvent;
    expect(event.seq).toBe(Number(id));
    return event;
  });
}
const text = (events: LoggedEvent[]) =>
  events.map(({ event }) => (event.type === 'text-delta' ? event.delta : `(${event.type})`)).join('');

test('two readers in mid-answer both get all of it, and the stream ends with the run', async () => {
  delta('a');
  const first = await watch();
  expect(first.headers.get('content-type')).toContain('text/event-stream');
  delta('b');
  const second = await watch('?after=1');
  delta('c\nd');
  await finish();
  expect(text(await read(first))).toBe('abc\nd(run-finish)');
  expect(text(await read(second))).toBe('bc\nd(run-finish)');
  expect(text(await read(await watch('?after=2')))).toBe('c\nd(run-finish)');
  expect(await (await app.request(`/atelier/v1/runs/${run.id}`)).json()).toMatchObject({
    status: 'complete',
  });
});

test('a reconnecting EventSource goes on after its last event', async () => {
  for (const part of ['a', 'b', 'c']) delta(part);
  await finish();
  expect(text(await read(await watch('?after=0', { 'last-event-id': '2' })))).toBe('c(run-finish)');
  expect(text(await read(await watch('', { 'last-event-id': 'nonsense' })))).toBe('abc(run-finish)');
});

test('cancel reaches the writer', async () => {
  const response = await app.request(`/atelier/v1/runs/${run.id}/cancel`, { method: 'POST' });
  expect(response.status).toBe(202);
  expect(run.signal.aborted).toBe(true);
  await run.finish({ type: 'run-finish', status: 'stopped', receipt: null, error: null }, []);
});

test.each(['', '/events', '/cancel'])('a run that there is not: %s', async (suffix) => {
  const response = await app.request(`/atelier/v1/runs/none${suffix}`, {
    method: suffix === '/cancel' ? 'POST' : 'GET',
  });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  await finish();
});

test('a bad number is refused, and HEAD reads nothing', async () => {
  expect((await watch('?after=-1')).status).toBe(400);
  expect((await watch('?after=x')).status).toBe(400);
  const head = await app.request(`/atelier/v1/runs/${run.id}/events`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  await finish();
});
