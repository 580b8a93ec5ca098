// The Responses wire as tables, against the scripted model.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';
import { listen } from '../../serve.ts';

const model = 'scripted/script';
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

/** The wire's JSON, looked at field by field. */
type Json = Awaited<ReturnType<Response['json']>>;

async function respond(body: object, status = 200): Promise<Json> {
  const response = await app.send('/v1/responses', { model, ...body });
  const json = await response.json();
  expect(response.status, JSON.stringify(json)).toBe(status);
  return json;
}

async function get(path: string, status = 200, method = 'GET'): Promise<Json> {
  const response = await app.request(path, { method });
  const json = await response.json();
  expect(response.status, JSON.stringify(json)).toBe(status);
  return json;
}

interface Event {
  event: string;
  data: Json;
}
function eventsOf(text: string): Event[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [name = '', data = ''] = block.split('\n');
      return { event: name.slice('event: '.length), data: JSON.parse(data.slice('data: '.length)) };
    });
}
async function stream(body: object): Promise<Event[]> {
  const response = await app.send('/v1/responses', { model, stream: true, ...body });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  return eventsOf(await response.text());
}
/** Names in order, those that repeat once. */
const names = (events: Event[]) =>
  events.map(({ event }) => event.replace(/^response\./, '')).filter((name, i, all) => name !== all[i - 1]);

const textOf = (response: Json): string =>
  response.output
    .filter((item: Json) => item.type === 'message')
    .flatMap((item: Json) => item.content.map((part: Json) => part.text))
    .join('');

const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

describe('a plain response', () => {
  test('has every key that clients look for', async () => {
    const response = await respond({ input: '#text Hello there', metadata: { a: 'b' }, user: 'u' });
    expect(Object.keys(response)).toEqual(
      expect.arrayContaining(
        'id object created_at completed_at status incomplete_details model previous_response_id instructions output error tools tool_choice truncation parallel_tool_calls text top_p presence_penalty frequency_penalty top_logprobs temperature reasoning user usage max_output_tokens max_tool_calls store background service_tier metadata safety_identifier prompt_cache_key'.split(
          ' ',
        ),
      ),
    );
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      model,
      error: null,
      store: true,
      background: false,
      metadata: { a: 'b' },
      user: 'u',
      output: [
        {
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Hello there', annotations: [], logprobs: [] }],
        },
      ],
      usage: { output_tokens: 2, output_tokens_details: { reasoning_tokens: 0 } },
    });
    expect(response.id).toMatch(/^resp_/);
    expect(response.usage.total_tokens).toBe(response.usage.input_tokens + 2);
    expect(response.completed_at).toBeGreaterThanOrEqual(response.created_at);
  });

  test('a limit of tokens makes it incomplete', async () => {
    expect(await respond({ input: '#words 100', max_output_tokens: 5 })).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      completed_at: null,
      output: [{ status: 'incomplete' }],
    });
  });

  test('a schema makes it JSON of that shape', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const response = await respond({
      input: 'Count.',
      text: { format: { type: 'json_schema', name: 'count', schema, strict: true } },
    });
    expect(Number.isInteger(JSON.parse(textOf(response)).n)).toBe(true);
    expect(response.text.format).toMatchObject({ type: 'json_schema', name: 'count', schema });
  });

  test('thoughts are an item before the message, in whole, as a summary or packed', async () => {
    const input = '#reasoning First I count.\n#text Three';
    const plain = await respond({ input });
    expect(plain.output.map((item: Json) => item.type)).toEqual(['reasoning', 'message']);
    expect(plain.output[0]).toMatchObject({
      summary: [],
      content: [{ type: 'reasoning_text', text: 'First I count.' }],
      encrypted_content: null,
    });
    const told = await respond({ input, reasoning: { summary: 'auto' } });
    expect(told.output[0].summary).toEqual([{ type: 'summary_text', text: 'First I count.' }]);
    const packed = await respond({ input, store: false, include: ['reasoning.encrypted_content'] });
    const [thought] = packed.output;
    expect(thought.encrypted_content).not.toContain('First');
    // Only what a client that keeps nothing here sends back.
    await respond({
      input: [
        { role: 'user', content: 'Count.' },
        { type: 'reasoning', id: thought.id, summary: [], encrypted_content: thought.encrypted_content },
        { role: 'assistant', content: 'Three' },
        { role: 'user', content: '#text Again' },
      ],
    });
    await app.services.ledger.flush();
    const { traces } = await app.services.ledger.listTraces({ limit: 1 }, null);
    const trace = await app.services.ledger.getTrace(traces[0]!.traceId, null);
    expect(JSON.stringify(trace)).toContain('First I count.');
  });

  test('log-probabilities stand with the text when they are asked for', async () => {
    const response = await respond({
      input: '#text Yes indeed',
      include: ['message.output_text.logprobs'],
      top_logprobs: 2,
    });
    const { logprobs } = response.output[0].content[0];
    expect(logprobs.map((entry: Json) => entry.token)).toEqual(['Yes', ' indeed']);
    expect(logprobs[0].top_logprobs).toHaveLength(2);
  });
});

describe('a stream', () => {
  test('of text has its events in order and numbered', async () => {
    const events = await stream({ input: '#text One two' });
    expect(names(events)).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
    expect(events.map(({ data }) => data.sequence_number)).toEqual(events.map((_, i) => i));
    expect(events.every(({ event, data }) => event === data.type)).toBe(true);
    expect(events[0]?.data.response).toMatchObject({ status: 'in_progress', output: [], usage: null });
    const deltas = events.filter(({ event }) => event === 'response.output_text.delta');
    expect(deltas.map(({ data }) => data.delta).join('')).toBe('One two');
    expect(deltas.every(({ data }) => Array.isArray(data.logprobs))).toBe(true);
    const ids = new Set(events.flatMap(({ data }) => (data.response ? [data.response.id] : [])));
    expect(ids.size).toBe(1);
    expect(textOf(events.at(-1)?.data.response)).toBe('One two');
  });

  test('of thoughts and calls too', async () => {
    const events = await stream({
      input: '#reasoning Hm.\n#tool get_weather {"city":"Paris"}\n#tool get_weather {"city":"Rome"}',
      tools: [weather],
    });
    const call = [
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
    ];
    expect(names(events)).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'reasoning_text.delta',
      'reasoning_text.done',
      'content_part.done',
      'output_item.done',
      ...call,
      ...call,
      'completed',
    ]);
    const { output } = events.at(-1)?.data.response ?? {};
    expect(output.slice(1)).toMatchObject([
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}', status: 'completed' },
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Rome"}' },
    ]);
    const added = events.filter(({ event }) => event === 'response.output_item.added');
    expect(added.map(({ data }) => data.output_index)).toEqual([0, 1, 2]);
    expect(added.map(({ data }) => data.item.id)).toEqual(output.map((item: Json) => item.id));
    const summary = await stream({ input: '#reasoning Hm.\n#text Yes', reasoning: { summary: 'auto' } });
    expect(names(summary).slice(2, 8)).toEqual([
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
    ]);
  });

  test('that fails keeps what was written and says why', async () => {
    const events = await stream({ input: '#text Half of\n#error-mid 429 Slow down' });
    expect(names(events).slice(-2)).toEqual(['error', 'failed']);
    expect(events.at(-2)?.data).toMatchObject({ code: 'rate_limit_exceeded', message: 'Slow down' });
    const { response } = events.at(-1)?.data ?? {};
    expect(response).toMatchObject({
      status: 'failed',
      error: { code: 'rate_limit_exceeded', message: 'Slow down' },
    });
    expect(textOf(response)).toBe('Half of');
    expect(await get(`/v1/responses/${response.id}`)).toMatchObject({ status: 'failed' });
  });
});

describe('what is kept', () => {
  test('is read, listed, gone on from, and deleted', async () => {
    const first = await respond({ input: 'My name is Ada.', instructions: 'Be brief.' });
    const second = await respond({
      previous_response_id: first.id,
      input: [{ role: 'user', content: [{ type: 'input_text', text: '#text Ada' }] }],
    });
    expect(await get(`/v1/responses/${second.id}`)).toEqual(second);
    const { data, ...list } = await get(`/v1/responses/${second.id}/input_items`);
    expect(list).toMatchObject({
      object: 'list',
      has_more: false,
      first_id: data[0].id,
      last_id: data[0].id,
    });
    expect(data).toMatchObject([
      {
        type: 'message',
        role: 'user',
        status: 'completed',
        content: [{ type: 'input_text', text: '#text Ada' }],
      },
    ]);
    // What was said before is part of the third call, and the first one's instructions are not.
    await respond({ previous_response_id: second.id, input: '#text Yes' });
    await app.services.ledger.flush();
    const { traces } = await app.services.ledger.listTraces({ limit: 1 }, null);
    const trace = JSON.stringify(await app.services.ledger.getTrace(traces[0]!.traceId, null));
    expect(trace).toContain('My name is Ada.');
    expect(trace).toContain('#text Ada');
    expect(trace).not.toContain('Be brief.');

    expect(await get(`/v1/responses/${first.id}`, 200, 'DELETE')).toMatchObject({ deleted: true });
    await get(`/v1/responses/${first.id}`, 404);
    await get(`/v1/responses/${first.id}`, 404, 'DELETE');
    // A chain that lacks a link is refused rather than gone on from with less.
    expect(await respond({ previous_response_id: second.id, input: 'x' }, 400)).toMatchObject({
      error: { code: 'previous_response_not_found', message: expect.stringContaining(first.id) },
    });
  });

  test('is not kept with store: false', async () => {
    const { id } = await respond({ input: '#text Hi', store: false });
    await get(`/v1/responses/${id}`, 404);
    expect(await respond({ previous_response_id: id, input: 'x' }, 400)).toMatchObject({
      error: { code: 'previous_response_not_found', param: 'previous_response_id' },
    });
  });

  test('is its owner’s alone', async () => {
    const { id } = await respond({ input: '#text Secret' });
    const row = await app.services.responses.get('local', id);
    await app.services.responses.remove('local', id);
    await app.services.responses.put({ ...row!, userId: 'ada' });
    for (const [path, method] of [
      [`/v1/responses/${id}`, 'GET'],
      [`/v1/responses/${id}/input_items`, 'GET'],
      [`/v1/responses/${id}/cancel`, 'POST'],
      [`/v1/responses/${id}`, 'DELETE'],
    ] as const)
      await get(path, 404, method);
    await respond({ previous_response_id: id, input: 'x' }, 400);
    const item = (row!.body as Json).response.output[0].id;
    await respond({ input: [{ type: 'item_reference', id: item }] }, 400);
    expect(await app.services.responses.get('ada', id)).not.toBeNull();
  });

  test('is found by the id of an item alone', async () => {
    const { output } = await respond({ input: '#text Blue' });
    const referring = await respond({
      input: [
        { type: 'item_reference', id: output[0].id },
        { role: 'user', content: '#text Indeed' },
      ],
    });
    const { data } = await get(`/v1/responses/${referring.id}/input_items?order=asc`);
    expect(data[0]).toMatchObject({ role: 'assistant', content: [{ text: 'Blue' }] });
    expect(await respond({ input: [{ type: 'item_reference', id: 'msg_nowhere' }] }, 400)).toMatchObject({
      error: { param: 'input[0].id' },
    });
  });

  test('pages of input items go on after an id', async () => {
    const { id } = await respond({ input: ['a', 'b', 'c'].map((content) => ({ role: 'user', content })) });
    const list = async (query: string) => get(`/v1/responses/${id}/input_items?${query}`);
    const text = (page: Json) => page.data.map((item: Json) => item.content[0].text);
    expect(text(await list(''))).toEqual(['c', 'b', 'a']);
    const first = await list('order=asc&limit=2');
    expect(text(first)).toEqual(['a', 'b']);
    expect(first.has_more).toBe(true);
    expect(text(await list(`order=asc&after=${first.last_id}`))).toEqual(['c']);
  });
});

describe('in the background', () => {
  const finished = async (id: string) =>
    expect
      .poll(async () => (await get(`/v1/responses/${id}`)).status, { timeout: 5000 })
      .not.toMatch(/queued|in_progress/);

  test('it is told at once, and read when it is done', async () => {
    const queued = await respond({ input: '#delay 5\n#text One two', background: true });
    expect(queued).toMatchObject({ status: 'queued', background: true, output: [] });
    await finished(queued.id);
    const done = await get(`/v1/responses/${queued.id}`);
    expect(done).toMatchObject({ status: 'completed', model });
    expect(textOf(done)).toBe('One two');
  });

  test('its events are followed, and taken up again after any of them', async () => {
    const events = await stream({ input: '#delay 5\n#text One two three', background: true });
    expect(names(events).slice(0, 3)).toEqual(['created', 'queued', 'in_progress']);
    expect(names(events).at(-1)).toBe('completed');
    const { id } = events[0]?.data.response ?? {};
    await finished(id);
    const again = async (query: string) =>
      eventsOf(await (await app.request(`/v1/responses/${id}?stream=true${query}`)).text());
    await expect.poll(() => again('')).toEqual(events);
    expect(await again('&starting_after=4')).toEqual(events.slice(5));
    const plain = await respond({ input: '#text Hi' });
    expect(await get(`/v1/responses/${plain.id}?stream=true`, 400)).toMatchObject({
      error: { param: 'stream' },
    });
  });

  test('it goes on when who asked has gone, and can be followed from where that was', async () => {
    const response = await app.send('/v1/responses', {
      model,
      input: '#delay 20\n#words 20',
      stream: true,
      background: true,
    });
    const reader = response.body!.getReader();
    const seen = eventsOf(new TextDecoder().decode((await reader.read()).value));
    const { id } = seen[0]?.data.response ?? {};
    await reader.cancel();
    const rest = eventsOf(
      await (await app.request(`/v1/responses/${id}?stream=true&starting_after=0`)).text(),
    );
    expect(rest[0]?.data.sequence_number).toBe(1);
    expect(rest.at(-1)?.event).toBe('response.completed');
    expect(rest.at(-1)?.data.response.usage.output_tokens).toBe(20);
  });

  test('cancel ends it, keeps what was written, and changes nothing afterwards', async () => {
    const { id } = await respond({ input: '#delay 20\n#words 5000', background: true });
    await expect
      .poll(async () => (await get(`/v1/responses/${id}`)).output.length, { timeout: 5000 })
      .toBeGreaterThan(0);
    const cancelled = await get(`/v1/responses/${id}/cancel`, 200, 'POST');
    expect(cancelled).toMatchObject({ status: 'cancelled', completed_at: null });
    expect(textOf(cancelled)).not.toBe('');
    expect(await get(`/v1/responses/${id}/cancel`, 200, 'POST')).toEqual(cancelled);
    expect(await get(`/v1/responses/${id}`)).toEqual(cancelled);
    await app.services.ledger.flush();
    const { traces } = await app.services.ledger.listTraces({ status: 'cancelled', limit: 5 }, null);
    expect(traces).toHaveLength(1);
  });

  test('a failure is in the response', async () => {
    const { id } = await respond({ input: '#error 500 Broken', background: true });
    await finished(id);
    expect(await get(`/v1/responses/${id}`)).toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: 'Broken' },
    });
  });

  test('a server that stops ends it as failed', async () => {
    const server = await listen({ ...app.services, config: { port: 0, host: null } });
    const begun = await fetch(`${server.url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, input: '#delay 20\n#words 5000', background: true }),
    });
    const { id } = await begun.json();
    await server.close();
    const stored = async () => (await app.services.responses.get('local', id))?.status;
    await expect.poll(stored, { timeout: 3000 }).toBe('failed');
  });

  test('what a process left in the middle has failed', async () => {
    const { id } = await respond({ input: '#text Hi' });
    const row = await app.services.responses.get('local', id);
    const body = row!.body as { response: object };
    const response = { ...body.response, status: 'in_progress' };
    await app.services.responses.put({ ...row!, body: { ...body, response } });
    expect(await get(`/v1/responses/${id}`)).toMatchObject({
      status: 'failed',
      error: { code: 'server_error' },
    });
  });
});

describe('tools', () => {
  const turn = async (call: Json, more: object = {}) =>
    respond({
      tools: [weather],
      input: [
        { role: 'user', content: '#tool get_weather {"city":"Paris"}\n#text It is sunny.' },
        call,
        { type: 'function_call_output', call_id: call.call_id, output: 'sunny' },
      ],
      ...more,
    });

  test('go round, sent back in full or gone on from', async () => {
    const input = '#tool get_weather {"city":"Paris"}\n#text It is sunny.';
    const first = await respond({ input, tools: [weather] });
    const [call] = first.output;
    expect(call).toMatchObject({ type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' });
    expect(textOf(await turn(call))).toBe('It is sunny.');
    const gone = await respond({
      previous_response_id: first.id,
      tools: [weather],
      input: [
        {
          type: 'function_call_output',
          call_id: call.call_id,
          output: [{ type: 'input_text', text: 'sunny' }],
        },
      ],
    });
    expect(textOf(gone)).toBe('It is sunny.');
  });

  test('in a namespace keep it; what is not here is left out with a note', async () => {
    const response = await app.send('/v1/responses', {
      model,
      input: '#tool get_weather {"city":"Paris"}',
      tools: [
        { type: 'namespace', name: 'sky', description: 'Above', tools: [weather] },
        { type: 'web_search' },
        { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
      ],
      store: false,
      include: ['reasoning.encrypted_content'],
      client_metadata: { unknown: true },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-atelier-warning')).toContain('web_search, custom apply_patch');
    expect((await response.json()).output).toMatchObject([
      { type: 'function_call', name: 'get_weather', namespace: 'sky' },
    ]);
  });

  test('of the same name in two namespaces are told apart', async () => {
    const tools = ['a', 'b'].map((name) => ({ type: 'namespace', name, tools: [weather] }));
    const { output } = await respond({ input: '#tool b__get_weather {"city":"Rome"}', tools });
    expect(output).toMatchObject([{ name: 'get_weather', namespace: 'b' }]);
    const round = await turn(output[0], { tools });
    expect(round.status).toBe('completed');
  });

  test('can be chosen for the model', async () => {
    const choose = async (tool_choice: unknown) =>
      (await respond({ input: 'Hello', tools: [weather], tool_choice })).output[0];
    expect(await choose('required')).toMatchObject({ type: 'function_call' });
    expect(await choose({ type: 'function', name: 'get_weather' })).toMatchObject({ name: 'get_weather' });
    expect(await choose('none')).toMatchObject({ type: 'message' });
    const allowed = {
      type: 'allowed_tools',
      mode: 'required',
      tools: [{ type: 'function', name: 'get_weather' }],
    };
    expect(await choose(allowed)).toMatchObject({ type: 'function_call' });
  });
});

test('a kept prompt is used by its name, with its variables', async () => {
  const { prompts } = app.services;
  const local = { userId: 'local', role: 'admin' } as const;
  await prompts.create(local, {
    name: 'greet',
    description: '',
    note: '',
    body: {
      model,
      parameters: { maxOutputTokens: 2 },
      messages: [{ role: 'user', text: '#text Hello {{name}} and all' }],
    },
  });
  const response = await respond({ model: undefined, prompt: { id: 'greet', variables: { name: 'Ada' } } });
  expect(textOf(response)).toBe('Hello Ada');
  expect(response.status).toBe('incomplete');
  await respond({ prompt: { id: 'greet', variables: {} } }, 400);
  await respond({ prompt: { id: 'nobody' } }, 404);
});

test('input tokens are counted as the model reads them', async () => {
  const body = { model, input: 'One two three', instructions: 'Be brief.', tools: [weather] };
  const counted = await (await app.send('/v1/responses/input_tokens', body)).json();
  expect(counted).toEqual({
    object: 'response.input_tokens',
    input_tokens: (await respond(body)).usage.input_tokens,
  });
});

test.each([
  [{}, 'input', /nothing to answer/],
  [{ input: [{ type: 3 }] }, 'input[0].type', /type/],
  [{ input: [{ role: 'user', content: 3 }] }, 'input[0].content', /content/],
  [
    { input: [{ type: 'function_call_output', call_id: 'x', output: '1' }] },
    'input[0].call_id',
    /no function_call/,
  ],
  [{ input: 'x', conversation: 'conv_1' }, 'conversation', /previous_response_id/],
  [{ input: 'x', background: true, store: false }, 'background', /store/],
  [{ input: 'x', tools: [{ type: 'function', name: 'a b' }] }, 'tools[0].name', /letters/],
  [{ input: 'x', tool_choice: 'required' }, 'tool_choice', /none of the tools/],
  [{ input: 'x', tool_choice: { type: 'function', name: 'no' } }, 'tool_choice', /no tool is named/],
  [{ input: 'x', max_output_tokens: 0 }, 'max_output_tokens', /max_output_tokens/],
  [{ input: 'x', model: undefined }, 'model', /string/],
  [
    { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] },
    'input[0].content[0].image_url',
    /image_url/,
  ],
])('%j is refused, and says which field', async (body, param, message) => {
  const { error } = await respond(body, 400);
  expect(error).toMatchObject({ type: 'invalid_request_error', param });
  expect(error.message).toMatch(message);
});

test('statuses before the first word are statuses, streamed or not', async () => {
  for (const stream of [false, true]) {
    expect(await respond({ model: 'nobody/none', input: 'x', stream }, 404)).toMatchObject({
      error: { code: 'model_not_found' },
    });
    expect(await respond({ input: '#error 429 Slow down', stream }, 429)).toMatchObject({
      error: { code: 'rate_limit_exceeded' },
    });
  }
});
