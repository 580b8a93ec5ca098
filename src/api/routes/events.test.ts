// What happens is told to an open page; and tasks and providers, whose changes are among it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import type { Provider } from '../../contracts/provider.ts';
import type { ServerEvent } from '../../contracts/system.ts';
import type { Task } from '../../contracts/task.ts';

let app: TestApp;
let release: () => void = () => {};
const events: ServerEvent[] = [];
let leave: () => Promise<void>;

beforeAll(async () => {
  app = await createTestApp();
  app.jobs.register({
    kind: 'test.wait',
    canPause: true,
    run: ({ signal }) =>
      new Promise((resolve, reject) => {
        release = () => resolve({ done: true });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  });
  await app.jobs.start();
  const response = await app.request('/atelier/v1/events');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  leave = () => reader.cancel();
  void (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const [, data] of value.matchAll(/^data: (.*)$/gm)) events.push(JSON.parse(data!) as ServerEvent);
    }
  })();
});
afterAll(async () => {
  await leave();
  await app.close();
});

const types = () => events.map((event) => event.type);

test('the first event is how the first model comes to be', async () => {
  await expect
    .poll(() => events[0])
    .toMatchObject({ type: 'first-run-changed', firstRun: { state: 'none' } });
});

test('a changed setting, a new conversation and a call are told', async () => {
  await app.send('/atelier/v1/settings', { theme: 'light' }, { method: 'PATCH' });
  await app.send('/atelier/v1/conversations', { title: 'New' });
  await app.send('/v1/chat/completions', {
    model: 'scripted/echo',
    messages: [{ role: 'user', content: 'hi' }],
  });
  await expect
    .poll(types)
    .toEqual(
      expect.arrayContaining([
        'settings-changed',
        'conversations-changed',
        'conversation-changed',
        'trace-changed',
      ]),
    );
});

test('documents on their way in are told to their owner', async () => {
  const created = await app.send('/atelier/v1/collections', { name: 'Papers' });
  const { id } = (await created.json()) as { id: string };
  await expect
    .poll(() => events.filter((event) => event.type === 'knowledge-changed'))
    .toContainEqual({ type: 'knowledge-changed', collectionId: id, userId: 'local' });
});

test('a task is listed, paused, resumed and followed to its end', async () => {
  const { id } = await app.jobs.enqueue('test.wait', {}, { title: 'Waiting' });
  const task = async (action?: string) => {
    const address = `/atelier/v1/tasks/${id}${action ? `/${action}` : ''}`;
    return (await (await app.request(address, { method: action ? 'POST' : 'GET' })).json()) as Task;
  };
  const status = async () => (await task()).status;
  await expect.poll(status).toBe('running');
  const open = (await (await app.request('/atelier/v1/tasks?open=true')).json()) as { tasks: Task[] };
  expect(open.tasks.map((one) => one.id)).toEqual([id]);
  await task('pause');
  await expect.poll(status).toBe('paused');
  await task('resume');
  await expect.poll(status).toBe('running');
  release();
  await expect.poll(status).toBe('complete');
  await expect
    .poll(() => events.findLast((event) => event.type === 'task-changed'))
    .toMatchObject({ task: { id, status: 'complete' } });
  expect(await (await app.request('/atelier/v1/tasks?open=true')).json()).toEqual({ tasks: [] });
  expect((await app.request('/atelier/v1/tasks/none')).status).toBe(404);
  expect((await app.request(`/atelier/v1/tasks/${id}/explode`, { method: 'POST' })).status).toBe(400);
});

test('a provider: another server of ours, added with a key that never comes out again', async () => {
  const other = await createTestApp();
  const baseUrl = `${await other.url()}/v1`;
  const path = '/atelier/v1/providers';
  const input = { name: 'The other', baseUrl, apiKey: 'sk-very-secret' };
  expect(await (await app.send(`${path}/test`, input)).json()).toMatchObject({ ok: true });
  const created = await app.send(path, input);
  expect(created.status).toBe(201);
  const provider = (await created.json()) as Provider;
  expect(provider).toMatchObject({ name: 'The other', hasKey: true });
  const listed = await (await app.request(path)).text();
  expect(listed).toContain(provider.id);
  expect(listed).not.toContain('sk-very-secret');
  expect(await (await app.request(`${path}/${provider.id}/test`, { method: 'POST' })).json()).toMatchObject({
    ok: true,
  });

  // A call goes through both: our wire, our client of that wire, and our wire again.
  const answer = await app.send('/v1/chat/completions', {
    model: `${provider.id}/scripted/script`,
    messages: [{ role: 'user', content: '#text Through two doors' }],
  });
  // The answer passes through as it came, with the name that the model has there.
  expect(await answer.json()).toMatchObject({
    model: 'scripted/script',
    choices: [{ message: { content: 'Through two doors' } }],
  });
  const renamed = await app.send(
    `${path}/${provider.id}`,
    { name: 'Renamed', apiKey: null },
    { method: 'PATCH' },
  );
  expect(await renamed.json()).toMatchObject({ name: 'Renamed', hasKey: false, baseUrl: provider.baseUrl });
  expect((await app.request(`${path}/${provider.id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await app.request(`${path}/${provider.id}`, { method: 'DELETE' })).status).toBe(404);
  await expect.poll(types).toContain('models-changed');
  await other.close();
});
