// Apps and agents as models: what they answer, what they refuse, and that nothing is counted twice.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openServed } from '../../test/open-served.ts';
import { agentInputSchema } from '../contracts/agent.ts';
import { localIdentity as me } from '../contracts/identity.ts';
import type { AppDefinition } from './apps.ts';

const both = <T>(value: T) => ({ en: value, fr: value });
const about = (name: string) => ({
  name,
  title: both(name),
  description: both(name),
  icon: 'box',
  origin: `${name}.ts`,
  batch: true,
  streams: true,
  example: both({}),
});
let lab: Awaited<ReturnType<typeof openServed>>;

/** Passes its text to a model, given or the run's own. */
const relay = (name: string, to: string | null): AppDefinition<{ text: string; loud: boolean }, string> => ({
  ...about(name),
  input: z.object({ text: z.string(), loud: z.boolean().default(false) }),
  output: z.string(),
  async *run({ text, loud }, { call, model, signal }) {
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }];
    const { stream } = await lab.gateway.stream(to ?? model, { prompt, abortSignal: signal }, call);
    let written = '';
    for await (const part of stream) {
      if (part.type === 'error') throw part.error;
      if (part.type !== 'text-delta') continue;
      const delta = loud ? part.delta.toUpperCase() : part.delta;
      written += delta;
      yield { type: 'text-delta', delta };
    }
    yield { type: 'output', output: written };
  },
});
const shape: AppDefinition<{ text: string }, unknown> = {
  ...about('shape'),
  input: z.object({ text: z.string() }),
  output: z.object({ length: z.number(), text: z.string() }),
  async *run({ text }) {
    yield { type: 'text-delta', delta: 'on the way' };
    yield { type: 'output', output: { length: text.length, text } };
  },
};

beforeAll(async () => {
  lab = await openServed([
    relay('relay', null),
    relay('self', 'apps/self'),
    relay('ping', 'agents/pong'),
    shape,
  ] as AppDefinition[]);
  const agent = (name: string, model: string, more = {}) =>
    lab.agents.create(me, agentInputSchema.parse({ name, title: name, model, planning: false, ...more }));
  await agent('helper', 'scripted/script', { tools: ['calculator'] });
  await agent('pong', 'apps/ping');
  await agent('mirror', 'agents/mirror');
  await agent('first', 'agents/second');
  await agent('second', 'agents/first');
  await agent('typed', 'scripted/script', {
    outputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  });
});
afterAll(() => lab.close());

const context = { identity: me, source: 'api' };
const ask = (model: string, text: string, more: object = {}) =>
  lab.gateway.generate(
    model,
    { prompt: [{ role: 'user', content: [{ type: 'text', text }] }], ...more },
    context,
  );
const textOf = (result: Awaited<ReturnType<typeof ask>>) =>
  result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
const traceOf = async (traceId: string) => {
  await lab.ledger.flush();
  return lab.ledger.getTrace(traceId, me.userId);
};

describe('an app as a model', () => {
  test('reads the last user message as its first text field, or as the JSON of its input', async () => {
    expect(textOf(await ask('apps/relay', '#text Bonjour'))).toBe('Bonjour');
    expect(textOf(await ask('apps/relay', '{"text":"#text Bonjour","loud":true}'))).toBe('BONJOUR');
  });

  test('gives a structured output as JSON', async () => {
    expect(JSON.parse(textOf(await ask('apps/shape', 'été')))).toEqual({ length: 3, text: 'été' });
  });

  test('is one trace whose sums count each call once, while the caller is told the usage', async () => {
    const answer = await ask('apps/relay', '#text One two three');
    const alone = await ask('scripted/script', '#text One two three');
    expect(answer.usage.outputTokens.total).toBe(3);
    const { spans, summary } = await traceOf(answer.traceId);
    const { summary: plain } = await traceOf(alone.traceId);
    expect(summary.usage).toEqual(plain.usage);
    expect(spans.map(({ kind }) => kind)).toEqual(['model', 'attempt', 'run', 'model', 'attempt']);
    expect(spans.filter(({ usage }) => usage !== null)).toHaveLength(1);
    expect(spans[2]?.parentId).toBe(spans[1]?.spanId);
  });

  test('says what it does not honour', async () => {
    const answer = await ask('apps/relay', '#text Hi', {
      temperature: 0,
      prompt: [
        { role: 'user', content: [{ type: 'text', text: 'first' }] },
        { role: 'user', content: [{ type: 'text', text: '#text Hi' }] },
      ],
    });
    expect(answer.warnings).toEqual([
      { type: 'unsupported', feature: 'temperature' },
      { type: 'other', message: expect.stringContaining('only the last one of the user counts') },
    ]);
  });

  test('a wrong input is refused before it streams', async () => {
    await expect(ask('apps/relay', '{"loud":true}')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('an agent as a model', () => {
  test('answers with its text; its tools stay inside', async () => {
    const answer = await ask('agents/helper', '#tool calculator {"expression":"6*7"}\n#text It is 42.');
    expect(answer.content.map(({ type }) => type)).toEqual(['text']);
    expect(textOf(answer)).toBe('It is 42.');
    expect(answer.finishReason.unified).toBe('stop');
    const { spans, summary } = await traceOf(answer.traceId);
    expect(spans.filter(({ kind }) => kind === 'tool')).toHaveLength(1);
    expect(summary.usage.output).toBe(answer.usage.outputTokens.total);
  });

  test('a typed one answers with JSON', async () => {
    expect(JSON.parse(textOf(await ask('agents/typed', '#json {"city":"Lyon"}')))).toEqual({ city: 'Lyon' });
  });

  test('who goes away cancels it', async () => {
    const stop = new AbortController();
    const { stream, traceId } = await lab.gateway.stream(
      'agents/helper',
      {
        prompt: [{ role: 'user', content: [{ type: 'text', text: '#delay 30\n#words 2000' }] }],
        abortSignal: stop.signal,
      },
      context,
    );
    const types: string[] = [];
    for await (const part of stream) {
      types.push(part.type);
      if (part.type === 'text-delta') stop.abort();
    }
    expect(types.at(-1)).toBe('error');
    await expect
      .poll(async () => (await lab.agents.runs(me, { limit: 1 }))[0]?.status, { timeout: 3000 })
      .toBe('stopped');
    expect((await traceOf(traceId)).summary.status).toBe('cancelled');
  });
});

describe('what leads back to itself is refused', () => {
  test.each([
    ['apps/self', 'apps/self -> apps/self'],
    ['apps/ping', 'apps/ping -> agents/pong -> apps/ping'],
    ['agents/mirror', 'agents/mirror -> agents/mirror'],
    ['agents/first', 'agents/first -> agents/second -> agents/first'],
  ])('%s', async (model, way) => {
    await expect(ask(model, '#text Hi')).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(way),
    });
  });

  test('an alias on the way does not hide it', async () => {
    await lab.agents.create(
      me,
      agentInputSchema.parse({ name: 'aliased', title: 'A', model: 'me-again', planning: false }),
    );
    await lab.registry.setAlias('me-again', 'agents/aliased');
    await expect(ask('me-again', 'x')).rejects.toMatchObject({
      message: expect.stringContaining('agents/aliased -> agents/aliased'),
    });
  });
});

describe('in the list of models', () => {
  test('they come after real models, before scripted ones', async () => {
    const providers = (await lab.registry.list()).map(({ provider }) => provider);
    expect(providers.indexOf('apps')).toBeGreaterThanOrEqual(0);
    expect(providers.lastIndexOf('agents')).toBeLessThan(providers.lastIndexOf('scripted'));
  });

  test('none is the default, also not by hand; without a default none is listed', async () => {
    await expect(lab.registry.setAlias('default', 'apps/relay')).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('cannot be the default'),
    });
    await lab.registry.removeAlias('default');
    await expect(lab.registry.resolve('default')).rejects.toMatchObject({ code: 'model_not_found' });
    expect((await lab.registry.list()).map(({ provider }) => provider)).not.toContain('apps');
    await lab.registry.setAlias('default', 'scripted/script');
  });

  test('one that is not there is not found', async () => {
    await expect(ask('agents/nobody', 'x')).rejects.toMatchObject({ code: 'model_not_found' });
    await expect(ask('apps/nobody', 'x')).rejects.toMatchObject({ code: 'model_not_found' });
  });
});
