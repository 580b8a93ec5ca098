// The wire of Ollama as a table: requests, and what their answers say.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';
import { openAccounts } from '../../../../test/open-accounts.ts';
import type { Task } from '../../../contracts/task.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const model = 'scripted/script';
const user = (content: string) => [{ role: 'user', content }];
type Line = Record<string, unknown>;

async function linesOf(response: Response): Promise<Line[]> {
  const text = await response.text();
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}
const ask = async (path: string, body: object, init?: RequestInit) => {
  const response = await app.send(path, body, init);
  return { status: response.status, body: (await response.json()) as Line, headers: response.headers };
};

describe('POST /api/chat', () => {
  test('streams unless told otherwise, and ends with what it took', async () => {
    const response = await app.send('/api/chat', {
      model,
      messages: user('#reasoning Hm\n#text Hello there\n#tool f {"a":1}'),
      tools: [{ type: 'function', function: { name: 'f' } }],
    });
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = await linesOf(response);
    const messages = lines.map((line) => line.message as Line);
    expect(messages.map(({ content }) => content).join('')).toBe('Hello there');
    expect(messages[0]).toMatchObject({ role: 'assistant', thinking: 'Hm' });
    expect(messages.at(-2)).toMatchObject({ tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] });
    expect(lines.map(({ done }) => done)).toEqual([...lines.slice(1).map(() => false), true]);
    const last = lines.at(-1) as Line;
    expect(last).toMatchObject({ model, done_reason: 'stop', eval_count: 4, load_duration: 0 });
    for (const duration of ['total_duration', 'prompt_eval_duration', 'eval_duration'])
      expect(Number.isInteger(last[duration]), duration).toBe(true);
    expect(last.total_duration).toBeGreaterThan(0);
  });

  test('in one piece, with log-probabilities and its trace', async () => {
    const { body, headers } = await ask('/api/chat', {
      model,
      stream: false,
      messages: user('#text Yes indeed'),
      logprobs: true,
      top_logprobs: 2,
    });
    expect(body).toMatchObject({
      message: { role: 'assistant', content: 'Yes indeed' },
      done: true,
      done_reason: 'stop',
      logprobs: [{ token: 'Yes', top_logprobs: [{ token: 'Yes' }, {}] }, { token: ' indeed' }],
    });
    await app.services.ledger.flush();
    const trace = await app.services.ledger.getTrace(headers.get('x-atelier-trace-id') ?? '', null);
    expect(trace.summary).toMatchObject({ status: 'ok', source: 'api', model });
  });

  test.each(['scripted/script', 'scripted/script:latest', 'helper', 'helper:latest'])(
    'a model named %s',
    async (name) => {
      await app.services.registry.setAlias('helper', model);
      const { body } = await ask('/api/chat', { model: name, stream: false, messages: user('#text Hi') });
      expect(body).toMatchObject({ model: name, message: { content: 'Hi' } });
    },
  );

  test('curl says no content type', async () => {
    const body = JSON.stringify({ model, stream: false, messages: user('#text Hi') });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await app.request('/api/chat', { method: 'POST', body, headers });
    expect(await response.json()).toMatchObject({ message: { content: 'Hi' } });
  });

  test('a failure in the middle is a line of its own, and the last', async () => {
    const messages = user('#text Half\n#error-mid 502 The wire was cut');
    const lines = await linesOf(await app.send('/api/chat', { model, messages }));
    expect(lines.at(-1)).toEqual({ error: 'The wire was cut' });
    expect(lines.some(({ done }) => done === true)).toBe(false);
  });

  test.each([
    ['/api/chat', { model: 'nobody', messages: user('hi') }, 404, 'nobody'],
    ['/api/chat', { messages: user('hi') }, 400, 'model'],
    ['/api/chat', { model, messages: [{ role: 'user', content: 3 }] }, 400, 'messages[0].content'],
    ['/api/chat', { model, messages: [{ role: 'user', content: 'x', images: ['iVBORw0K'] }] }, 400, 'image'],
    [
      '/api/chat',
      { model, messages: user('hi'), options: { temperature: 'hot' } },
      400,
      'options.temperature',
    ],
    ['/api/chat', { model, messages: user('#error 429 Slow down') }, 429, 'Slow down'],
    ['/api/generate', { model, prompt: 'a', suffix: 'b' }, 400, 'suffix'],
    ['/api/embed', { model: 'scripted/embed', input: 'x', dimensions: 3 }, 400, 'dimensions'],
    ['/api/show', { model: 'nobody' }, 404, 'nobody'],
    ['/api/pull', { model: 'nobody' }, 404, 'nobody'],
    ['/api/create', { model: 'x', from: 'y' }, 501, 'Modelfile'],
    ['/api/copy', { source: 'x', destination: 'y' }, 501, 'alias'],
  ])('a refusal: %s %j', async (path, request, status, words) => {
    const { status: got, body } = await ask(path, request);
    expect(got).toBe(status);
    expect(Object.keys(body)).toEqual(['error']);
    expect(body.error).toContain(words);
  });
});

describe('POST /api/generate', () => {
  test('a prompt with a system text, streamed and in one piece', async () => {
    const request = { model, prompt: '#text Once upon', system: 'Be brief.' };
    const lines = await linesOf(await app.send('/api/generate', request));
    expect(lines.map(({ response }) => response).join('')).toBe('Once upon');
    const { body, headers } = await ask('/api/generate', { ...request, template: 'x', stream: false });
    expect(body).toMatchObject({ response: 'Once upon', done: true, eval_count: 2 });
    expect(headers.get('x-atelier-warning')).toContain('template');
  });

  test('a JSON schema', async () => {
    const format = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const { body } = await ask('/api/generate', { model, prompt: 'Paris', stream: false, format });
    expect(JSON.parse(body.response as string)).toEqual({ city: expect.any(String) });
  });

  test('nothing to answer loads the model, and with keep_alive 0 lets it go', async () => {
    const gone: string[] = [];
    const other = await createTestApp({ replace: { releaseModel: async (id) => void gone.push(id) } });
    const said = async (body: object) => (await other.send('/api/generate', body)).json();
    try {
      expect(await said({ model })).toMatchObject({ response: '', done: true, done_reason: 'load' });
      expect(gone).toEqual([]);
      expect(await said({ model, keep_alive: '0s' })).toMatchObject({ done_reason: 'unload' });
      expect(gone).toEqual([model]);
      expect(await said({ model, prompt: '#text Hi', stream: false, keep_alive: 0 })).toMatchObject({
        response: 'Hi',
      });
      await said({ model, prompt: '#text Hi', stream: false, keep_alive: '5m' });
      expect(gone).toEqual([model, model]);
    } finally {
      await other.close();
    }
  });
});

test('keep_alive 0 of a member or of a limited key is accepted, and takes the model from nobody', async () => {
  const gone: string[] = [];
  const accounts = await openAccounts({ replace: { releaseModel: async (id) => void gone.push(id) } });
  try {
    const mia = await accounts.add('Mia', 'member');
    const bea = await accounts.add('Bea', 'builder');
    const limited = (await accounts.makeKey(bea, { models: [model] })).secret;
    for (const who of [mia, limited]) {
      for (const prompt of ['', '#text Hi']) {
        const json = { model, prompt, stream: false, keep_alive: 0 };
        const response = await accounts.ask(who, '/api/generate', { json });
        expect(response.headers.get('x-atelier-warning')).toContain('only admins and builders');
        expect(await response.json()).toMatchObject({
          done: true,
          ...(prompt === '' ? { done_reason: 'unload' } : {}),
        });
      }
    }
    expect(gone).toEqual([]);
    const response = await accounts.ask(bea, '/api/generate', { json: { model, keep_alive: 0 } });
    expect(response.headers.get('x-atelier-warning')).toBeNull();
    expect(gone).toEqual([model]);
  } finally {
    await accounts.close();
  }
});

test('vectors: one and several, and in the older way', async () => {
  const request = { model: 'scripted/embed', input: ['un chat', 'un chien'] };
  const { body } = await ask('/api/embed', request);
  expect(body.embeddings).toHaveLength(2);
  expect(body).toMatchObject({ model: 'scripted/embed', prompt_eval_count: 4 });
  const { body: old } = await ask('/api/embeddings', { model: 'scripted/embed', prompt: 'un chat' });
  expect(old.embedding).toEqual((body.embeddings as number[][])[0]);
});

describe('models', () => {
  const installed = {
    id: 'tiny',
    path: '/nowhere/tiny.gguf',
    adapter: null,
    sizeBytes: 1234,
    sha256: 'ab'.repeat(32),
    source: 'path:/nowhere/tiny.gguf',
    catalogueId: null,
    kind: 'chat' as const,
    architecture: 'llama',
    contextLength: 2048,
    parameters: 134_515_008,
    quantization: 'Q8_0',
    createdAt: 0,
  };

  test('list, what is in memory, and what is known of one', async () => {
    const { info } = await app.services.registry.resolve(model);
    const local = {
      ...info,
      id: 'local/tiny',
      provider: 'local',
      name: 'tiny',
      state: 'loaded' as const,
      sizeBytes: 1234,
      parameters: installed.parameters,
      quantization: 'Q8_0',
      contextLength: 2048,
    };
    const other = await createTestApp({
      providers: [
        {
          id: 'local',
          list: async () => [local],
          resolve: async (name) =>
            name === 'tiny' ? { info: local, language: null, embedding: null } : null,
        },
      ],
      replace: { library: { ...app.services.library, installed: async () => [installed] } },
    });
    const read = async (path: string) => (await other.request(path)).json();
    try {
      expect(await read('/api/tags')).toMatchObject({
        models: [
          {
            name: 'local/tiny',
            size: 1234,
            digest: installed.sha256,
            details: { format: 'gguf', family: 'llama', parameter_size: '135M', quantization_level: 'Q8_0' },
          },
        ],
      });
      expect(await read('/api/ps')).toMatchObject({
        models: [{ model: 'local/tiny', expires_at: expect.stringMatching(/^\d{4}-/), size_vram: 0 }],
      });
      const shown = await (await other.send('/api/show', { model: 'tiny:latest' })).json();
      expect(shown).toMatchObject({
        capabilities: ['completion', 'tools'],
        model_info: { 'general.parameter_count': 134_515_008, 'general.context_length': 2048 },
      });
    } finally {
      await other.close();
    }
    expect(await (await app.request('/api/version')).json()).toEqual({ version: '0.0.0-test' });
    expect(await (await app.request('/api/ps')).json()).toEqual({ models: [] });
  });
});

describe('POST /api/pull', () => {
  const task: Task = {
    id: 'task_1',
    kind: 'models.download',
    title: 'Tiny',
    payload: {},
    status: 'queued',
    progress: null,
    result: null,
    error: null,
    canPause: true,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
  };
  const progress = (done: number, note = 'downloading') => ({
    done,
    total: 100,
    unit: 'bytes' as const,
    perSecond: null,
    note,
  });

  /** A library whose download goes through these states, one after the other, once somebody listens. */
  async function openPulling(states: Partial<Task>[]) {
    const asked: unknown[] = [];
    const cancelled: string[] = [];
    let current = task;
    const pulling = await createTestApp({
      replace: {
        library: {
          ...app.services.library,
          pull: async (input) => {
            asked.push(input);
            return task;
          },
        },
        jobs: {
          ...app.services.jobs,
          get: async () => current,
          cancel: async (id) => {
            cancelled.push(id);
            return current;
          },
          onChange(listener) {
            void (async () => {
              for (const state of states) {
                await new Promise((resolve) => setTimeout(resolve, 15));
                current = { ...task, status: 'running', ...state };
                listener({ ...current, id: 'another' });
                listener(current);
              }
            })();
            return () => {};
          },
        },
      },
    });
    return { ...pulling, asked, cancelled };
  }

  test('told as it goes, to its end', async () => {
    const pulling = await openPulling([
      { progress: progress(10) },
      { progress: progress(70) },
      { progress: progress(100, 'verifying') },
      { status: 'complete' },
    ]);
    try {
      const lines = await linesOf(await pulling.send('/api/pull', { name: 'local/tiny:latest' }));
      expect(pulling.asked).toEqual([{ id: 'tiny' }]);
      expect(lines).toEqual([
        { status: 'pulling manifest' },
        { status: 'pulling Tiny', digest: 'task_1', total: 100, completed: 10 },
        { status: 'pulling Tiny', digest: 'task_1', total: 100, completed: 70 },
        { status: 'verifying Tiny' },
        { status: 'success' },
      ]);
    } finally {
      await pulling.close();
    }
  });

  test('a file of the hub, in one piece', async () => {
    const pulling = await openPulling([{ progress: progress(10) }, { status: 'complete' }]);
    try {
      const response = await pulling.send('/api/pull', { model: 'owner/repo/a/b.gguf', stream: false });
      expect(await response.json()).toEqual({ status: 'success' });
      expect(pulling.asked).toEqual([{ repo: 'owner/repo', file: 'a/b.gguf' }]);
    } finally {
      await pulling.close();
    }
  });

  test('a failure says why, as a line and as a status', async () => {
    const error = { code: 'download_failed', message: 'No source.', data: {}, retryable: false };
    const pulling = await openPulling([{ status: 'failed', error }]);
    try {
      const lines = await linesOf(await pulling.send('/api/pull', { name: 'tiny' }));
      expect(lines.at(-1)).toEqual({ error: 'No source.' });
      const whole = await pulling.send('/api/pull', { name: 'tiny', stream: false });
      expect(whole.status).toBe(502);
      expect(await whole.json()).toEqual({ error: 'No source.' });
    } finally {
      await pulling.close();
    }
  });

  test('a client that goes away leaves the download alone', async () => {
    const pulling = await openPulling([{ progress: progress(10) }]);
    try {
      const reader = (await pulling.send('/api/pull', { name: 'tiny' })).body!.getReader();
      await reader.read();
      await reader.read();
      await reader.cancel();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(pulling.cancelled).toEqual([]);
    } finally {
      await pulling.close();
    }
  });
});
