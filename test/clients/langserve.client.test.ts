// RemoteRunnable of @langchain/core 0.3.80, the last one there is, over a real socket: every call that it has, on apps and
// on agents, with messages and with objects.
import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage } from 'langchain-core-0-3/messages';
import { RemoteRunnable } from 'langchain-core-0-3/runnables/remote';
import { RunLog, RunLogPatch } from 'langchain-core-0-3/tracers/log_stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AppDefinition } from '../../src/apps/apps.ts';
import { localIdentity } from '../../src/contracts/identity.ts';
import { openServed } from '../open-served.ts';

type Served = Awaited<ReturnType<typeof openServed>>;

const both = <T>(value: T) => ({ en: value, fr: value });
const about = (name: string) => ({
  name,
  title: both(name),
  description: both(`The app ${name}`),
  icon: 'box',
  origin: `${name}.ts`,
  batch: true,
  example: both({}),
});

const upper: AppDefinition<{ words: string }, string> = {
  ...about('upper'),
  input: z.object({ words: z.string().min(1) }),
  output: z.string(),
  streams: true,
  async *run({ words }) {
    for (const word of words.split(' ')) {
      if (word === 'fail') throw new Error('no such word');
      yield { type: 'text-delta', delta: `${word.toUpperCase()} ` };
    }
    yield {
      type: 'output',
      output: words
        .split(' ')
        .map((word) => `${word.toUpperCase()} `)
        .join(''),
    };
  },
};
const spans: AppDefinition<{ text: string; count: number }, unknown> = {
  ...about('spans'),
  input: z.object({ text: z.string(), count: z.number().int().default(1) }),
  output: z.object({
    summary: z.string(),
    found: z.array(z.object({ text: z.string(), start: z.number() })),
    messages: z.number(),
  }),
  streams: true,
  async *run({ text, count }) {
    yield { type: 'status', step: 'reading', done: null, total: null };
    yield { type: 'text-delta', delta: 'It says ' };
    yield { type: 'text-delta', delta: text };
    const found = Array.from({ length: count }, (_, start) => ({ text, start }));
    yield { type: 'output', output: { summary: `It says ${text}`, found, messages: 3 } };
  },
};
let stopped = 0;
const slow: AppDefinition<{ input: string }, string> = {
  ...about('slow'),
  input: z.object({ input: z.string() }),
  output: z.string(),
  streams: true,
  async *run(_input, { signal }) {
    yield { type: 'text-delta', delta: 'begun' };
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        stopped++;
        reject(signal.reason);
      });
    });
    yield { type: 'output', output: 'never' };
  },
};

let served: Served;
beforeAll(async () => {
  served = await openServed([upper, spans, slow] as AppDefinition[]);
  await served.agents.create(localIdentity, {
    name: 'helper',
    title: 'Helper',
    description: 'Helps',
    instructions: 'Be brief.',
    model: 'scripted/script',
    parameters: {},
    tools: ['calculator'],
    knowledge: [],
    approvals: {},
    outputSchema: null,
    planning: false,
    maxSteps: 20,
  });
  await served.agents.create(localIdentity, {
    name: 'typed',
    title: 'Typed',
    description: '',
    instructions: '',
    model: 'scripted/script',
    parameters: {},
    tools: [],
    knowledge: [],
    approvals: {},
    outputSchema: {
      type: 'object',
      properties: { city: { type: 'string' }, text: { type: 'string' } },
      required: ['city', 'text'],
    },
    planning: false,
    maxSteps: 5,
  });
});
afterAll(() => served.close());

const remote = (path: string) =>
  new RemoteRunnable<unknown, unknown, never>({ url: `${served.url}/serve/${path}` });
const app = (name: string) => remote(`apps/${name}`);
const agent = (name: string) => remote(`agents/${name}`);
async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
/** The client applies the patches too, to the same objects. */
function grown(log: RunLog | undefined, { ops }: RunLogPatch): RunLog {
  const patch = new RunLogPatch({ ops: structuredClone(ops) });
  return log === undefined ? RunLog.fromRunLogPatch(patch) : log.concat(patch);
}
const read = async (runnable: ReturnType<typeof remote>, input: unknown) => all(await runnable.stream(input));
const post = async (path: string, body: unknown) => {
  const response = await fetch(`${served.url}/serve/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as never, headers: response.headers };
};
const traceOf = async (runId: string) => {
  await served.ledger.flush();
  return served.ledger.getTrace(runId.replaceAll('-', ''), null);
};

describe('an app', () => {
  test('invoke, with an object and with a text for its first field', async () => {
    expect(await app('upper').invoke({ words: 'le chat' })).toBe('LE CHAT ');
    expect(await app('upper').invoke('le chien')).toBe('LE CHIEN ');
    expect(await app('upper').invoke([new HumanMessage('un'), new HumanMessage('deux')])).toBe('DEUX ');
  });

  test('an output with fields that RemoteRunnable would take for a prompt arrives whole', async () => {
    expect(await app('spans').invoke({ text: 'été', count: 2 })).toEqual({
      summary: 'It says été',
      found: [
        { content: 'été', start: 0 },
        { content: 'été', start: 1 },
      ],
      message_list: 3,
    });
    const schema = (await (await fetch(`${served.url}/serve/apps/spans/output_schema`)).json()) as never;
    expect(schema).toMatchObject({
      properties: {
        message_list: { type: 'number' },
        found: { items: { required: ['content', 'start'] } },
      },
      required: ['summary', 'found', 'message_list'],
    });
  });

  test('batch keeps the order; one input that fails fails the whole', async () => {
    const inputs = ['a', 'b', 'c', 'd', 'e', 'f'].map((words) => ({ words }));
    expect(await app('upper').batch(inputs)).toEqual(['A ', 'B ', 'C ', 'D ', 'E ', 'F ']);
    expect(await app('upper').batch(inputs, { maxConcurrency: 1 } as never)).toHaveLength(6);
    await expect(app('upper').batch([{ words: 'a' }, { words: 'fail' }])).rejects.toThrow(
      /Invalid response|no such word|500|502/,
    );
    await expect(app('upper').batch([{ words: 'a' }, { words: 3 }])).rejects.toThrow(/422|Invalid response/);
    expect((await post('apps/upper/batch', { inputs: [{ words: 'a' }, { words: 'fail' }] })).status).toBe(
      500,
    );
    expect(
      (await post('apps/upper/batch', { inputs: [{ words: 'a' }], config: [{}, {}] })).body,
    ).toMatchObject({ detail: [{ msg: 'Number of configs (2) must match number of inputs (1)' }] });
  });

  test('stream: chunks that join to the output', async () => {
    expect(await all(await app('upper').stream({ words: 'le chat' }))).toEqual(['LE ', 'CHAT ']);
    expect(await all(await app('spans').stream({ text: 'x' }))).toEqual([
      { summary: 'It says ' },
      { summary: 'x' },
      { found: [{ content: 'x', start: 0 }], message_list: 3 },
    ]);
  });

  test('streamLog builds the log of the run', async () => {
    let log: RunLog | undefined;
    for await (const patch of app('spans').streamLog({ text: 'x' }) as AsyncIterable<RunLogPatch>)
      log = grown(log, patch);
    expect(log?.state).toMatchObject({
      name: 'spans',
      type: 'chain',
      streamed_output: [{ summary: 'It says ' }, { summary: 'x' }, { message_list: 3 }],
      final_output: { summary: 'It says x', message_list: 3 },
    });
  });

  test('streamEvents v1 and v2', async () => {
    const v2 = await all(app('upper').streamEvents({ words: 'un deux' }, { version: 'v2' } as never));
    expect(v2.map((event) => event.event)).toEqual([
      'on_chain_start',
      'on_chain_stream',
      'on_chain_stream',
      'on_chain_end',
    ]);
    expect(v2[0]?.data).toEqual({ input: { words: 'un deux' } });
    expect(v2.at(-1)?.data.output).toBe('UN DEUX ');
    const v1 = await all(app('upper').streamEvents({ words: 'un' }, { version: 'v1' } as never));
    expect(v1.map((event) => event.data.chunk).filter(Boolean)).toEqual(['UN ']);
    const told = await all(app('spans').streamEvents({ text: 'x' }, { version: 'v2' } as never));
    expect(told.find((event) => event.event === 'on_custom_event')).toMatchObject({
      name: 'status',
      data: { step: 'reading' },
    });
  });

  test('a failure reaches the client as what it is', async () => {
    await expect(app('upper').invoke({ words: 'fail' })).rejects.toThrow('no such word');
    await expect(read(app('upper'), { words: 'a fail' })).rejects.toThrow('no such word');
    await expect(read(app('upper'), { words: '' })).rejects.toThrow('"status_code":422');
    const wrong = await post('apps/upper/invoke', { input: { words: 7 } });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toEqual({
      detail: [
        { loc: ['body', 'input', 'words'], msg: expect.stringContaining('string'), type: 'value_error' },
      ],
    });
    expect((await post('apps/upper/invoke', {})).body).toMatchObject({
      detail: [{ loc: ['body', 'input'], msg: 'field required' }],
    });
    expect(await post('apps/upper/invoke', 'no json')).toMatchObject({ status: 422 });
    expect(await post('apps/none/invoke', { input: '' })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('There is no app none') },
    });
  });

  test('a client that goes away stops the app', async () => {
    const before = stopped;
    // A reader that only stops reading keeps its connection open: this client needs to be told.
    const leave = new AbortController();
    for await (const chunk of await app('slow').stream('go', { signal: leave.signal } as never)) {
      expect(chunk).toBe('begun');
      leave.abort();
      break;
    }
    await expect.poll(() => stopped, { timeout: 3000 }).toBe(before + 1);
    const stop = new AbortController();
    const asked = app('slow').invoke('go', { signal: stop.signal } as never);
    setTimeout(() => stop.abort(), 100);
    await expect(asked).rejects.toThrow();
    await expect.poll(() => stopped, { timeout: 3000 }).toBe(before + 2);
    await served.ledger.flush();
    const { traces } = await served.ledger.listTraces({ status: 'cancelled', limit: 50 }, null);
    expect(traces.filter(({ name }) => name === 'serve apps/slow')).toHaveLength(2);
  });
});

describe('an agent', () => {
  const script = '#text Let me see.\n#tool calculator {"expression":"6*7"}\n#text It is 42.';

  test('invoke, with every kind of input', async () => {
    const helper = agent('helper');
    for (const input of [
      '#text Hello',
      { input: '#text Hello' },
      { messages: [new SystemMessage('Be kind.'), new HumanMessage('#text Hello')] },
      [new HumanMessage('hi'), new AIMessage('yes?'), new HumanMessage('#text Hello')],
      new HumanMessage('#text Hello'),
      [['human', '#text Hello']],
    ]) {
      const message = (await helper.invoke(input)) as AIMessage;
      expect(message).toBeInstanceOf(AIMessage);
      expect(message.content).toBe('Hello');
    }
  });

  test('a typed agent gives its output', async () => {
    const output = (await agent('typed').invoke('#json {"city":"Lyon","text":"on the Rhône"}')) as object;
    expect(output).toEqual({ city: 'Lyon', content: 'on the Rhône' });
    expect(await all(await agent('typed').stream('#json {"city":"Lyon","text":"x"}'))).toEqual([
      { city: 'Lyon', content: 'x' },
    ]);
  });

  test('batch, and the run ids are those of the traces', async () => {
    const messages = (await agent('helper').batch(['#text One', '#text Two'])) as AIMessage[];
    expect(messages.map(({ content }) => content)).toEqual(['One', 'Two']);
    const { body } = await post('agents/helper/batch', { inputs: ['#text One', '#text Two'] });
    const { run_ids } = (body as { metadata: { run_ids: string[] } }).metadata;
    expect(new Set(run_ids).size).toBe(2);
    const { summary, spans: tree } = await traceOf(run_ids[1]!);
    expect(summary).toMatchObject({ name: 'serve agents/helper', source: 'api', status: 'ok' });
    expect(tree.some((span) => span.kind === 'model' && span.traceId === summary.traceId)).toBe(true);
  });

  test('stream gives message chunks that join to the answer', async () => {
    const chunks = (await all(await agent('helper').stream('#text One two three'))) as AIMessageChunk[];
    expect(chunks.every((chunk) => chunk instanceof AIMessageChunk)).toBe(true);
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.reduce((sum, chunk) => sum.concat(chunk)).content).toBe('One two three');
  });

  test('its tools are steps of the log and of the events', async () => {
    let log: RunLog | undefined;
    for await (const patch of agent('helper').streamLog(script) as AsyncIterable<RunLogPatch>)
      log = grown(log, patch);
    expect(log?.state.logs.calculator).toMatchObject({ type: 'tool', final_output: { output: '42' } });
    expect(log?.state.logs.calculator?.end_time).toBeTruthy();
    expect(log?.state.final_output).toMatchObject({ content: expect.stringMatching(/It is 42\.$/) });

    const events = await all(agent('helper').streamEvents(script, { version: 'v2' } as never));
    const names = events.map((event) => event.event);
    expect(names[0]).toBe('on_chain_start');
    expect(names.at(-1)).toBe('on_chain_end');
    const started = events.find((event) => event.event === 'on_tool_start');
    expect(started).toMatchObject({ name: 'calculator', data: { input: { expression: '6*7' } } });
    expect(events.find((event) => event.event === 'on_tool_end')).toMatchObject({
      run_id: started?.run_id,
      data: { output: '42' },
    });
    const said = events.filter((event) => event.event === 'on_chat_model_stream');
    expect(said.map((event) => (event.data.chunk as AIMessageChunk).content).join('')).toContain('It is 42.');
    const older = await all(agent('helper').streamEvents(script, { version: 'v1' } as never));
    const end = older.find((event) => event.event === 'on_chat_model_end');
    expect(
      (end!.data.output as { generations: { text: string }[][] }).generations[0]?.[0]?.text,
    ).toBeDefined();
    const only = await all(
      agent('helper').streamEvents(script, { version: 'v2' } as never, { includeTypes: ['tool'] }),
    );
    expect(only.map((event) => event.event)).toEqual(['on_tool_start', 'on_tool_end']);
  });

  test('one trace: the call, the run, its model calls and its tool, with the sums of the model', async () => {
    const { body, headers } = await post('agents/helper/invoke', { input: script });
    const { run_id } = (body as { metadata: { run_id: string } }).metadata;
    expect(headers.get('x-atelier-trace-id')).toBe(run_id.replaceAll('-', ''));
    const { spans: tree, summary } = await traceOf(run_id);
    const root = tree.find((span) => span.parentId === null);
    expect(root).toMatchObject({ kind: 'request', name: 'serve agents/helper' });
    expect(tree.filter((span) => span.kind === 'tool').map(({ name }) => name)).toEqual([
      'execute_tool calculator',
    ]);
    const { usage_metadata } = (body as { output: { usage_metadata: { output_tokens: number } } }).output;
    expect(summary.usage.output).toBe(usage_metadata.output_tokens);
    expect(summary.usage.output).toBeGreaterThan(0);
  });

  test('recursionLimit bounds its steps', async () => {
    const loop = Array.from({ length: 6 }, () => '#tool calculator {"expression":"1+1"}\n#step').join('\n');
    const events = await all(
      agent('helper').streamEvents(loop, { version: 'v2', recursionLimit: 2 } as never, {
        includeTypes: ['tool'],
      }),
    ).catch((error: unknown) => error);
    const ends = Array.isArray(events) ? events.filter((event) => event.event === 'on_tool_end').length : 0;
    expect(ends).toBeLessThanOrEqual(2);
  });

  test('a client that goes away cancels the run', async () => {
    const leave = new AbortController();
    const stream = await agent('helper').stream('#delay 30\n#words 2000', { signal: leave.signal } as never);
    for await (const _ of stream) {
      leave.abort();
      break;
    }
    await expect
      .poll(async () => (await served.agents.runs(localIdentity, { limit: 1 }))[0]?.status, { timeout: 3000 })
      .toBe('stopped');
  });
});

describe('the rest of the wire', () => {
  test('the configuration of the address and of the body choose the model', async () => {
    // {"configurable":{"model":"scripted/script"}}
    const hash = 'N4Igxg9gdgZglgcwK4CcCGAjANgUxALlAFsIATHLAkAZzBTgAcAXHUgelvuZAF8eg';
    expect(await remote(`agents/helper/c/${hash}`).invoke('#text Hi')).toMatchObject({ content: 'Hi' });
    const answer = (await agent('helper').invoke('#text Hi', {
      configurable: { model: 'scripted/echo' },
    } as never)) as AIMessage;
    expect(answer.content).toContain('#text Hi');
    await expect(
      agent('helper').invoke('x', { configurable: { model: 'nobody/none' } } as never),
    ).rejects.toThrow(/404.*nobody\/none/s);
    expect((await post('agents/helper/c/!!/invoke', { input: 'x' })).status).toBe(422);
  });

  test('the frames of a stream: CRLF, metadata first, an end without data', async () => {
    const response = await fetch(`${served.url}/serve/apps/upper/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: { words: 'a' } }),
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const frames = (await response.text()).split('\r\n\r\n');
    expect(frames[0]).toMatch(
      /^event: metadata\r\ndata: \{"run_id":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/,
    );
    expect(frames.slice(1)).toEqual(['event: data\r\ndata: "A "', 'event: end', '']);
  });

  test('schemas', async () => {
    const get = async (path: string) => (await (await fetch(`${served.url}/serve/${path}`)).json()) as object;
    expect(await get('apps/upper/input_schema')).toMatchObject({
      title: 'upper_input',
      type: 'object',
      properties: { words: { type: 'string' } },
      required: ['words'],
    });
    expect(await get('agents/helper/input_schema')).toHaveProperty('anyOf');
    expect(await get('agents/helper/output_schema')).toMatchObject({ properties: { type: { const: 'ai' } } });
    expect(await get('apps/upper/config_schema')).toHaveProperty('properties.configurable.properties.model');
  });

  test('feedback is a score of the trace', async () => {
    const { body } = await post('apps/upper/invoke', { input: { words: 'a' } });
    const { run_id } = (body as { metadata: { run_id: string } }).metadata;
    const given = await post('apps/upper/feedback', { run_id, key: 'helpful', score: 0.5, comment: 'so so' });
    expect(given).toMatchObject({
      status: 200,
      body: { run_id, key: 'helpful', score: 0.5, comment: 'so so' },
    });
    await post('apps/upper/feedback', { run_id, key: 'user_score', score: true });
    const { scores, summary } = await traceOf(run_id);
    expect(scores.map(({ name, value, reason }) => [name, value, reason]).sort()).toEqual([
      ['helpful', 0.5, 'so so'],
      ['user.rating', 1, null],
    ]);
    expect(summary.rating).toBe(1);
    expect((await post('apps/upper/feedback', { run_id: 'x', key: 'k', score: 1 })).status).toBe(422);
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect((await post('apps/upper/feedback', { run_id: unknown, key: 'k', score: 1 })).status).toBe(404);
  });

  test('the playground is a page of its own, in the language of the reader', async () => {
    const page = async (language: string) => {
      const response = await fetch(`${served.url}/serve/apps/upper/playground/`, {
        headers: { 'accept-language': language },
      });
      return response.text();
    };
    expect(await page('fr-FR,fr;q=0.9,en;q=0.8')).toContain('<html lang="fr">');
    const html = await page('de, en;q=0.5');
    expect(html).toContain('<html lang="en">');
    expect(html).not.toMatch(/(src|href|action)="(https?:)?\/\//);
    const script = await (await fetch(`${served.url}/serve/apps/upper/playground/playground.js`)).text();
    expect(() => new Function(script)).not.toThrow();
  });
});
