// Which models a key is shown, on every wire that lists them or looks one up; and agents of several people over HTTP.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Accounts, openAccounts, type Person } from '../../test/open-accounts.ts';

let accounts: Accounts;
let bea: Person;
let mia: Person;
let carl: Person;
const keys: Record<string, string> = {};
beforeAll(async () => {
  accounts = await openAccounts();
  bea = await accounts.add('Bea', 'builder');
  carl = await accounts.add('Carl', 'builder');
  mia = await accounts.add('Mia', 'member');
  const { registry } = accounts.app.services;
  await registry.setAlias('default', 'scripted/script');
  await registry.setAlias('quick', 'scripted/echo');
  const agent = { title: 'Clerk', model: 'scripted/script', planning: false };
  for (const [who, name] of [
    [bea, 'clerk'],
    [carl, 'secret'],
  ] as const)
    expect((await accounts.ask(who, '/atelier/v1/agents', { json: { ...agent, name } })).status).toBe(201);
  // What he made is his alone from now on.
  await accounts.access.people.change(accounts.admin.identity, carl.user.id, { role: 'member' });
  const scopes = {
    every: {},
    one: { models: ['scripted/echo'], apps: [] },
    provider: { models: ['scripted/*'], apps: ['agents/clerk'] },
    alias: { models: ['quick'], apps: [] },
    app: { models: [], apps: ['writer'] },
    nothing: { models: [], apps: [] },
  };
  for (const [name, scope] of Object.entries(scopes))
    keys[name] = (await accounts.makeKey(mia, scope)).secret;
});
afterAll(() => accounts.close());

const anthropic = { 'anthropic-version': '2023-06-01' };
const get = async (key: string, path: string, init: RequestInit & { json?: unknown } = {}) => {
  const response = await accounts.ask(keys[key] ?? key, path, init);
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) };
};
const idsOf: Record<string, (key: string) => Promise<string[]>> = {
  openai: async (key) => (await get(key, '/v1/models')).body.data.map((model: { id: string }) => model.id),
  anthropic: async (key) =>
    (await get(key, '/v1/models?limit=1000', { headers: anthropic })).body.data.map(
      (model: { id: string }) => model.id,
    ),
  ollama: async (key) =>
    (await get(key, '/api/tags')).body.models.map((model: { name: string }) => model.name),
};

describe.each(Object.keys(idsOf))('the list on the wire of %s', (wire) => {
  const ids = async (key: string) => (await idsOf[wire]?.(key)) ?? [];
  test('holds what a key may ask and no more', async () => {
    const every = await ids('every');
    expect(every).toEqual(expect.arrayContaining(['scripted/echo', 'apps/writer', 'agents/clerk']));
    expect(every).not.toContain('agents/secret');
    expect(await ids('one')).toEqual(['scripted/echo']);
    expect(new Set(await ids('provider'))).toEqual(
      new Set([...every.filter((id) => id.startsWith('scripted/')), 'agents/clerk']),
    );
    expect(await ids('alias')).toEqual(['quick']);
    expect(await ids('app')).toEqual(['apps/writer']);
    expect(await ids('nothing')).toEqual([]);
  });
});

test('our own list has no alias, route or default of another model', async () => {
  const list = async (key: string) => {
    const { body } = await get(key, '/atelier/v1/models');
    return {
      models: body.models.map(({ id }: { id: string }) => id),
      aliases: Object.keys(body.aliases),
      routes: body.routes.map(({ alias }: { alias: string }) => alias),
      default: body.default,
    };
  };
  expect(await list('one')).toEqual({
    models: ['scripted/echo'],
    aliases: ['quick'],
    routes: ['quick'],
    default: null,
  });
  expect(await list('app')).toEqual({ models: [], aliases: [], routes: [], default: null });
  expect(await list('every')).toMatchObject({ aliases: ['default', 'quick'], default: 'scripted/script' });
});

const looks: Record<string, (key: string, id: string) => ReturnType<typeof get>> = {
  openai: (key, id) => get(key, `/v1/models/${id}`),
  anthropic: (key, id) => get(key, `/v1/models/${id}`, { headers: anthropic }),
  ollama: (key, id) => get(key, '/api/show', { json: { model: id } }),
};
test.each(Object.keys(looks))('a look at another model on the wire of %s finds nothing', async (wire) => {
  const look = (key: string, id: string) => (looks[wire] as (typeof looks)['openai'])(key, id);
  expect((await look('one', 'scripted/echo')).status).toBe(200);
  expect((await look('alias', 'quick')).status).toBe(200);
  expect((await look('provider', 'agents/clerk')).status).toBe(200);
  for (const [key, id] of [
    ['one', 'scripted/script'],
    ['one', 'default'],
    ['one', 'agents/clerk'],
    ['alias', 'scripted/echo'],
    ['app', 'apps/translate'],
    ['every', 'agents/secret'],
  ] as const) {
    const other = await look(key, id);
    expect(other.status, `${key} ${id}`).toBe(404);
    const absent = await look(key, 'nothing/at-all');
    expect(absent.status).toBe(404);
    // The words are those for a model that is not there.
    if (key !== 'every')
      expect(other.text.replaceAll(id, 'X').replace(/"request_id":"[^"]*"/, '')).toBe(
        absent.text.replaceAll('nothing/at-all', 'X').replace(/"request_id":"[^"]*"/, ''),
      );
  }
});

const messages = [{ role: 'user', content: 'Bonjour' }];
const calls: Record<string, (key: string, model: string) => ReturnType<typeof get>> = {
  'chat completions': (key, model) => get(key, '/v1/chat/completions', { json: { model, messages } }),
  completions: (key, model) => get(key, '/v1/completions', { json: { model, prompt: 'x', suffix: 'y' } }),
  responses: (key, model) => get(key, '/v1/responses', { json: { model, input: 'Bonjour' } }),
  embeddings: (key, model) => get(key, '/v1/embeddings', { json: { model, input: 'Bonjour' } }),
  messages: (key, model) =>
    get(key, '/v1/messages', { headers: anthropic, json: { model, messages, max_tokens: 9 } }),
  'tokens of messages': (key, model) =>
    get(key, '/v1/messages/count_tokens', { headers: anthropic, json: { model, messages } }),
  'Ollama’s chat': (key, model) => get(key, '/api/chat', { json: { model, messages } }),
  'Ollama’s loading': (key, model) => get(key, '/api/generate', { json: { model } }),
  'the playground': (key, model) =>
    get(key, '/atelier/v1/playground/answer', {
      json: { model, messages: [{ role: 'user', text: 'Bonjour' }] },
    }),
};
describe.each(Object.keys(calls))('a call on the way of %s', (way) => {
  const call = async (key: string, model: string) => {
    const { status, text } = await (calls[way] as (typeof looks)['openai'])(key, model);
    return { status, text: text.replaceAll(model, 'X').replace(/"request_id":"[^"]*"/, '') };
  };

  test.each([
    ['one', 'agents/clerk'],
    ['app', 'apps/translate'],
    ['alias', 'agents/assistant'],
  ])('by the key %s: %s outside its limits is not there', async (key, id) => {
    const absent = await call(key, 'agents/nothing');
    expect(absent.status).toBe(404);
    expect(await call(key, id)).toEqual(absent);
  });

  test('of nothing that is there tells a limited key no name outside its limits', async () => {
    for (const key of ['one', 'app', 'nothing'])
      for (const id of ['agents/clerc', 'scripted/scrip', 'quik']) {
        const { status, text } = await call(key, id);
        expect(status, `${key} ${id}`).toBe(404);
        expect(text).not.toMatch(/clerk|scripted\/script|quick|translate|researcher/);
      }
    expect((await call('every', 'agents/clerc')).text).toContain('agents/clerk');
  });
});

describe('an agent of somebody else', () => {
  const chat = (who: Person, name: string) =>
    accounts.ask(who, '/v1/chat/completions', {
      json: { model: `agents/${name}`, messages: [{ role: 'user', content: '#text Bonjour' }] },
    });
  const invoke = (who: Person, name: string) =>
    accounts.ask(who, `/serve/agents/${name}/invoke`, { json: { input: '#text Bonjour' } });
  const run = (who: Person, name: string) =>
    accounts.ask(who, `/atelier/v1/agents/${name}/runs`, { json: { input: '#text Bonjour' } });

  test('of the house answers as a model, over LangServe and as a run, in the name of whoever calls', async () => {
    const { ledger } = accounts.app.services;
    const answer = await chat(mia, 'clerk');
    expect(answer.status).toBe(200);
    expect(
      ((await answer.json()) as never as { choices: { message: { content: string } }[] }).choices[0],
    ).toMatchObject({ message: { content: 'Bonjour' } });
    expect(await (await invoke(mia, 'clerk')).json()).toMatchObject({ output: expect.anything() });
    expect((await run(mia, 'clerk')).status).toBe(202);
    await ledger.flush();
    expect((await ledger.listTraces({ limit: 9 }, mia.user.id)).traces.length).toBeGreaterThanOrEqual(2);
    expect((await ledger.listTraces({ limit: 9 }, bea.user.id)).traces).toEqual([]);
  });

  test('that is theirs alone is not there, on any way to it', async () => {
    for (const way of [chat, invoke, run]) expect((await way(mia, 'secret')).status).toBe(404);
    expect((await accounts.ask(mia, '/atelier/v1/agents/secret')).status).toBe(404);
    expect(await (await accounts.ask(mia, '/atelier/v1/agents')).text()).not.toContain('secret');
    expect((await run(carl, 'secret')).status).toBe(202);
  });

  test('is not a member’s to change, nor another builder’s', async () => {
    const change = (who: Person) =>
      accounts.ask(who, '/atelier/v1/agents/clerk', { method: 'PATCH', json: { title: 'Mine' } });
    expect((await change(mia)).status).toBe(403);
    const dan = await accounts.add('Dan', 'builder');
    const refused = await change(dan);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('made by Bea');
    expect((await change(bea)).status).toBe(200);
    expect((await change(accounts.admin)).status).toBe(200);
  });
});

describe('the lists of apps and agents', () => {
  const names = async (key: string, kind: 'apps' | 'agents'): Promise<string[]> =>
    (await get(key, `/atelier/v1/${kind}`)).body[kind].map(({ name }: { name: string }) => name);

  test('hold what a key may run and no more', async () => {
    expect(await names('every', 'apps')).toEqual(expect.arrayContaining(['writer', 'translate']));
    expect(await names('every', 'agents')).toContain('clerk');
    expect(await names('app', 'apps')).toEqual(['writer']);
    expect(await names('app', 'agents')).toEqual([]);
    expect(await names('provider', 'apps')).toEqual([]);
    expect(await names('provider', 'agents')).toEqual(['clerk']);
    expect(await names('nothing', 'apps')).toEqual([]);
  });

  test('nothing else tells of the others: neither figures nor a look at one', async () => {
    const { figures, faults } = (await get('nothing', '/atelier/v1/apps')).body;
    expect([figures, faults]).toEqual([[], []]);
    expect((await get('app', '/atelier/v1/apps/writer')).status).toBe(200);
    expect((await get('provider', '/atelier/v1/agents/clerk')).status).toBe(200);
  });

  // `X` stands for the name: what is outside the limits of a key and what is not there are told in the same words.
  test.each([
    ['apps/translate', 'GET /atelier/v1/apps/X'],
    ['apps/translate', 'POST /atelier/v1/apps/X/invoke'],
    ['apps/translate', 'POST /atelier/v1/apps/X/stream'],
    ['apps/translate', 'POST /atelier/v1/apps/X/batches'],
    ['apps/translate', 'GET /serve/apps/X/input_schema'],
    ['apps/translate', 'POST /serve/apps/X/invoke'],
    ['agents/clerk', 'GET /atelier/v1/agents/X'],
    ['agents/clerk', 'GET /atelier/v1/agents/X/runs'],
    ['agents/clerk', 'POST /atelier/v1/agents/X/runs'],
    ['agents/clerk', 'GET /atelier/v1/agent-runs?agent=X'],
    ['agents/clerk', 'GET /serve/agents/X/output_schema'],
    ['agents/clerk', 'POST /serve/agents/X/invoke'],
  ])('%s outside a key’s limits is not there: %s', async (known, call) => {
    const name = known.split('/')[1] as string;
    const [method = '', path = ''] = call.split(' ');
    const told = async (key: string, asked: string) => {
      const { status, text } = await get(key, path.replace('X', asked), {
        method,
        ...(method === 'POST' ? { json: { input: 'Bonjour' } } : {}),
      });
      return { status, text: text.replaceAll(asked, 'X').replace(/"request_id":"[^"]*"/, '') };
    };
    const absent = await told('app', 'nothing');
    expect(absent.status).toBe(404);
    expect(await told('app', name)).toEqual(absent);
  });

  test('a change is refused for a limited key before anything is looked up', async () => {
    for (const method of ['PATCH', 'DELETE'])
      for (const name of ['clerk', 'nothing'])
        expect(
          (await get('app', `/atelier/v1/agents/${name}`, { method, json: { title: 'Mine' } })).status,
        ).toBe(403);
  });
});
