// The playground over HTTP: an answer with probabilities, a stop, a failure, and the distribution of the next token.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { AnswerEvent, NextTokens } from '../../contracts/playground.ts';
import type { TraceSummary } from '../../contracts/span.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const say = (text: string) => [{ role: 'user', text }];
const ask = (body: object, init?: RequestInit) => app.send('/atelier/v1/playground/answer', body, init);

async function eventsOf(response: Response): Promise<AnswerEvent[]> {
  return (await response.text())
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as AnswerEvent);
}

describe('an answer', () => {
  test('comes with place, text, probabilities and receipt', async () => {
    const response = await ask({
      model: 'scripted/echo',
      messages: say('one two'),
      topLogprobs: 3,
      parameters: { temperature: 0.5 },
    });
    const events = await eventsOf(response);
    expect(events[0]).toMatchObject({ type: 'start', model: 'scripted/echo', place: { kind: 'scripted' } });
    const texts = events.filter((event) => event.type === 'text');
    expect(texts.map(({ delta }) => delta).join('')).toBe('one two');
    expect(texts.every(({ logprobs }) => logprobs?.[0]?.top.length === 3)).toBe(true);
    expect(events.at(-1)).toMatchObject({
      type: 'finish',
      receipt: { finishReason: 'stop', cost: { kind: 'none' }, usage: { output: 2 } },
    });
  });

  test('goes on from its beginning', async () => {
    const messages = [...say('one two three'), { role: 'assistant', text: 'one ' }];
    const events = await eventsOf(await ask({ model: 'scripted/echo', messages }));
    expect(events.map((event) => (event.type === 'text' ? event.delta : '')).join('')).toBe('two three');
  });

  test.each([
    ['an unknown model', { model: 'scripted/none', messages: say('x') }, 404],
    ['no message', { model: 'scripted/echo', messages: [] }, 400],
    ['too many alternatives', { model: 'scripted/echo', messages: say('x'), topLogprobs: 21 }, 400],
    [
      'a temperature of 3',
      { model: 'scripted/echo', messages: say('x'), parameters: { temperature: 3 } },
      400,
    ],
  ])('refuses %s', async (_what, body, status) => {
    expect((await ask(body)).status).toBe(status);
  });

  test('that fails in the middle ends with its error', async () => {
    const response = await ask({ model: 'scripted/script', messages: say('#text begun\n#error-mid broke') });
    const text = await response.text();
    expect(text).toContain('"delta":"begun"');
    expect(text).toMatch(/event: error\ndata: \{"code":/);
  });

  test('whose reader leaves is stopped and cancelled in the ledger', async () => {
    const gone = new AbortController();
    const response = await ask(
      { model: 'scripted/script', messages: say('#delay 20\n#words 500') },
      { signal: gone.signal },
    );
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    gone.abort();
    await expect
      .poll(async () => {
        await app.services.ledger.flush();
        const { traces } = (await (await app.request('/atelier/v1/traces?limit=1')).json()) as {
          traces: TraceSummary[];
        };
        return traces[0]?.status;
      })
      .toBe('cancelled');
  });
});

describe('a remote model that refuses to tell probabilities', () => {
  test('is asked again without, and the answer says so', async () => {
    const asked: unknown[] = [];
    const { info, ...rest } = await app.services.registry.resolve('scripted/echo');
    const language = rest.language!;
    const model = {
      ...rest,
      info: {
        ...info,
        id: 'far/model',
        provider: 'far',
        name: 'model',
        place: { kind: 'remote' as const, host: 'far.example' },
      },
      language: {
        ...language,
        doStream: async (options: Parameters<typeof language.doStream>[0]) => {
          const { logprobs } = options.providerOptions?.atelier ?? {};
          asked.push(logprobs);
          if (logprobs) throw new AtelierError('provider_rejected', 'logprobs are not supported');
          return language.doStream(options);
        },
      },
    };
    const far = await createTestApp({
      providers: [{ id: 'far', list: async () => [model.info], resolve: async () => model }],
    });
    const response = await far.send('/atelier/v1/playground/answer', {
      model: 'far/model',
      messages: say('one two'),
      topLogprobs: 5,
    });
    const events = await eventsOf(response);
    expect(asked).toEqual([true, undefined]);
    expect(events.map((event) => (event.type === 'text' ? event.delta : '')).join('')).toBe('one two');
    expect(JSON.stringify(events.at(-1))).toContain('asked again without');
    await far.close();
  });
});

describe('the next token', () => {
  const next = (body: object) => app.send('/atelier/v1/playground/next-tokens', body);

  test('with the probability of each, and the rest as one figure', async () => {
    const response = await next({ model: 'scripted/echo', messages: say('one two'), top: 4 });
    const found = (await response.json()) as NextTokens;
    expect(found.tokens).toHaveLength(4);
    expect(found.tokens[0]).toMatchObject({ token: 'one', control: false });
    const told = found.tokens.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
    expect(told + found.rest).toBeCloseTo(1, 6);
  });

  test('after a beginning', async () => {
    const response = await next({ model: 'scripted/echo', messages: say('one two'), begun: 'one' });
    expect(((await response.json()) as NextTokens).tokens[0]?.token).toBe(' two');
  });

  test('of a model without probabilities is refused with the reason', async () => {
    const response = await next({ model: 'agents/assistant', messages: say('x') });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { data: { reason: 'no_logprobs' } } });
  });
});
