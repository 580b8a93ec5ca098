// The distribution of the next token against what a real model does: the same figures as in its answers, and the
// frequencies with which it draws. The model lies in ATELIER_TEST_MODELS; without it this is skipped.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import { localIdentity } from '../../contracts/identity.ts';
import type { NextTokens, NextTokensOrder, WholeAnswer } from '../../contracts/playground.ts';
import { silentLog } from '../../lib/log.ts';
import { createLocalEngine, type LocalEngine } from '../../models/local/local-engine.ts';
import { installedModel, testModelPath } from '../../models/local/testing/test-models.ts';
import { type AnswerParts, answerMessages, wholeAnswer } from './answer-messages.ts';
import { nextTokens } from './next-tokens.ts';

const smol = testModelPath('smollm2-135m-instruct', 'SmolLM2-135M-Instruct.Q4_1.gguf');
const context = { identity: localIdentity, source: 'page' };
const never = new AbortController().signal;
const messages = [{ role: 'user' as const, text: 'Name a colour. One word.' }];

describe.skipIf(smol === null)('the next token of SmolLM2', () => {
  let engine: LocalEngine;
  let app: TestApp;
  let parts: AnswerParts;
  beforeAll(async () => {
    engine = createLocalEngine({
      log: silentLog,
      measurements: { get: async () => undefined, set: async () => {} },
      gpu: 'cpu',
      maxSequences: 4,
    });
    app = await createTestApp();
    const { info, ...rest } = await app.services.registry.resolve('scripted/echo');
    const model = {
      ...rest,
      info: {
        ...info,
        id: 'local/smol',
        provider: 'local',
        name: 'smol',
        place: { kind: 'local' as const, host: null },
      },
      language: engine.language(installedModel(smol ?? '', 'smol')),
    };
    await app.close();
    app = await createTestApp({
      providers: [{ id: 'local', list: async () => [model.info], resolve: async () => model }],
    });
    parts = app.services;
  });
  afterAll(async () => {
    await app?.close();
    await engine?.close();
  });

  const next = (order: Partial<NextTokensOrder> = {}): Promise<NextTokens> =>
    nextTokens(parts, { model: 'local/smol', messages, begun: '', top: 200, ...order }, context, never);
  const answer = (parameters: object, topLogprobs: number | null): Promise<WholeAnswer> =>
    wholeAnswer(
      answerMessages(parts, { model: 'local/smol', messages, parameters, topLogprobs }, context, never),
    );
  const sum = ({ tokens }: NextTokens) => tokens.reduce((all, { logprob }) => all + Math.exp(logprob), 0);

  test('is one distribution over the whole vocabulary, however many tokens are told', async () => {
    const [many, few] = await Promise.all([next(), next({ top: 5 })]);
    expect(many.tokens).toHaveLength(200);
    expect(few.tokens).toHaveLength(5);
    for (const [i, { token, logprob }] of few.tokens.entries()) {
      expect(many.tokens[i]?.token).toBe(token);
      expect(many.tokens[i]?.logprob).toBeCloseTo(logprob, 2);
    }
    expect(sum(few)).toBeLessThan(sum(many));
    expect(sum(many) + many.rest).toBeCloseTo(1, 2);
    expect(few.rest).toBeGreaterThan(many.rest);
    expect(sum(few) + few.rest).toBeCloseTo(1, 2);
    // At temperature 1 the sum over what is not told is its probability; heat lifts it, cold takes it away.
    expect(few.restAt?.[19]).toBeCloseTo(few.rest, 6);
    expect(few.restAt?.[39]).toBeGreaterThan(1);
    expect(few.restAt?.[0]).toBeLessThan(1e-6);
    const logprobs = many.tokens.map(({ logprob }) => logprob);
    expect(logprobs).toEqual([...logprobs].sort((a, b) => b - a));
  });

  test('goes on from the words it is given as the model itself would, up to the end of the answer', async () => {
    const written = await answer({ temperature: 0, maxOutputTokens: 30 }, 5);
    const [first, second] = written.logprobs;
    expect((await next()).tokens[0]?.token).toBe(first?.token);
    const after = await next({ begun: first?.token ?? '' });
    for (const [i, { token, logprob }] of (second?.top ?? []).slice(0, 3).entries()) {
      expect(after.tokens[i]?.token).toBe(token);
      expect(after.tokens[i]?.logprob).toBeCloseTo(logprob, 1);
    }
    expect(written.receipt.finishReason).toBe('stop');
    expect((await next({ begun: written.text })).tokens[0]).toMatchObject({ control: true });
  });

  test('says how often each token is drawn at temperature 1', async () => {
    const { tokens } = await next();
    const likeliest = tokens[0]!;
    const draws = 60;
    const answers = await Promise.all(
      Array.from({ length: draws }, (_, seed) =>
        answer({ temperature: 1, topP: 1, topK: 0, minP: 0, seed, maxOutputTokens: 1 }, 0),
      ),
    );
    const drawn = answers.filter(({ logprobs }) => logprobs[0]?.token === likeliest.token).length / draws;
    const p = Math.exp(likeliest.logprob);
    // Four standard deviations: one failure in 16,000 were the seeds not fixed.
    expect(Math.abs(drawn - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / draws));
  });
});
