// A canary: a stable share of the conversations is answered by another model, and whoever looks can see it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { type Identity, localIdentity } from '../contracts/identity.ts';
import { routeSettingsSchema } from '../contracts/routing.ts';
import { attribute } from '../contracts/span.ts';
import { silentLog } from '../lib/log.ts';
import { createLedger } from '../monitoring/create-ledger.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { conversationKey, placeOf } from './canary.ts';
import { createGateway } from './create-gateway.ts';
import { createRegistry } from './create-registry.ts';
import type { Gateway } from './gateway.ts';
import type { CallContext } from './model-call.ts';
import { createScriptedProvider } from './providers/scripted/scripted-provider.ts';
import type { ModelRegistry } from './registry.ts';

let opened: TestStore;
let ledger: Ledger;
let registry: ModelRegistry;
let gateway: Gateway;
beforeAll(async () => {
  opened = await openTestStore();
  ledger = createLedger({ store: opened.store, log: silentLog, keepContent: () => true, flushMs: 1 });
  registry = createRegistry({ store: opened.store, providers: () => [createScriptedProvider()] });
  gateway = createGateway({ registry, ledger });
});
afterAll(async () => {
  await ledger.close();
  await opened.dispose();
});
beforeEach(async () => {
  await registry.putAlias('house', { model: 'scripted/echo', settings: {}, canary: null });
});

const ask = (text: string, context: Partial<CallContext> = {}, identity: Identity = localIdentity) =>
  gateway.generate(
    'house',
    { prompt: [{ role: 'user', content: [{ type: 'text', text }] }] },
    { identity, source: 'api', ...context },
  );
const script = (share: number) => registry.setCanary('house', { model: 'scripted/script', share });

test('keys fall evenly, and each canary draws anew', () => {
  const keys = Array.from({ length: 2000 }, (_, index) => `conversation ${index}`);
  const below = (model: string) => keys.filter((key) => placeOf('house', model, key) < 0.25);
  // Four standard deviations of 500 in 2,000: 77.
  expect(Math.abs(below('a/b').length - 500)).toBeLessThan(77);
  const others = new Set(below('a/c'));
  const both = below('a/b').filter((key) => others.has(key)).length;
  expect(both).toBeLessThan(200);
  expect(placeOf('house', 'a/b', 'x')).toBe(placeOf('house', 'a/b', 'x'));
});

test('a call is known by its conversation, its trace, or how it begins', () => {
  const base = { identity: localIdentity, source: 'api' };
  const turn = (role: string, content: string) => ({ role, content });
  const begun = [turn('system', 's'), turn('user', 'one')];
  const longer = [...begun, turn('assistant', 'two'), turn('user', 'three')];
  expect(conversationKey(base, begun)).toBe(conversationKey(base, longer));
  expect(conversationKey(base, begun)).not.toBe(conversationKey(base, [turn('user', 'other')]));
  expect(conversationKey({ ...base, conversationId: 'c' }, begun)).toBe('c');
  expect(conversationKey({ ...base, parent: { traceId: 't', spanId: 's' } }, begun)).toBe('t');
});

describe('a share of the conversations', () => {
  const ids = Array.from({ length: 60 }, (_, index) => `conversation_${index}`);
  async function answering(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const conversationId of ids) {
      const plan = await registry.plan('house', () => conversationId);
      found.set(conversationId, plan.candidates[0].info.id);
    }
    return found;
  }
  const tried = (of: Map<string, string>) =>
    [...of].filter(([, id]) => id === 'scripted/script').map(([key]) => key);

  test('is the same ones always, and grows without letting one go', async () => {
    await script(0.3);
    const some = tried(await answering());
    expect(some).toEqual(tried(await answering()));
    expect(some.length).toBeGreaterThan(6);
    expect(some.length).toBeLessThan(32);
    await script(0.7);
    const more = tried(await answering());
    expect(more.length).toBeGreaterThan(some.length);
    expect(more).toEqual(expect.arrayContaining(some));
    await registry.setCanary('house', null);
    expect(tried(await answering())).toEqual([]);
  });

  test('is answered by it, and the trace says so', async () => {
    await script(0.999999);
    const { model, traceId } = await ask('#text tried', { conversationId: 'c1' });
    expect(model.id).toBe('scripted/script');
    await ledger.flush();
    const { spans } = await ledger.getTrace(traceId, localIdentity.userId);
    expect(spans[0]?.attributes[attribute.routed]).toMatchObject({
      asked: 'house',
      answered: 'scripted/script',
      fallback: true,
      canary: true,
      reason: 'scripted/script is tried on a share of the conversations of house.',
    });
  });

  test('falls back to what the alias names when the canary fails', async () => {
    await script(0.999999);
    const { model } = await ask('#error 503 Away', { conversationId: 'c1' });
    expect(model.id).toBe('scripted/echo');
  });

  test('leaves out a key that may not ask it', async () => {
    await script(0.999999);
    const limited = { ...localIdentity, models: ['scripted/echo'] };
    expect((await ask('hello', { conversationId: 'c1' }, limited)).model.id).toBe('scripted/echo');
  });
});

test('the settings of an alias that are set without a canary leave it there', async () => {
  await script(0.5);
  await registry.setAlias('house', 'scripted/echo', routeSettingsSchema.parse({ retries: 2 }));
  expect(await registry.aliasRow('house')).toMatchObject({
    settings: { retries: 2 },
    canary: { model: 'scripted/script', share: 0.5 },
  });
  expect(await registry.routes()).toMatchObject([{ alias: 'house', retries: 2, canary: { share: 0.5 } }]);
  await expect(registry.setCanary('house', { model: 'no/model', share: 0.5 })).rejects.toMatchObject({
    code: 'model_not_found',
  });
  await expect(registry.setCanary('none', null)).rejects.toMatchObject({ code: 'not_found' });
});

test('a row goes back as it stood', async () => {
  const before = await registry.aliasRow('house');
  await registry.setAlias('house', 'scripted/script');
  await script(0.5);
  await registry.putAlias('house', before);
  expect(await registry.aliasRow('house')).toEqual(before);
  await registry.putAlias('house', null);
  expect(await registry.aliasRow('house')).toBeNull();
});
