// The registry over a real store: what is listed, what an id or alias stands for, and what a refusal says.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import type { FirstRun } from '../contracts/catalogue.ts';
import type { ModelInfo } from '../contracts/model.ts';
import { createRegistry, type RegistryOptions } from './create-registry.ts';
import { createScriptedProvider } from './providers/scripted/scripted-provider.ts';
import type { ModelProvider } from './registry.ts';

const scripted = createScriptedProvider();
const [sample] = await scripted.list();

function model(id: string, more: Partial<ModelInfo> = {}): ModelInfo {
  const [provider = '', name = ''] = id.split(/\/(.*)/);
  const kind = provider === 'local' ? 'local' : 'remote';
  return {
    ...sample!,
    id,
    provider,
    name,
    place: { kind, host: null },
    price: { kind: 'unknown' },
    createdAt: 1,
    ...more,
  };
}

function providerOf(id: string, infos: ModelInfo[]): ModelProvider {
  return {
    id,
    list: async () => infos,
    async resolve(name) {
      const info = infos.find((one) => one.name === name);
      return info ? { info, language: null, embedding: null } : null;
    },
  };
}

const small = model('local/small', { parameters: 1e8 });
const large = model('local/large', { parameters: 3e9 });
const embedder = model('local/e5', { kind: 'embedding', parameters: 9e9 });
const far = model('far/org/name', { place: { kind: 'remote', host: 'far.example' } });

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
});
afterEach(() => opened.dispose());

const registryOf = (options: Partial<RegistryOptions> & { models?: ModelInfo[] } = {}) => {
  const { models = [small, embedder, large, far], ...rest } = options;
  const ids = [...new Set(models.map((one) => one.provider))];
  const providers = () => [
    scripted,
    ...ids.map((id) =>
      providerOf(
        id,
        models.filter((one) => one.provider === id),
      ),
    ),
  ];
  return createRegistry({ store: opened.store, providers, ...rest });
};
const idsOf = (models: ModelInfo[]) => models.map((one) => one.id);
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('no refusal')),
    (error: unknown) => error,
  );

describe('the list', () => {
  test('has the default first and the scripted models last', async () => {
    const ids = idsOf(await registryOf().list());
    expect(ids.slice(0, 4)).toEqual(['local/large', 'local/small', 'local/e5', 'far/org/name']);
    expect(ids.slice(4).every((id) => id.startsWith('scripted/'))).toBe(true);
  });

  test('leaves out what cannot be reached', async () => {
    const down = model('far/down', { place: { kind: 'remote', host: 'x' }, state: 'unreachable' });
    expect(idsOf(await registryOf({ models: [down, small] }).list())).not.toContain('far/down');
  });
});

describe('the default', () => {
  test('is the best installed chat model: by rank, else the larger', async () => {
    expect((await registryOf().resolve('default')).info.id).toBe('local/large');
    const ranked = registryOf({ rank: (one) => (one.name === 'small' ? 5 : null) });
    expect((await ranked.resolve('auto')).info.id).toBe('local/small');
  });

  test('is never a model that was trained here, unless there is no other', async () => {
    const tuned = model('local/tuned', { parameters: 3e9, createdAt: 2, tuned: true });
    const registry = registryOf({ models: [tuned, small, large] });
    expect((await registry.resolve('default')).info.id).toBe('local/large');
    expect((await registryOf({ models: [tuned, far] }).resolve('default')).info.id).toBe('local/tuned');
  });

  test('is the first remote model where none is installed', async () => {
    expect((await registryOf({ models: [far] }).resolve('default')).info.id).toBe('far/org/name');
  });

  test('is what a person chose, also when that is gone: then it is an error, not another model', async () => {
    const registry = registryOf();
    await registry.setAlias('default', 'local/small');
    expect((await registry.resolve('default')).info.id).toBe('local/small');
    expect(idsOf(await registry.list())[0]).toBe('local/small');
    expect(await refusal(registryOf({ models: [large] }).resolve('default'))).toMatchObject({
      code: 'model_not_found',
      message: expect.stringContaining('local/small (the alias default)'),
    });
    await registry.removeAlias('default');
    expect((await registry.resolve('default')).info.id).toBe('local/large');
  });

  test('is loading, with progress, while the first model is being fetched', async () => {
    const run: FirstRun = { state: 'working', chosen: 'qwen', reason: null, taskId: 'job_1', attempts: [] };
    const registry = registryOf({
      models: [],
      firstRun: () => run,
      progressOf: async () => ({ done: 25, total: 100, unit: 'bytes', perSecond: 5, note: 'downloading' }),
      catalogueEntry: async (name) =>
        name === 'qwen' ? { displayName: 'Qwen', sizeBytes: 100, taskId: null } : null,
    });
    const expected = {
      code: 'model_loading',
      retryable: true,
      message: 'The model qwen is still being fetched (25 %). Ask again when it is there.',
      data: { model: 'local/qwen', progress: { done: 25 } },
    };
    expect(await refusal(registry.resolve('default'))).toMatchObject(expected);
    expect(await refusal(registry.resolve('local/qwen'))).toMatchObject(expected);
  });

  test('is never a scripted model by itself', async () => {
    expect(await refusal(registryOf({ models: [] }).resolve('default'))).toMatchObject({
      code: 'model_not_found',
      message: expect.stringContaining('atelier models pull auto'),
    });
  });
});

describe('ids and aliases', () => {
  test('a name may hold slashes', async () => {
    expect((await registryOf().resolve('far/org/name')).info.id).toBe('far/org/name');
  });

  test.each([
    ['local/smal', 'local/small'],
    ['small', 'local/small'],
    ['scripted/ecko', 'scripted/echo'],
  ])('%s does not exist; the nearest that does comes first', async (asked, near) => {
    const error = (await refusal(registryOf().resolve(asked))) as { code: string; data: { exist: string[] } };
    expect(error.code).toBe('model_not_found');
    expect(error.data.exist[0]).toBe(near);
    expect(error.data.exist.length).toBeLessThanOrEqual(10);
  });

  test('a model of the catalogue that is not here says how to pull it', async () => {
    const registry = registryOf({
      catalogueEntry: async () => ({ displayName: 'Big', sizeBytes: 7, taskId: null }),
    });
    expect(await refusal(registry.resolve('local/big'))).toMatchObject({
      code: 'model_not_installed',
      message: expect.stringContaining('atelier models pull big'),
    });
  });

  test.each(['constructor', 'toString', '__proto__', '/', 'local/', '/x', '%2F', '\u{1f600}'])(
    'the odd id %j stands for nothing, in words',
    async (id) => {
      await expect(registryOf().resolve(id)).rejects.toMatchObject({ code: 'model_not_found' });
    },
  );

  test('an alias points to a model that exists', async () => {
    const registry = registryOf();
    await registry.setAlias('fast', 'local/small');
    await registry.setAlias('fast', 'scripted/echo');
    expect(await registry.aliases()).toEqual({ fast: 'scripted/echo' });
    expect((await registry.resolve('fast')).info.id).toBe('scripted/echo');
    expect(await refusal(registry.setAlias('fast', 'local/none'))).toMatchObject({ code: 'model_not_found' });
    expect(await refusal(registry.setAlias('a/b', 'local/small'))).toMatchObject({ code: 'invalid_request' });
    expect(await refusal(registry.removeAlias('slow'))).toMatchObject({ code: 'not_found' });
  });
});

test('a price that was entered is the model’s price, and listeners hear of changes', async () => {
  const registry = registryOf();
  let changes = 0;
  const stop = registry.onChange(() => {
    changes += 1;
  });
  await registry.setPrice('far/org/name', { kind: 'none' });
  expect((await registry.resolve('far/org/name')).info.price).toEqual({ kind: 'none' });
  expect((await registry.list()).find((one) => one.id === 'far/org/name')?.price).toEqual({ kind: 'none' });
  expect(changes).toBe(1);
  stop();
  await registry.setPrice('far/org/name', { kind: 'unknown' });
  expect(changes).toBe(1);
  expect(await refusal(registry.setPrice('far/none', { kind: 'none' }))).toMatchObject({
    code: 'model_not_found',
  });
});
