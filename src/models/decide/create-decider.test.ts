import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { type DecideInput, decideInputSchema, decisionSchema } from '../../contracts/app.ts';
import { localIdentity } from '../../contracts/identity.ts';
import type { ModelInfo } from '../../contracts/model.ts';
import { silentLog } from '../../lib/log.ts';
import { createLedger } from '../../monitoring/create-ledger.ts';
import type { Ledger } from '../../monitoring/ledger.ts';
import { createGateway } from '../create-gateway.ts';
import { createRegistry } from '../create-registry.ts';
import type { Decider } from '../decider.ts';
import { createScriptedProvider } from '../providers/scripted/scripted-provider.ts';
import type { ModelProvider } from '../registry.ts';
import { createDecider } from './create-decider.ts';

/** The scripted model as if it were elsewhere and told no log-probabilities. */
function remoteProvider(): ModelProvider {
  const scripted = createScriptedProvider();
  const own = (info: ModelInfo): ModelInfo => ({
    ...info,
    id: `far/${info.name}`,
    provider: 'far',
    place: { kind: 'remote', host: 'far.example' },
  });
  return {
    id: 'far',
    list: async () => (await scripted.list()).map(own),
    async resolve(name) {
      const found = await scripted.resolve(name);
      if (found?.language == null) return null;
      const { language } = found;
      return {
        ...found,
        info: own(found.info),
        language: {
          ...language,
          doStream: (options) => language.doStream({ ...options, providerOptions: {} }),
        },
      };
    },
  };
}

describe('a decision', () => {
  let opened: TestStore;
  let ledger: Ledger;
  let decider: Decider;
  beforeAll(async () => {
    opened = await openTestStore();
    ledger = createLedger({ store: opened.store, log: silentLog, keepContent: () => true });
    const registry = createRegistry({
      store: opened.store,
      providers: () => [createScriptedProvider(), remoteProvider()],
    });
    decider = createDecider({ gateway: createGateway({ registry, ledger }), registry, ledger });
  });
  afterAll(async () => {
    await ledger.close();
    await opened.dispose();
  });

  const context = { identity: localIdentity, source: 'api' };
  const decide = (input: Partial<DecideInput>) =>
    decider.decide(
      decideInputSchema.parse({
        model: 'scripted/script',
        input: '#text b',
        question: { type: 'choice', options: [{ label: 'a' }, { label: 'b' }, { label: 'c' }] },
        ...input,
      }),
      context,
    );

  test('is a choice with probabilities that sum to 1, in one trace', async () => {
    const decision = decisionSchema.parse(await decide({}));
    expect(decision).toMatchObject({
      value: 'b',
      method: 'logprobs',
      model: 'scripted/script',
      expected: null,
    });
    expect(decision.probability).toBeGreaterThan(0.85);
    expect(Object.keys(decision.probabilities ?? {})).toEqual(['a', 'b', 'c']);
    expect(Object.values(decision.probabilities ?? {}).reduce((a, b) => a + b)).toBeCloseTo(1);
    await ledger.flush();
    const trace = await ledger.getTrace(decision.traceId, null);
    expect(trace.summary.name).toBe('decide choice');
    expect(trace.spans.find(({ kind }) => kind === 'model')?.parentId).toBe(decision.spanId);
  });

  test('is yes or no as a truth value', async () => {
    const question = { type: 'yes_no' } as const;
    expect(await decide({ question, input: '#text no' })).toMatchObject({ value: false });
    expect(await decide({ question, input: '#text yes' })).toMatchObject({ value: true });
  });

  test('is a score with its mean', async () => {
    const decision = await decide({ question: { type: 'score', min: 1, max: 5 }, input: '#text 4' });
    expect(decision.value).toBe(4);
    expect(decision.expected).toBeGreaterThan(1);
    expect(decision.expected).toBeLessThan(5);
  });

  test('of a model without log-probabilities is a forced choice that says so', async () => {
    const decision = await decide({ model: 'far/script', input: '#json {"answer":"c"}' });
    expect(decision).toMatchObject({ value: 'c', method: 'schema', probability: null, probabilities: null });
    const score = await decide({
      model: 'far/script',
      input: '#json {"answer":"3"}',
      question: { type: 'score', min: 1, max: 3 },
    });
    expect(score).toMatchObject({ value: 3, method: 'schema' });
  });

  test('that cannot be asked is refused with the reason', async () => {
    const twice = { type: 'choice' as const, options: [{ label: 'a' }, { label: 'a' }] };
    await expect(decide({ question: twice })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(decide({ question: { type: 'score', min: 3, max: 3 } })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(decide({ examples: [{ input: 'x', answer: 'nothing' }] })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(decide({ model: 'scripted/none' })).rejects.toMatchObject({ code: 'model_not_found' });
    await expect(decide({ model: 'far/script', input: '#json {"answer":"z"}' })).rejects.toMatchObject({
      code: 'model_failed',
    });
  });

  test('an error of the model is the error, and stands in the ledger', async () => {
    await expect(decide({ input: '#error 429 Slow down' })).rejects.toMatchObject({
      code: 'provider_rate_limited',
    });
    await ledger.flush();
    const { traces } = await ledger.listTraces({ status: 'error', limit: 1 }, null);
    expect(traces[0]).toMatchObject({ name: 'decide choice', status: 'error' });
  });
});
