// A llama-server that Atelier starts and stops, here one that only speaks the wire: loading, answers, images, idleness,
// a crash, and what it is told and not told.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startChild } from '../../../../test/children/start-child.ts';
import { openTestStore, type TestStore } from '../../../../test/open-test-store.ts';
import type { AtelierError } from '../../../contracts/errors.ts';
import type { CallStatus } from '../../../contracts/model.ts';
import type { LlamaServer } from '../../../contracts/provider.ts';
import { createHttp } from '../../../lib/http.ts';
import { silentLog } from '../../../lib/log.ts';
import { createSealer } from '../../../store/secrets.ts';
import { createEndpoints } from '../../create-endpoints.ts';
import { createRegistry } from '../../create-registry.ts';
import type { Endpoints } from '../../endpoints.ts';
import type { InstalledModel } from '../../library.ts';
import type { ModelRegistry } from '../../registry.ts';
import { createRelayReader } from '../relay/read-usage.ts';

const script = join(import.meta.dirname, '../../../../test/children/fake-llama-server.ts');
const model: InstalledModel = {
  id: 'small',
  path: '/models/a model; rm -rf $HOME.gguf',
  adapter: null,
  sizeBytes: 1000,
  sha256: null,
  source: 'path:/models/small.gguf',
  catalogueId: null,
  kind: 'chat',
  architecture: 'llama',
  contextLength: 8192,
  parameters: 1000,
  quantization: 'Q4_0',
  createdAt: 1,
};
let opened: TestStore;
let endpoints: Endpoints;
let registry: ModelRegistry;
let idleMinutes: number | null;
let installed: InstalledModel[];

const http = createHttp({ env: {} });
beforeAll(async () => {
  opened = await openTestStore();
  await http.ready();
});
afterAll(async () => {
  await http.close();
  await opened.dispose();
});
beforeEach(() => {
  idleMinutes = null;
  installed = [model];
  const { store } = opened;
  endpoints = createEndpoints({
    store,
    sealer: createSealer({ dataDir: '/', secret: 'a secret of this test' }),
    log: silentLog,
    http,
    installed: async () => installed,
    idleMinutes: () => idleMinutes,
  });
  registry = createRegistry({ store, providers: () => endpoints.providers(), changes: [endpoints.onChange] });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await endpoints.close();
  await opened.store.write([opened.store.db.deleteFrom('providers')]);
});

const config = (more: string[] = [], fields: Partial<LlamaServer> = {}): LlamaServer => ({
  command: process.execPath,
  model: 'local/small',
  projector: null,
  arguments: [script, ...more],
  ...fields,
});
const create = (llamaServer: LlamaServer) =>
  endpoints.create({ kind: 'llama-server', name: 'Mine', llamaServer });
const find = async () => (await registry.list()).find((info) => info.provider === 'mine');

async function ask(text: string, more: Record<string, unknown> = {}, signal?: AbortSignal) {
  const { language } = await registry.resolve('mine/small');
  if (!language) throw new Error('no language model');
  const result = await language.doGenerate({
    prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
    ...(signal ? { abortSignal: signal } : {}),
    ...more,
  });
  return result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

const pidOf = (answer: string) => Number(/pid (\d+)/.exec(answer)?.[1]);
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
async function drain(stream: ReadableStream<unknown>): Promise<void> {
  for await (const _part of stream);
}
async function failureOf(work: Promise<unknown>): Promise<AtelierError> {
  return work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: AtelierError) => error,
  );
}

describe('a llama-server', () => {
  test('is started by the first call, says how it loads, and answers the next one too', async () => {
    const provider = await create(config(['--load-ms', '400']));
    expect(provider).toMatchObject({ state: 'untested', baseUrl: '', models: [{ name: 'small' }] });
    expect(await find()).toMatchObject({
      state: 'ready',
      contextLength: 8192,
      input: ['text'],
      place: { kind: 'local' },
    });
    const statuses: CallStatus[] = [];
    const onStatus = (status: CallStatus) => statuses.push(status);
    const { language } = await registry.resolve('mine/small');
    const { stream } = await (language as NonNullable<typeof language>).doStream({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      providerOptions: { atelier: { onStatus: onStatus as never, minP: 0.2 } },
    });
    let text = '';
    for await (const part of stream) if (part.type === 'text-delta') text += part.delta;
    expect(text).toMatch(/^pid \d+, min_p 0.2$/);
    expect(statuses[0]).toEqual({ status: 'loading', model: 'mine/small', progress: null });
    expect(statuses.at(-1)).toMatchObject({ status: 'loading', progress: expect.any(Number) });
    expect(await find()).toMatchObject({ state: 'loaded', contextLength: 4096, price: { kind: 'none' } });
    expect(pidOf(await ask('again'))).toBe(pidOf(text));
    await endpoints.close();
    expect(isAlive(pidOf(text))).toBe(false);
  });

  test('is told its model as one argument, however it is named, and no secret of another program', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-another-program');
    await create(config(['--die-while-loading']));
    const error = await failureOf(ask('Hello'));
    expect(error).toMatchObject({ code: 'model_failed', data: { code: 3 }, retryable: true });
    expect(error.data.lines).toContain(`fake llama-server for ${model.path}`);
    expect(error.data.lines).toContain('environment: no key of another program');
    expect(error.message).toContain('failed to load model');
    // Its own key, which it printed.
    expect(error.data.lines).toContain('error: the key is [secret]');
  });

  test('reads images when it has a projector', async () => {
    await create(config([], { projector: '/models/projector.gguf' }));
    expect(await find()).toMatchObject({ input: ['text', 'image'] });
    const { language } = await registry.resolve('mine/small');
    const result = await (language as NonNullable<typeof language>).doGenerate({
      prompt: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array([1, 2, 3]) } },
          ],
        },
      ],
    });
    expect(JSON.stringify(result.content)).toContain('an image');
    expect(await find()).toMatchObject({ input: ['text', 'image'] });
  });

  test('a crash is an error with its last lines, and the next call starts it again', async () => {
    await create(config());
    const before = pidOf(await ask('Hello'));
    const { language } = await registry.resolve('mine/small');
    const { stream } = await (language as NonNullable<typeof language>).doStream({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Please crash' }] }],
    });
    const error = await failureOf(drain(stream));
    expect(error).toMatchObject({ code: 'model_failed', retryable: true });
    expect(error.message).toContain('the card fell off the bus');
    const after = pidOf(await ask('Hello again'));
    expect(after).not.toBe(before);
    expect(isAlive(before)).toBe(false);
  });

  test('an idle one is stopped, one in use is not', async () => {
    idleMinutes = 0.3 / 60;
    await create(config());
    const pid = pidOf(await ask('Hello'));
    expect(isAlive(pid)).toBe(true);
    await expect.poll(() => isAlive(pid), { timeout: 3000 }).toBe(false);
    expect(await find()).toMatchObject({ state: 'ready' });
    expect(pidOf(await ask('Hello'))).not.toBe(pid);
  });

  test('a caller that goes away while it loads leaves it to the next one', async () => {
    await create(config(['--load-ms', '300']));
    const error = await failureOf(ask('Hello', {}, AbortSignal.timeout(50)));
    expect(error.name).toBe('TimeoutError');
    expect(await find()).toMatchObject({ state: 'loading' });
    expect(await ask('Hello')).toMatch(/^pid/);
  });

  test('calls at once share one', async () => {
    await create(config(['--load-ms', '100']));
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => ask(text)));
    expect(new Set(answers.map(pidOf)).size).toBe(1);
  });

  test('a caller’s own body passes through to it', async () => {
    await create(config());
    const { relay, relays } = await registry.resolve('mine/small');
    expect(relays).toEqual(['openai-chat']);
    const body = { model: 'ours', stream: true, messages: [{ role: 'user', content: 'Hello' }] };
    const answer = await relay?.({
      dialect: 'openai-chat',
      body,
      headers: {},
      signal: new AbortController().signal,
    });
    if (!answer) throw new Error('no answer');
    const reader = createRelayReader('openai-chat', answer.headers['content-type'] ?? '');
    let bytes = '';
    for await (const chunk of answer.body) {
      reader.push(chunk);
      bytes += Buffer.from(chunk).toString();
    }
    expect(bytes).not.toContain('"usage":{');
    for (const chunk of answer.hidden()) reader.push(chunk);
    expect(reader.end()).toMatchObject({
      text: expect.stringMatching(/^pid/),
      usage: { inputTokens: { total: 5 } },
    });
  });

  test('the Test button starts it, and says in words why it does not', async () => {
    expect(
      await endpoints.test({ input: { kind: 'llama-server', name: 'x', llamaServer: config() } }),
    ).toMatchObject({
      ok: true,
      models: ['small'],
      latencyMs: expect.any(Number),
    });
    const missing = config([], { command: '/no/such/llama-server' });
    const { error } = await endpoints.test({
      input: { kind: 'llama-server', name: 'x', llamaServer: missing },
    });
    expect(error).toMatchObject({
      code: 'model_failed',
      message: expect.stringContaining('There is no program /no/such/llama-server. Install llama.cpp'),
    });
    installed = [];
    const { id } = await create(config());
    expect((await endpoints.test({ id })).error).toMatchObject({ code: 'model_not_installed' });
    expect((await endpoints.list())[0]).toMatchObject({
      state: 'unreachable',
      error: { code: 'model_not_installed' },
    });
    expect((await failureOf(ask('Hello'))).code).toBe('model_not_installed');
  });

  test('ends with the server, also when that is killed', async () => {
    const server = startChild('hold-llama-server', [script]);
    const pid = pidOf(await server.nextLine());
    expect(isAlive(pid)).toBe(true);
    await server.kill();
    await expect.poll(() => isAlive(pid), { timeout: 3000 }).toBe(false);
  });

  test('another model or program stops the old one', async () => {
    const { id } = await create(config());
    const pid = pidOf(await ask('Hello'));
    await endpoints.update(id, { llamaServer: config(['--load-ms', '1']) });
    expect(isAlive(pid)).toBe(false);
    const next = pidOf(await ask('Hello'));
    await endpoints.remove(id);
    expect(isAlive(next)).toBe(false);
  });
});
