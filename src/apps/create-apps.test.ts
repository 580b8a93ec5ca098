// What an app promises whatever it does: its input checked, its events in order, one trace, the sum of its calls, an end
// when it is stopped.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openApps, type TestApps } from '../../test/open-apps.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { type AppEvent, appEventSchema, appInfoSchema } from '../contracts/app.ts';
import { AtelierError } from '../contracts/errors.ts';
import { localIdentity } from '../contracts/identity.ts';
import { createScoreOf } from './app-figures.ts';
import type { AppDefinition } from './apps.ts';
import { defineApp } from './define-app.ts';

let opened: TestStore;
let on: TestApps;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.dispose());
beforeEach(() => {
  on = openApps(opened.store);
});
afterEach(() => on.close());

const model = 'scripted/script';
async function run(name: string, input: unknown, more: { signal?: AbortSignal } = {}): Promise<AppEvent[]> {
  const events: AppEvent[] = [];
  for await (const event of on.apps.stream(localIdentity, name, input, { model, source: 'page', ...more }))
    events.push(appEventSchema.parse(event));
  return events;
}
const lab = (work: Parameters<typeof defineApp<{ text: string }, unknown>>[0]['work']): AppDefinition => ({
  ...defineApp({
    name: 'mine',
    title: { en: 'Mine', fr: 'La mienne' },
    description: { en: 'A test', fr: 'Un essai' },
    icon: 'flask',
    input: z.object({ text: z.string() }),
    output: z.unknown(),
    streams: true,
    batch: true,
    example: { en: { text: 'a' }, fr: { text: 'b' } },
    work,
  }),
  origin: 'mine.ts',
});
const withApps = async (...definitions: AppDefinition[]) => {
  await on.close();
  const source = { definitions: () => definitions, faults: () => [], onChange: () => () => {} };
  on = openApps(opened.store, { sources: [source] });
};

describe('the list', () => {
  test('tells every app in both languages, with an input that its own schema passes', async () => {
    const list = on.apps.list();
    for (const info of list) {
      expect(appInfoSchema.parse(info)).toEqual(info);
      expect(info.inputSchema).toMatchObject({ type: 'object' });
      for (const language of ['en', 'fr'] as const) {
        expect(info.title[language]).not.toBe('');
        const events = await run(info.name, info.example[language]);
        expect(events.at(-1)?.type, `${info.name} ${language}`).toBe('finish');
      }
    }
  });

  test('a user’s app that takes the name of another is a fault and harms nothing', async () => {
    await withApps({ ...lab(async () => 1), name: 'sentiment', origin: 'thief.ts' });
    expect(on.apps.get('sentiment').source).toBe('builtin');
    expect(on.apps.faults()).toMatchObject([{ origin: 'thief.ts', error: { code: 'conflict' } }]);
  });

  test('a name that is no address is a fault', async () => {
    await withApps({ ...lab(async () => 1), name: 'Not An Address' });
    expect(on.apps.faults()).toMatchObject([{ origin: 'mine.ts', error: { code: 'invalid_request' } }]);
    expect(on.apps.list().every(({ source }) => source === 'builtin')).toBe(true);
  });

  test('an unknown app is refused with the names that exist', () => {
    expect(() => on.apps.get('nobody')).toThrow(/no app nobody.*sentiment/);
  });
});

describe('a run', () => {
  test('names every fault of its input', async () => {
    const input = { text: '', labels: [{ label: 'one' }] };
    await expect(run('sentiment', input)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/text: .*labels: /),
    });
  });

  test('refuses a model that does not exist before its first event', async () => {
    const stream = on.apps.stream(
      localIdentity,
      'summarise',
      { text: 'a' },
      { model: 'no/model', source: 'api' },
    );
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'model_not_found' });
  });

  test('ends with its output and the sum of its calls, all below one span', async () => {
    const events = await run('sentiment', { text: 'A good day.' });
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['output', 'finish']);
    const finish = events.at(-1);
    if (finish?.type !== 'finish') throw new Error('no finish');
    const trace = await on.ledger.getTrace(finish.receipt.traceId, localIdentity.userId);
    const root = trace.spans.find(({ spanId }) => spanId === finish.receipt.spanId);
    expect(root).toMatchObject({ name: 'app sentiment', kind: 'run', parentId: null, status: 'ok' });
    expect(trace.summary.usage).toEqual(finish.receipt.usage);
    expect(finish.receipt).toMatchObject({ model, cost: { kind: 'none' } });
    expect(finish.receipt.calls).toBe(trace.spans.filter(({ kind }) => kind === 'model').length);
    expect(finish.receipt.calls).toBeGreaterThan(0);
    expect(finish.receipt.usage.input).toBeGreaterThan(0);
  });

  test('tells what is known on the way, in order', async () => {
    await withApps(
      lab(async ({ text }, { emit }) => {
        emit({ type: 'text-delta', delta: text });
        await Promise.resolve();
        emit({ type: 'note', message: 'a note' });
        return { done: true };
      }),
    );
    const events = await run('mine', { text: 'hello' });
    expect(events.map(({ type }) => type)).toEqual(['text-delta', 'note', 'output', 'finish']);
  });

  test('a failure is its error, in the ledger too', async () => {
    await withApps(
      lab(async () => {
        throw new AtelierError('tool_failed', 'It broke.');
      }),
    );
    await expect(run('mine', { text: 'x' })).rejects.toMatchObject({ code: 'tool_failed' });
    await on.ledger.flush();
    const { traces } = await on.ledger.listTraces({ limit: 1 }, null);
    expect(traces[0]).toMatchObject({ name: 'app mine', status: 'error' });
  });

  test('is cancelled by its signal, and by a reader who goes away', async () => {
    const reasons: unknown[] = [];
    await withApps(
      lab(async (_, { emit, signal }) => {
        emit({ type: 'text-delta', delta: 'a' });
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }),
    );
    const stop = new AbortController();
    const running = run('mine', { text: 'x' }, { signal: stop.signal }).catch((error: unknown) => {
      reasons.push(error);
    });
    setTimeout(() => stop.abort(), 20);
    await running;
    expect(reasons).toMatchObject([{ code: 'cancelled' }]);

    for await (const _ of on.apps.stream(localIdentity, 'mine', { text: 'x' }, { source: 'api' })) break;
    await on.ledger.flush();
    const { traces } = await on.ledger.listTraces({ limit: 2 }, null);
    expect(traces.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
  });

  test('hangs below the span that it is given', async () => {
    const root = on.ledger.startSpan({ name: 'outer', kind: 'request', userId: localIdentity.userId });
    const parent = { traceId: root.traceId, spanId: root.spanId };
    const { receipt } = await on.apps.invoke(
      localIdentity,
      'chatbot',
      { message: '#text hi' },
      { model, source: 'api', parent },
    );
    root.end({ status: 'ok' });
    expect(receipt.traceId).toBe(root.traceId);
    expect(receipt.calls).toBe(1);
  });
});

describe('figures', () => {
  test('are kept, the newest of a set and model', async () => {
    const figure = {
      app: 'sentiment',
      set: 'sst2',
      metric: 'accuracy',
      model: 'local/a',
      value: 0.5,
      low: 0.4,
      high: 0.6,
      rows: 100,
      measuredAt: 1,
    };
    let changes = 0;
    on.apps.onChange(() => changes++);
    await on.apps.saveFigures([figure, { ...figure, model: 'local/b' }]);
    await on.apps.saveFigures([{ ...figure, value: 0.75, measuredAt: 2 }]);
    const own = (await on.apps.figures()).filter(({ origin }) => origin === 'here');
    expect(own).toEqual([
      { ...figure, value: 0.75, measuredAt: 2, origin: 'here' },
      { ...figure, model: 'local/b', origin: 'here' },
    ]);
    expect(changes).toBe(2);
  });

  test('that came with the program stand where nothing was measured here', async () => {
    const [shipped] = (await on.apps.figures()).filter(({ origin }) => origin === 'shipped');
    if (shipped === undefined) throw new Error('no figures came with the program');
    const { origin: _, ...figure } = shipped;
    const scoreOf = createScoreOf(opened.store);
    expect(await scoreOf({ kind: 'cheapest-passing', ...figure, atLeast: 0 }, figure.model)).toBe(
      figure.value,
    );
    await on.apps.saveFigures([{ ...figure, value: 0.125 }]);
    const same = (await on.apps.figures()).filter(
      ({ app, set, metric, model }) =>
        app === figure.app && set === figure.set && metric === figure.metric && model === figure.model,
    );
    expect(same).toEqual([{ ...figure, value: 0.125, origin: 'here' }]);
    expect(await scoreOf({ kind: 'cheapest-passing', ...figure, atLeast: 0 }, figure.model)).toBe(0.125);
  });
});
