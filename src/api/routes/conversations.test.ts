// A conversation over HTTP, from its beginning to its export, with what it leaves in the ledger.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import type { Conversation, Message } from '../../contracts/conversation.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const path = '/atelier/v1/conversations';
const said = (text: string) => ({ parts: [{ type: 'text', text }] });

async function json<T>(response: Promise<Response>, status: number): Promise<T> {
  const answered = await response;
  const text = await answered.text();
  expect(answered.status, text).toBe(status);
  return JSON.parse(text) as T;
}
const begin = (fields: object = {}) =>
  json<Conversation>(app.send(path, { model: 'scripted/script', ...fields }), 201);
interface Sent {
  conversation: Conversation;
  user: Message | null;
  assistant: Message;
}
const say = (id: string, text: string, headers: Record<string, string> = {}) =>
  json<Sent>(app.send(`${path}/${id}/messages`, said(text), { headers }), 202);
/** Waits for an answer by reading its run to the end. */
async function answered(sent: Sent): Promise<Message> {
  await (await app.request(`/atelier/v1/runs/${sent.assistant.runId}/events`)).text();
  const { messages } = await json<{ messages: Message[] }>(
    app.request(`${path}/${sent.conversation.id}`),
    200,
  );
  return messages.find((message) => message.id === sent.assistant.id)!;
}

test('a message is acknowledged at once, answered by a run, and stands in the ledger', async () => {
  const { id } = await begin({ title: 'Été à Paris' });
  const sent = await say(id, '#text Bonjour à tous');
  expect(sent.assistant).toMatchObject({ status: 'running', role: 'assistant' });
  const message = await answered(sent);
  expect(message).toMatchObject({ status: 'complete', parts: [{ type: 'text', text: 'Bonjour à tous' }] });
  await app.services.ledger.flush();
  const trace = await app.services.ledger.getTrace(message.receipt!.traceId, null);
  expect(trace.summary).toMatchObject({ source: 'page', conversationId: id, status: 'ok' });

  const markdown = await app.request(`${path}/${id}/export?format=markdown`);
  expect(markdown.headers.get('content-type')).toContain('text/markdown');
  expect(markdown.headers.get('content-disposition')).toBe(
    `attachment; filename="Ete a Paris.md"; filename*=UTF-8''%C3%89t%C3%A9%20%C3%A0%20Paris.md`,
  );
  expect(await markdown.text()).toContain('Bonjour à tous');
  const exported = await json<object>(app.request(`${path}/${id}/export?format=json`), 200);
  expect(JSON.stringify(exported)).toContain('Bonjour à tous');
});

test('listed, searched, renamed, deleted, restored', async () => {
  const { id } = await begin({ title: 'A zebra in the garden' });
  const find = async (query: string) => {
    const page = await json<{ conversations: Conversation[] }>(app.request(`${path}?query=${query}`), 200);
    return page.conversations.map((conversation) => conversation.id);
  };
  expect(await find('zebra')).toEqual([id]);
  const renamed = await json<Conversation>(
    app.send(`${path}/${id}`, { title: 'A giraffe' }, { method: 'PATCH' }),
    200,
  );
  expect(renamed).toMatchObject({ title: 'A giraffe', titleSource: 'person' });
  expect([await find('zebra'), await find('giraffe')]).toEqual([[], [id]]);
  expect((await app.request(`${path}/${id}`, { method: 'DELETE' })).status).toBe(204);
  await json(app.request(`${path}/${id}`), 404);
  await json(app.request(`${path}/${id}/restore`, { method: 'POST' }), 200);
  await json(app.request(`${path}/${id}`), 200);
});

test('pages of a list follow each other', async () => {
  for (let count = 0; count < 3; count++) await begin({ title: `Page ${count}` });
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { conversations: Conversation[]; nextCursor: string | null } = await json(
      app.request(`${path}?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`),
      200,
    );
    expect(page.conversations.length).toBeLessThanOrEqual(2);
    seen.push(...page.conversations.map((conversation) => conversation.id));
    cursor = page.nextCursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThanOrEqual(3);
});

test('an answer is stopped, and what it wrote is kept', async () => {
  const { id } = await begin();
  const sent = await say(id, '#delay 20\n#words 2000');
  const events = await app.request(`/atelier/v1/runs/${sent.assistant.runId}/events`);
  const reader = events.body!.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes('text-delta')) text += decoder.decode((await reader.read()).value, { stream: true });
  await json(app.request(`/atelier/v1/runs/${sent.assistant.runId}/cancel`, { method: 'POST' }), 202);
  const message = await answered(sent);
  expect(message.status).toBe('stopped');
  expect(message.parts.length).toBeGreaterThan(0);
});

test('regenerated beside the first, rated, and the rating exported', async () => {
  const { id } = await begin();
  const first = await answered(await say(id, '#text One answer'));
  const again = await json<Sent>(
    app.request(`/atelier/v1/messages/${first.id}/regenerate`, { method: 'POST' }),
    202,
  );
  expect(again).toMatchObject({ user: null, assistant: { parentId: first.parentId } });
  await answered(again);
  const other = await json<Sent>(
    app.send(`/atelier/v1/messages/${first.id}/regenerate`, { model: 'scripted/echo' }),
    202,
  );
  expect((await answered(other)).receipt?.model).toBe('scripted/echo');
  const rating = { value: -1, reason: 'Too short', correction: 'A longer answer' };
  const put = app.send(`/atelier/v1/messages/${first.id}/rating`, rating, { method: 'PUT' });
  expect(await json(put, 200)).toMatchObject({ score: { value: -1, reason: 'Too short' } });
  const lines = await (await app.request('/atelier/v1/ratings/export')).text();
  expect(lines).toContain('A longer answer');
  const taken = app.send(`/atelier/v1/messages/${first.id}/rating`, { value: null }, { method: 'PUT' });
  expect(await json(taken, 200)).toEqual({ score: null });
});

test('what the command line sends is marked as its own', async () => {
  const { id } = await begin();
  const message = await answered(await say(id, '#text From the terminal', { 'x-atelier-client': 'cli' }));
  await app.services.ledger.flush();
  const trace = await app.services.ledger.getTrace(message.receipt!.traceId, null);
  expect(trace.summary.source).toBe('cli');
});

test('tokens are counted before they are sent', async () => {
  const { id } = await begin();
  const counted = await json<{ tokens: number; contextLength: number }>(
    app.send('/atelier/v1/count', { conversationId: id, ...said('one two three') }),
    200,
  );
  expect(counted.tokens).toBeGreaterThanOrEqual(3);
  expect(counted.contextLength).toBeGreaterThan(1000);
  const bare = app.send('/atelier/v1/count', { model: 'scripted/echo', ...said('one') });
  expect(await json(bare, 200)).toMatchObject({ tokens: expect.any(Number) });
});

describe('refused', () => {
  test.each<[string, string, string, object | null, number, string]>([
    ['an unknown conversation', 'GET', `${path}/none`, null, 404, 'not_found'],
    ['a message to none', 'POST', `${path}/none/messages`, said('hi'), 404, 'not_found'],
    ['no parts', 'POST', `${path}/x/messages`, { parts: [] }, 400, 'invalid_request'],
    [
      'a part of no kind',
      'POST',
      `${path}/x/messages`,
      { parts: [{ type: 'video' }] },
      400,
      'invalid_request',
    ],
    ['a temperature of 9', 'POST', path, { parameters: { temperature: 9 } }, 400, 'invalid_request'],
    ['regenerating none', 'POST', '/atelier/v1/messages/none/regenerate', {}, 404, 'not_found'],
    ['a rating of 5', 'PUT', '/atelier/v1/messages/x/rating', { value: 5 }, 400, 'invalid_request'],
    ['an odd format', 'GET', `${path}/x/export?format=pdf`, null, 400, 'invalid_request'],
    ['a broken cursor', 'GET', `${path}?cursor=%00nonsense`, null, 400, 'invalid_request'],
  ])('%s', async (_name, method, address, body, status, code) => {
    const response = body === null ? app.request(address, { method }) : app.send(address, body, { method });
    expect(await json(response, status)).toMatchObject({ error: { code } });
  });

  test('a second message while the first is being answered', async () => {
    const { id } = await begin();
    const sent = await say(id, '#delay 20\n#words 500');
    const second = app.send(`${path}/${id}/messages`, said('#text Me too'));
    expect(await json(second, 409)).toMatchObject({ error: { code: 'conflict' } });
    await json(app.request(`/atelier/v1/runs/${sent.assistant.runId}/cancel`, { method: 'POST' }), 202);
    await answered(sent);
  });

  test('an unknown model, before anything is stored', async () => {
    const { id } = await begin({ model: 'nobody/nothing' });
    expect(await json(app.send(`${path}/${id}/messages`, said('hi')), 404)).toMatchObject({
      error: { code: 'model_not_found' },
    });
    const { messages } = await json<{ messages: Message[] }>(app.request(`${path}/${id}`), 200);
    expect(messages).toEqual([]);
  });
});
