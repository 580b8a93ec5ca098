// Embedding calls that end before their end: what was made until then is charged.
import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { createSpending } from '../access/spending/create-spending.ts';
import type { ModelInfo } from '../contracts/model.ts';
import type { Price } from '../contracts/money.ts';
import { silentLog } from '../lib/log.ts';
import { createLedger } from '../monitoring/create-ledger.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { createGateway } from './create-gateway.ts';
import { createRegistry } from './create-registry.ts';
import type { CallContext } from './model-call.ts';
import { createScriptedProvider } from './providers/scripted/scripted-provider.ts';
import type { ModelProvider } from './registry.ts';

let opened: TestStore;
let ledger: Ledger;
beforeAll(async () => {
  opened = await openTestStore();
  ledger = createLedger({ store: opened.store, log: silentLog, keepContent: () => true });
});
afterAll(async () => {
  await ledger.close();
  await opened.dispose();
});

test.each<[string, (stop: AbortController) => Promise<never>, object]>([
  ['fails', () => Promise.reject(new Error('gone')), { tokens: 20, spent: 2000, unpriced: 0 }],
  [
    'is left',
    async (stop) => {
      stop.abort();
      throw stop.signal.reason;
    },
    { tokens: 20, spent: 2100, unpriced: 1 },
  ],
])('what was made before a later request %s is charged', async (who, last, wanted) => {
  const stop = new AbortController();
  let requests = 0;
  const embedding: EmbeddingModelV4 = {
    specificationVersion: 'v4',
    provider: 'far',
    modelId: 'vectors',
    maxEmbeddingsPerCall: 2,
    supportsParallelCalls: false,
    doEmbed({ values }) {
      requests += 1;
      if (requests > 2) return last(stop);
      return Promise.resolve({ embeddings: values.map(() => [1]), usage: { tokens: 10 }, warnings: [] });
    },
  };
  const [info] = await createScriptedProvider().list();
  const price: Price = {
    kind: 'tokens',
    input: 100_000_000,
    output: 0,
    cacheRead: null,
    cacheWrite: null,
    source: 'this test',
    date: '2026-11-30',
  };
  const own: ModelInfo = { ...info!, id: 'far/vectors', provider: 'far', kind: 'embedding', price };
  const { store } = opened;
  const far: ModelProvider = {
    id: 'far',
    list: async () => [],
    resolve: async () => ({ info: own, language: null, embedding }),
  };
  const spending = await createSpending({ store, log: silentLog });
  await spending.createBudget({
    subject: { kind: 'user', id: who },
    period: 'month',
    unit: 'money',
    amount: 1_000_000,
    action: 'refuse',
  });
  const door = createGateway({
    registry: createRegistry({ store, providers: () => [far] }),
    ledger,
    admit: spending.admit,
  });
  const context: CallContext = { identity: { userId: who, role: 'member' }, source: 'api' };
  const answer = door.embed('far/vectors', ['a', 'b', 'c', 'd', 'e'], context, stop.signal);
  await expect(answer).rejects.toThrow();
  const budget = (await spending.listBudgets()).find(({ subject }) => subject.id === who);
  await spending.close();
  await ledger.flush();
  const { traces } = await ledger.listTraces({ limit: 1 }, who);
  const tokens = traces[0]?.usage.input;
  expect({ tokens, spent: budget?.spent, unpriced: budget?.unpricedCalls }).toEqual(wanted);
  expect(budget?.reserved).toBe(0);
});
