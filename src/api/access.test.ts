// Who may do what, over the list of routes itself, so that a new route cannot be forgotten: without a key, with one that
// opens nothing, in another role, at another person's things, and with what is no id in every parameter.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Accounts, openAccounts, PASSWORD, type Person } from '../../test/open-accounts.ts';
import type { Conversation, Message } from '../contracts/conversation.ts';
import type { Role } from '../contracts/identity.ts';
import type { Store } from '../store/store.ts';
import { isFullKeyOnly, ruleOf } from './route-rules.ts';
import { createServer } from './server.ts';
import { pageAddresses } from './web-page.ts';

let accounts: Accounts;
let people: Record<Role, Person>;
let routes: { method: string; path: string }[];

beforeAll(async () => {
  accounts = await openAccounts();
  people = {
    admin: accounts.admin,
    builder: await accounts.add('Bea', 'builder'),
    member: await accounts.add('Mia', 'member'),
    auditor: await accounts.add('Aude', 'auditor'),
  };
  const seen = new Set<string>();
  routes = createServer(accounts.app.services)
    .routes.filter(({ method, path }) => ruleOf(method, path) !== 'middleware')
    .filter(({ method, path }) => seen.size !== seen.add(`${method} ${path}`).size);
});
afterAll(() => accounts.close());

/** The path with something in every parameter; `of` says what. */
const fill = (path: string, of: (name: string) => string) =>
  path
    .replace('/*', '/nothing')
    .replace(':kind{apps|agents}', 'apps')
    .replace(/:(\w+)(\{[^/]*\})?/g, (_, name: string) => (name === 'action' ? 'cancel' : of(name)));

const closed = () => routes.filter(({ method, path }) => ruleOf(method, path) !== 'public');
const bodyOf = (method: string) =>
  ['GET', 'HEAD', 'DELETE'].includes(method) ? {} : { json: {} as unknown };
const call = async (who: Person | string | null, method: string, path: string, init: RequestInit = {}) => {
  const response = await accounts.ask(who, path, { method, ...bodyOf(method), ...init });
  // Streams of events go on for as long as anybody listens.
  const endless = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (endless) await response.body?.cancel();
  return { status: response.status, text: endless ? '' : await response.text() };
};

test('every route has a row that says who may use it', () => {
  const missing = routes
    .filter(({ method, path }) => ruleOf(method, path) === null)
    .map(({ method, path }) => `${method} ${path}`);
  expect(missing, 'add these to src/api/route-rules.ts').toEqual([]);
  expect(closed().length).toBeGreaterThan(100);
});

describe('a caller who is nobody', () => {
  const wrong: Record<string, () => Promise<string | null>> = {
    'no key': async () => null,
    'an unknown key': async () => 'sk-something-else',
    'a key that was revoked': async () => {
      const { id, secret } = await accounts.makeKey(people.member);
      await accounts.access.keys.revoke(people.member.identity, id);
      return secret;
    },
    'a key that has expired': async () => {
      const { secret } = await accounts.makeKey(people.member, { expiresAt: Date.now() + 30 });
      await sleep(40);
      return secret;
    },
    'the key of somebody who was disabled': async () => {
      const gone = await accounts.add('Gil', 'admin');
      await accounts.access.people.change(people.admin.identity, gone.user.id, { disabled: true });
      return gone.key;
    },
    'the key of somebody who was removed': async () => {
      const gone = await accounts.add('Rose', 'admin');
      await accounts.access.people.remove(people.admin.identity, gone.user.id);
      return gone.key;
    },
  };
  test.each(Object.keys(wrong))('%s opens no route', async (name) => {
    const key = (await wrong[name]?.()) ?? null;
    const opened: string[] = [];
    for (const { method, path } of closed()) {
      const { status, text } = await call(
        key,
        method,
        fill(path, () => 'nothing'),
      );
      if (status !== 401 || text.includes(key ?? '\0')) opened.push(`${method} ${path}: ${status} ${text}`);
    }
    expect(opened).toEqual([]);
  });

  test('sees the page, its health and the way in, and nothing of anybody', async () => {
    const open = routes.filter(({ method, path }) => ruleOf(method, path) === 'public');
    for (const { method, path } of open) {
      const { status, text } = await call(
        null,
        method,
        fill(path, () => 'nothing'),
      );
      expect(status, `${method} ${path}`).not.toBe(401);
      expect(text, `${method} ${path}`).not.toMatch(/example\.org|Alix/);
    }
  });
});

test('each role is refused what its row does not name, and only that', async () => {
  const wrong: string[] = [];
  // Both go out to the network, or look for what is on the machine.
  const slow = ['GET /atelier/v1/discovery', 'GET /atelier/v1/catalogue'];
  for (const { method, path } of closed()) {
    const rule = ruleOf(method, path);
    if (!Array.isArray(rule) || slow.includes(`${method} ${path}`)) continue;
    for (const role of ['auditor', 'member', 'builder', 'admin'] as const) {
      const { status, text } = await call(
        people[role],
        method,
        fill(path, () => 'nothing'),
      );
      const refused = status === 403 && /this caller is|for admin|permission/.test(text);
      if (refused === rule.includes(role) || status === 401 || (status >= 500 && status !== 501))
        wrong.push(`${role}: ${method} ${path}: ${status} ${text.slice(0, 300)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('a key for some models manages neither people nor keys nor money, whoever it belongs to', async () => {
  const { secret } = await accounts.makeKey(people.admin, { models: ['scripted/*'] });
  const managed = closed().filter(({ path }) => isFullKeyOnly(path));
  const learning = /^\/atelier\/v1\/(training|classifiers|datasets|evaluations|promotions|tuned-models)/;
  // A classifier is asked like a model, whose scope says whether it may be.
  expect(
    closed()
      .filter(({ path }) => learning.test(path) && !isFullKeyOnly(path))
      .map(({ path }) => path),
  ).toEqual(['/atelier/v1/classifiers/:name/classify']);
  expect(managed.length).toBeGreaterThan(15);
  for (const { method, path } of managed)
    expect(
      (
        await call(
          secret,
          method,
          fill(path, () => 'nothing'),
        )
      ).status,
      `${method} ${path}`,
    ).toBe(403);
  expect((await call(secret, 'PATCH', '/atelier/v1/settings')).status).toBe(403);
  const answered = await accounts.ask(secret, '/v1/chat/completions', {
    json: { model: 'scripted/echo', messages: [{ role: 'user', content: 'hi' }] },
  });
  expect(answered.status, await answered.text()).toBe(200);
});

const odd = [
  "' OR '1'='1",
  '"; drop table users; --',
  "x' union select hash from passwords --",
  '../../secret.key',
  '%',
  'a\r\nset-cookie: x=1',
  '\0',
  '{"$ne":null}',
  '𝕬'.repeat(200),
];

test('what is no id, in every parameter, is refused or found nowhere, and never a fault of ours', async () => {
  const wrong: string[] = [];
  for (const { method, path } of routes) {
    if (!path.includes(':') || pageAddresses.includes(path)) continue;
    const role = (['member', 'builder', 'admin'] as const).find((one) => {
      const rule = ruleOf(method, path);
      return rule === 'public' || (Array.isArray(rule) && rule.includes(one));
    });
    for (const value of odd) {
      const filled = fill(path, () => encodeURIComponent(value));
      const { status, text } = await call(people[role ?? 'admin'], method, filled);
      const kept = accounts.app.services.settings.get().theme === 'auto';
      if ((status >= 500 && status !== 501) || !kept || /scrypt\.\d/.test(text))
        wrong.push(`${method} ${filled}: ${status} ${text.slice(0, 300)}`);
    }
  }
  expect(wrong).toEqual([]);
  expect((await accounts.access.people.list()).length).toBeGreaterThan(3);
});

test('the same in every query that is described', async () => {
  const document = (await (await accounts.ask(null, '/openapi.json')).json()) as {
    paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>;
  };
  let tried = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const { in: place, name } of methods.get?.parameters ?? []) {
      if (place !== 'query') continue;
      for (const value of odd) {
        const address = `${path.replace(/\{[^}]+\}/g, 'nothing')}?${name}=${encodeURIComponent(value)}`;
        const { status, text } = await call(people.auditor, 'GET', address);
        expect(status, `${address}: ${text}`).toBeLessThan(500);
        tried++;
      }
    }
  }
  expect(tried).toBeGreaterThan(100);
});

test('the same in every header that is read', async () => {
  const names = ['authorization', 'x-api-key', 'x-goog-api-key', 'cookie', 'x-request-id', 'user-agent'];
  for (const name of [...names, 'x-atelier-machine', 'x-atelier-client', 'x-forwarded-for'])
    for (const value of odd.filter((text) => !/[\r\n\0]|𝕬/u.test(text))) {
      const sent = name === 'authorization' ? `Bearer ${value}` : value;
      const headers = { [name]: name === 'cookie' ? `atelier_session_4242=${sent}` : sent };
      const response = await accounts.app.request('/atelier/v1/keys', { headers });
      expect(response.status, `${name}: ${value}`).toBe(401);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
});

/** What Lou has, by the name of the parameter and where it stands. */
async function thingsOf(lou: Person): Promise<Record<string, string>> {
  const json = async <T>(path: string, body?: unknown, init: RequestInit = {}) => {
    const response = await accounts.ask(lou, path, {
      ...(body === undefined ? {} : { json: body }),
      ...init,
    });
    expect(response.ok, `${path}: ${response.status} ${await response.clone().text()}`).toBe(true);
    return (await response.json()) as T;
  };
  const conversation = await json<Conversation>('/atelier/v1/conversations', {
    model: 'scripted/script',
    title: 'MINE-ALONE',
  });
  const sent = await json<{ assistant: Message }>(`/atelier/v1/conversations/${conversation.id}/messages`, {
    parts: [{ type: 'text', text: '#text MINE-ALONE' }],
  });
  const run = sent.assistant.runId ?? '';
  await (await accounts.ask(lou, `/atelier/v1/runs/${run}/events`)).text();
  await accounts.app.services.ledger.flush();
  const { traces } = await json<{ traces: { traceId: string }[] }>('/atelier/v1/traces');
  const form = new FormData();
  form.append('purpose', 'assistants');
  form.append('file', new File(['MINE-ALONE'], 'mine.txt'));
  const file = await json<{ id: string }>('/v1/files', undefined, { method: 'POST', body: form });
  const vectorStore = await json<{ id: string }>('/v1/vector_stores', { name: 'MINE-ALONE' });
  const batch = await json<{ id: string }>(`/v1/vector_stores/${vectorStore.id}/file_batches`, {
    file_ids: [file.id],
  });
  const collection = vectorStore.id.replace(/^vs_/, 'col_');
  const { documents } = await json<{ documents: { id: string }[] }>(
    `/atelier/v1/collections/${collection}/documents`,
  );
  const { tasks } = await json<{ tasks: { id: string }[] }>('/atelier/v1/tasks');
  const { sessions } = await json<{ sessions: { id: string }[] }>('/atelier/v1/sessions');
  const key = await accounts.makeKey(lou);
  const agent = await accounts.app.services.agents.create(lou.identity, {
    name: 'mine-alone',
    title: 'MINE-ALONE',
    description: '',
    instructions: 'MINE-ALONE',
    model: 'scripted/echo',
  } as never);
  const { store } = accounts.app.services as unknown as { store: Store };
  await store.write([
    store.db.insertInto('approvals').values({
      id: 'app_of_lou',
      run_id: run,
      user_id: lou.user.id,
      conversation_id: null,
      agent: 'mine-alone',
      tool_call_id: 'call',
      tool_name: 'write_file',
      tool_title: 'MINE-ALONE',
      effect: 'write',
      input: '{}',
      rule: 'ask',
      problem: null,
      created_at: 1,
      answered_at: null,
      answer: null,
    }),
    store.db.insertInto('app_batches').values({
      id: 'batch_of_lou',
      user_id: lou.user.id,
      app: 'sentiment',
      task_id: tasks[0]?.id ?? '',
      model: 'scripted/echo',
      file_name: 'MINE-ALONE.csv',
      sha256: '0'.repeat(64),
      columns: '{}',
      fixed: '{}',
      rows: 1,
      created_at: 1,
    }),
  ]);
  const response = await json<{ id: string }>('/v1/responses', {
    model: 'scripted/script',
    input: '#text MINE-ALONE',
  });
  return {
    '/atelier/v1/conversations/:id': conversation.id,
    '/atelier/v1/messages/:id': sent.assistant.id,
    '/atelier/v1/runs/:id': run,
    '/atelier/v1/approvals/:id': 'app_of_lou',
    '/atelier/v1/collections/:id': collection,
    '/atelier/v1/documents/:id': documents[0]?.id ?? '',
    '/atelier/v1/agents/:id': agent.id,
    '/atelier/v1/batches/:id': 'batch_of_lou',
    '/atelier/v1/traces/:traceId': traces[0]?.traceId ?? '',
    '/atelier/v1/tasks/:id': tasks[0]?.id ?? '',
    '/atelier/v1/keys/:id': key.id,
    '/atelier/v1/sessions/:id': sessions[0]?.id ?? '',
    '/v1/files/:id': file.id,
    '/v1/vector_stores/:storeId': vectorStore.id,
    ':fileId': file.id,
    ':batchId': batch.id,
    '/v1/responses/:id': response.id,
  };
}

/** Names that mean the same to everybody who may use the route. */
const shared =
  /^\/(atelier\/v1\/(apps|classifiers|datasets|evaluations|promotions|training|tuned-models|tools|mcp-servers|models|aliases|providers|prompts|users|budgets|limits)|v1\/(models|fine_tuning)|serve)\//;

test('another person’s things are nowhere to be found, by any route that takes an id', async () => {
  const lou = await accounts.add('Lou', 'builder');
  await accounts.access.sessions.open(lou.user, { address: '127.0.0.1', client: 'test' });
  await accounts.app.jobs.start();
  const things = await thingsOf(lou);
  // What a builder makes is the house's; what a member has is theirs.
  await accounts.access.people.change(accounts.admin.identity, lou.user.id, { role: 'member' });
  expect(Object.entries(things).filter(([, id]) => id === '')).toEqual([]);

  const wrong: string[] = [];
  const notCovered: string[] = [];
  for (const { method, path } of closed()) {
    if (!path.includes(':') || shared.test(path)) continue;
    const place = Object.keys(things).find((key) => path === key || path.startsWith(`${key}/`));
    if (place === undefined) {
      notCovered.push(`${method} ${path}`);
      continue;
    }
    const filled = fill(path.replace(place, place.replace(/:\w+$/, things[place] ?? '')), (name) =>
      encodeURIComponent(things[`:${name}`] ?? 'nothing'),
    );
    for (const who of [people.member, people.builder]) {
      const { status, text } = await call(who, method, filled);
      // A body that is wrong is told before anything is looked up; it says nothing of what there is.
      const found = text.includes('MINE-ALONE') || ![400, 403, 404, 415].includes(status);
      if (found) wrong.push(`${who.user.name}: ${method} ${filled}: ${status} ${text.slice(0, 200)}`);
    }
  }
  expect(notCovered, 'make one of these in thingsOf, or name it as shared').toEqual([]);
  expect(wrong).toEqual([]);

  const lists = closed().filter(({ method, path }) => method === 'GET' && !path.includes(':'));
  for (const { path } of lists)
    for (const who of [people.member, people.builder])
      if (!path.endsWith('/discovery'))
        expect((await call(who, 'GET', path)).text, path).not.toMatch(/MINE-ALONE|mine-alone|_of_lou/);

  // And with bodies that are right, where that matters.
  const own = (await (
    await accounts.ask(people.builder, '/v1/vector_stores', { json: { name: 'theirs' } })
  ).json()) as { id: string };
  const right: [string, string, unknown][] = [
    ['PATCH', `/atelier/v1/conversations/${things['/atelier/v1/conversations/:id']}`, { title: 'theirs' }],
    [
      'POST',
      `/atelier/v1/conversations/${things['/atelier/v1/conversations/:id']}/messages`,
      { parts: [{ type: 'text', text: 'theirs' }] },
    ],
    ['PUT', `/atelier/v1/messages/${things['/atelier/v1/messages/:id']}/rating`, { value: 1 }],
    ['POST', `/atelier/v1/approvals/app_of_lou`, { decision: 'yes' }],
    ['PATCH', `/atelier/v1/collections/${things['/atelier/v1/collections/:id']}`, { name: 'theirs' }],
    ['PATCH', `/atelier/v1/documents/${things['/atelier/v1/documents/:id']}`, { attributes: {} }],
    ['PATCH', `/atelier/v1/agents/${things['/atelier/v1/agents/:id']}`, { description: 'theirs' }],
    ['POST', `/v1/vector_stores/${things['/v1/vector_stores/:storeId']}`, { name: 'theirs' }],
    ['POST', `/v1/vector_stores/${things['/v1/vector_stores/:storeId']}/search`, { query: 'MINE-ALONE' }],
    ['POST', `/atelier/v1/agents/${things['/atelier/v1/agents/:id']}/runs`, { input: 'theirs' }],
    ['PUT', `/atelier/v1/runs/${things['/atelier/v1/runs/:id']}/plan`, { items: [] }],
    ['POST', `/v1/vector_stores/${own.id}/files`, { file_id: things['/v1/files/:id'] }],
    ['POST', `/v1/vector_stores/${own.id}/file_batches`, { file_ids: [things['/v1/files/:id']] }],
    [
      'POST',
      '/atelier/v1/count',
      {
        conversationId: things['/atelier/v1/conversations/:id'],
        parts: [{ type: 'text', text: 'theirs' }],
      },
    ],
    [
      'POST',
      '/v1/chat/completions',
      { model: 'agents/mine-alone', messages: [{ role: 'user', content: 'theirs' }] },
    ],
    ['POST', '/serve/agents/mine-alone/invoke', { input: 'theirs' }],
    ['POST', '/atelier/v1/keys', { name: 'theirs', userId: lou.user.id }],
    [
      'POST',
      '/v1/responses',
      {
        model: 'scripted/echo',
        input: 'theirs',
        previous_response_id: things['/v1/responses/:id'],
      },
    ],
    [
      'POST',
      '/atelier/v1/search',
      { collectionIds: [things['/atelier/v1/collections/:id']], query: 'MINE-ALONE' },
    ],
  ];
  for (const [method, path, body] of right) {
    const response = await accounts.ask(people.builder, path, { method, json: body });
    const text = await response.text();
    // OpenAI answers an unknown response before with 400.
    if (![403, 404].includes(response.status) && !text.includes('previous_response_not_found'))
      wrong.push(`${method} ${path}: ${response.status} ${text}`);
    expect(text, path).not.toContain('MINE-ALONE');
  }
  expect(wrong).toEqual([]);

  // An answer from documents looks into those of whoever asks.
  const collection = things['/atelier/v1/collections/:id'] ?? '';
  const question = { collectionIds: [collection], query: 'MINE-ALONE' };
  const search = async () => (await accounts.ask(lou, '/atelier/v1/search', { json: question })).text();
  await expect.poll(search, { timeout: 15_000 }).toContain('mine.txt');
  const asked = await accounts.ask(people.builder, '/atelier/v1/conversations', {
    json: { model: 'scripted/echo', knowledge: [collection] },
  });
  if (asked.ok) {
    const { id } = (await asked.json()) as Conversation;
    const sent = await accounts.ask(people.builder, `/atelier/v1/conversations/${id}/messages`, {
      json: { parts: [{ type: 'text', text: 'What does it say?' }] },
    });
    const { assistant } = (await sent.json()) as { assistant?: Message };
    const run = `/atelier/v1/runs/${assistant?.runId}/events`;
    expect(await (await accounts.ask(people.builder, run)).text()).not.toMatch(/MINE-ALONE|mine\.txt/);
  } else expect([400, 404]).toContain(asked.status);

  const mine = await call(lou, 'GET', `/atelier/v1/conversations/${things['/atelier/v1/conversations/:id']}`);
  expect(mine).toMatchObject({ status: 200, text: expect.stringContaining('MINE-ALONE') });
  const still = (await (await accounts.ask(lou, '/atelier/v1/agents')).json()) as {
    agents: { name: string }[];
  };
  expect(still.agents.map(({ name }) => name)).toContain('mine-alone');
});

test('secrets are shown once, and stand in no log, list, trace, export, error, record or table', async () => {
  const lines: string[] = [];
  const note = (message: string, fields?: object) => lines.push(`${message} ${JSON.stringify(fields)}`);
  const seen = await openAccounts({ replace: { log: { debug: note, info: note, warn: note, error: note } } });
  const secretPassword = 'correct horse battery staple 42';
  try {
    const { admin, ask } = seen;
    const texts: string[] = [];
    const read = async (response: Promise<Response>) => {
      const answer = await response;
      texts.push(JSON.stringify([...answer.headers]), await answer.text());
      return answer;
    };
    const made = await ask(admin, '/atelier/v1/users', {
      json: { name: 'Sam', email: 'sam@example.org', role: 'builder', password: secretPassword },
    });
    expect(made.status).toBe(201);
    texts.push(await made.text());
    const signedIn = await seen.app.send('/atelier/v1/session', {
      email: 'sam@example.org',
      password: secretPassword,
    });
    const cookie = /=([^;]+)/.exec(signedIn.headers.get('set-cookie') ?? '')?.[1] ?? '';
    expect(cookie.length).toBeGreaterThan(30);
    texts.push(await signedIn.text());
    const created = (await (await ask(admin, '/atelier/v1/keys', { json: { name: 'ci' } })).json()) as {
      key: { id: string };
      secret: string;
    };
    const secrets = [created.secret, admin.key, secretPassword, cookie, PASSWORD, seen.access.machineToken];

    await read(
      ask(created.secret, '/v1/chat/completions', { json: { model: 'scripted/echo', messages: [] } }),
    );
    await read(
      ask(created.secret, '/v1/chat/completions', {
        json: { model: 'scripted/echo', messages: [{ role: 'user', content: 'hi' }] },
      }),
    );
    await read(seen.app.request(`/v1/models?key=${created.secret}`));
    await read(seen.app.request(`/nowhere?key=${created.secret}`));
    await read(seen.app.request('/atelier/v1/keys', { headers: { 'x-api-key': `${created.secret}x` } }));
    await read(
      seen.app.send('/atelier/v1/session', { email: 'sam@example.org', password: `${secretPassword}!` }),
    );
    await read(seen.app.send('/atelier/v1/session', { email: secretPassword, password: secretPassword }));
    await read(seen.app.send('/atelier/v1/accounts', { name: 'x', email: 'no', password: secretPassword }));
    await read(ask(admin, `/atelier/v1/keys/${created.key.id}`, { method: 'DELETE' }));
    await read(ask(created.secret, '/v1/models'));
    await seen.app.services.ledger.flush();
    for (const path of ['keys', 'users', 'audit', 'sessions', 'traces', 'traces/export', 'ratings/export'])
      await read(ask(admin, `/atelier/v1/${path}`));
    const { store } = seen.app.services as unknown as { store: Store };
    for (const table of [
      'users',
      'passwords',
      'sessions',
      'api_keys',
      'audit',
      'spans',
      'span_contents',
    ] as const)
      texts.push(JSON.stringify(await store.db.selectFrom(table).selectAll().execute()));

    const everywhere = [...lines, ...texts].join('\n');
    expect(lines.join('\n')).toContain('/v1/chat/completions');
    expect(everywhere).toContain('key.revoke');
    expect(secrets.filter((secret) => everywhere.includes(secret))).toEqual([]);
  } finally {
    await seen.close();
  }
});
