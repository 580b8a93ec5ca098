// A person drops a file into the folder of apps: it is an app; it breaks, and nothing else suffers.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { generateText } from 'ai';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import { agentInputSchema } from '../../contracts/agent.ts';
import type { AppEvent } from '../../contracts/app.ts';
import { localIdentity } from '../../contracts/identity.ts';
import { silentLog } from '../../lib/log.ts';
import { defineTool } from '../../tools/define-tool.ts';
import { createUserApps, type UserApps, type UserAppsOptions } from './create-user-apps.ts';
import { model } from './model.ts';

// The test runner would take the user's files for its own.
const { nativeImport: importModule } = createRequire(import.meta.url)('../../../test/native-import.cjs') as {
  nativeImport: NonNullable<UserAppsOptions['importModule']>;
};

let app: TestApp;
let folder: string;
let opened: UserApps[] = [];
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'atelier-apps-')), 'apps');
  await mkdir(folder);
});
afterEach(async () => {
  for (const source of opened) await source.close();
  opened = [];
  await rm(join(folder, '..'), { recursive: true, force: true });
});

const file = (name: string, text: string) => writeFile(join(folder, name), text);
const open = async () => {
  const { gateway } = app.services;
  const source = await createUserApps({
    folder,
    gateway,
    log: silentLog,
    importModule,
    loadTimeoutMs: 5_000,
  });
  opened.push(source);
  return source;
};
const run = async (source: UserApps, name: string, input: unknown, signal = new AbortController().signal) => {
  const definition = source.definitions().find((one) => one.name === name)!;
  const span = app.services.ledger.startSpan({ name: 'test', kind: 'run', userId: 'local' });
  const { traceId, spanId } = span;
  const call = { identity: localIdentity, source: 'api', parent: { traceId, spanId } };
  const events: AppEvent[] = [];
  const context = { call, model: 'scripted/script', signal };
  for await (const event of definition.run(definition.input.parse(input), context)) events.push(event);
  span.end({ status: 'ok' });
  return { events, traceId, output: events.findLast((event) => event.type === 'output')?.output };
};
const textOf = (events: readonly AppEvent[]) =>
  events.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : [])).join('');

test('a plain function with schemas is an app, named after its file', async () => {
  await file(
    'Mon Décompte.ts',
    `import { z } from 'zod';
     export const title = 'Décompte';
     export const description = { en: 'Counts words.', fr: 'Compte les mots.' };
     export const input = z.object({ words: z.string() });
     export const output = z.object({ count: z.number() });
     export default async ({ words }: { words: string }, context) => {
       context.status('counting', 1, 2);
       context.note('Only spaces count.');
       return { count: words.split(' ').length };
     };`,
  );
  const source = await open();
  expect(source.faults()).toEqual([]);
  expect(source.definitions()).toMatchObject([
    {
      name: 'mon-decompte',
      origin: 'Mon Décompte.ts',
      title: { en: 'Décompte', fr: 'Décompte' },
      description: { en: 'Counts words.', fr: 'Compte les mots.' },
      streams: false,
    },
  ]);
  const { events } = await run(source, 'mon-decompte', { words: 'un deux trois' });
  expect(events).toEqual([
    { type: 'status', step: 'counting', done: 1, total: 2 },
    { type: 'note', message: 'Only spaces count.' },
    { type: 'output', output: { count: 3 } },
  ]);
});

test('a generator streams its text; without schemas the input is one text', async () => {
  await file('spell.ts', `export async function* spell(word: string) { for (const one of word) yield one; }`);
  await file(
    'steps.ts',
    `import { defineApp } from 'atelier';
     export const app = defineApp({ title: 'Steps', async *run(input) { yield { n: 1 }; yield { n: 2 }; return { n: 3, input }; } });`,
  );
  const source = await open();
  expect(source.faults()).toEqual([]);
  const spelled = await run(source, 'spell', { input: 'été' });
  expect(spelled.events.map((event) => event.type)).toEqual([
    'text-delta',
    'text-delta',
    'text-delta',
    'output',
  ]);
  expect(spelled.output).toBe('été');
  const stepped = await run(source, 'steps', { input: 'x' });
  expect(stepped.events.slice(0, 2)).toEqual([
    { type: 'partial', output: { n: 1 } },
    { type: 'partial', output: { n: 2 } },
  ]);
  expect(stepped.output).toEqual({ n: 3, input: 'x' });
});

test('an agent of the AI SDK runs on our models, its calls in the trace of the run', async () => {
  await file(
    'helper.ts',
    `import { ToolLoopAgent, tool } from 'ai';
     import { model } from 'atelier';
     import { z } from 'zod';
     export default new ToolLoopAgent({
       model: model(),
       tools: { double: tool({ inputSchema: z.object({ n: z.number() }), execute: ({ n }) => n * 2 }) },
     });`,
  );
  const source = await open();
  expect(source.faults()).toEqual([]);
  const { events, output, traceId } = await run(source, 'helper', {
    input: '#text Let me see.\n#tool double {"n":21}\n#text It is 42.',
  });
  expect(output).toBe('It is 42.');
  expect(events).toContainEqual({ type: 'status', step: 'double', done: null, total: null });
  await app.services.ledger.flush();
  const { spans, summary } = await app.services.ledger.getTrace(traceId, null);
  expect(spans.filter((span) => span.kind === 'model')).toHaveLength(2);
  expect(summary.usage.output).toBeGreaterThan(0);
});

test('a function may use generateText with a model of the server, and names one if it likes', async () => {
  await file(
    'ask.ts',
    `import { generateText } from 'ai';
     import { model } from 'atelier';
     export default async (question) => (await generateText({ model: model('scripted/echo'), prompt: question })).text;`,
  );
  const source = await open();
  expect((await run(source, 'ask', { input: 'Encore' })).output).toBe('Encore');
});

test('a Runnable of LangChain streams, its messages as text', async () => {
  // As if the person had installed LangChain beside the folder.
  await symlink(resolve(import.meta.dirname, '../../../node_modules'), join(folder, '../node_modules'));
  await file(
    'chain.ts',
    `import { AIMessageChunk } from '@langchain/core/messages';
     import { RunnableLambda } from '@langchain/core/runnables';
     export const input = (await import('zod')).z.object({ who: z.string() });
     import { z } from 'zod';
     export const chain = RunnableLambda.from(async function* ({ who }) {
       yield new AIMessageChunk('Bonjour '); yield new AIMessageChunk(who);
     });`,
  );
  await file(
    'map.ts',
    `import { RunnableLambda } from '@langchain/core/runnables';
     export default RunnableLambda.from((text) => ({ length: text.length, words: text.split(' ') }));`,
  );
  const source = await open();
  expect(source.faults()).toEqual([]);
  const said = await run(source, 'chain', { who: 'Léa' });
  expect([textOf(said.events), said.output]).toEqual(['Bonjour Léa', 'Bonjour Léa']);
  expect((await run(source, 'map', { input: 'a b' })).output).toEqual({ length: 3, words: ['a', 'b'] });
});

test('broken files show their error; the others work; a repaired one is back', async () => {
  await file('good.ts', 'export default (text) => text.toUpperCase();');
  await file('syntax.ts', 'const x: = 1;');
  await file('throws.ts', '\nthrow new RangeError("no luck");');
  await file('nothing.ts', 'export const x = 1;');
  await file('two.ts', 'export const a = () => 1; export const b = () => 2;');
  await file('schema.ts', 'export const input = { type: "object" }; export default () => 1;');
  await file('123.ts', 'export default () => 1;');
  await file('outside.ts', `import { model } from 'atelier'; await model().doGenerate({ prompt: [] });`);
  const source = await open();
  expect(source.definitions().map(({ name }) => name)).toEqual(['good']);
  const said = Object.fromEntries(source.faults().map(({ origin, error }) => [origin, error]));
  expect(said['syntax.ts']).toMatchObject({
    code: 'app_failed',
    message: expect.stringMatching(/^syntax\.ts, line 1: /),
  });
  expect(said['throws.ts']?.message).toBe('throws.ts, line 2: RangeError: no luck');
  expect(said['nothing.ts']?.message).toContain('exports no app');
  expect(said['two.ts']?.message).toContain('exports a, b: which one');
  expect(said['schema.ts']?.message).toContain('no schema of zod');
  expect(said['123.ts']?.message).toContain('Rename the file');
  expect(said['outside.ts']?.message).toContain('outside a run');
  await file('nothing.ts', 'export const app = () => "here";');
  await source.reload();
  expect((await run(source, 'nothing', { input: '' })).output).toBe('here');
});

test('what fails while it runs is an error of the app, and an output that does not fit is said', async () => {
  await file('fails.ts', 'export default () => { throw new TypeError("no such field"); };');
  await file(
    'unfit.ts',
    `import { z } from 'zod'; export const output = z.object({ n: z.number() }); export default () => ({ n: 'x' });`,
  );
  const source = await open();
  await expect(run(source, 'fails', { input: '' })).rejects.toMatchObject({
    code: 'app_failed',
    message: 'The app fails failed: no such field',
  });
  await expect(run(source, 'unfit', { input: '' })).rejects.toMatchObject({
    code: 'app_failed',
    message: expect.stringContaining('does not fit its output: n: '),
  });
});

test('a caller who goes away is heard by the app', async () => {
  await file(
    'waits.ts',
    `export default (_input, { signal }) => new Promise((done, fail) => {
       if (signal.aborted) fail(signal.reason); else signal.addEventListener('abort', () => fail(signal.reason)); });`,
  );
  const source = await open();
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('gone')), 50);
  await expect(run(source, 'waits', { input: '' }, stop.signal)).rejects.toThrow('gone');
});

test('a tool may ask a model too: its call hangs below the tool', async () => {
  const { agents, tools, runs, ledger } = app.services;
  const remove = tools.registry.add({
    kind: 'user',
    tools: () => [
      {
        origin: 'shout.ts',
        tool: defineTool({
          name: 'shout',
          description: 'Shouts.',
          effect: 'read',
          inputSchema: z.object({ words: z.string() }),
          async *execute({ words }) {
            const { text } = await generateText({ model: model('scripted/echo'), prompt: words });
            yield 'so far';
            yield text.toUpperCase();
          },
        }),
      },
    ],
  });
  const agent = agentInputSchema.parse({
    name: 'shouter',
    title: 'Shouter',
    model: 'scripted/script',
    tools: ['shout'],
    planning: false,
  });
  const started = await agents.start(localIdentity, {
    agent: await agents.create(localIdentity, agent),
    prompt: [
      { role: 'user', content: [{ type: 'text', text: '#tool shout {"words":"hé"}\n#step\n#text Done.' }] },
    ],
    knowledge: [],
    source: 'api',
  });
  let traceId = '';
  for await (const { event } of runs.watch(started.id, localIdentity.userId, 0)) {
    if (event.type === 'tool-result') expect(event.result.content).toEqual([{ type: 'text', text: 'HÉ' }]);
    if (event.type === 'run-finish') traceId = event.receipt?.traceId ?? '';
  }
  await ledger.flush();
  const { spans } = await ledger.getTrace(traceId, null);
  const tool = spans.find(({ kind }) => kind === 'tool');
  expect(spans.find(({ name }) => name === 'chat scripted/echo')?.parentId).toBe(tool?.spanId);
  remove();
});
