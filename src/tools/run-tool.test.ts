// A tool call as the agent makes it: what the model reads when it goes right and wrong, and what the ledger keeps.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { AtelierError } from '../contracts/errors.ts';
import { localIdentity } from '../contracts/identity.ts';
import { spanNotices } from '../contracts/span.ts';
import type { ToolContext, ToolDefinition, ToolEvent } from '../contracts/tool.ts';
import { silentLog } from '../lib/log.ts';
import { createLedger } from '../monitoring/create-ledger.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { needsApproval } from './approval.ts';
import { buildTool, defineTool } from './define-tool.ts';
import { runTool } from './run-tool.ts';
import { createToolRegistry } from './tool-registry.ts';
import { resultText, toModelOutput, toolResult } from './tool-result.ts';
import { fromJsonSchema } from './tool-schema.ts';
import { createWorkspaces } from './workspace/create-workspaces.ts';

let opened: TestStore;
let ledger: Ledger;
const events: ToolEvent[] = [];
beforeAll(async () => {
  opened = await openTestStore();
  ledger = createLedger({ store: opened.store, log: silentLog, keepContent: () => true });
});
beforeEach(() => {
  events.length = 0;
});
afterAll(async () => {
  await ledger.close();
  await opened.dispose();
});

const context = (more: Partial<ToolContext> = {}): ToolContext => ({
  signal: new AbortController().signal,
  identity: localIdentity,
  workspace: null,
  runId: null,
  toolCallId: 'call_1',
  conversationId: null,
  trace: null,
  log: silentLog,
  emit: (event) => events.push(event),
  ...more,
});
const run = (tool: ToolDefinition, input: unknown, more: Partial<ToolContext> = {}) => {
  const registry = createToolRegistry({ log: silentLog, builtin: [tool] });
  const call = { toolCallId: 'call_1', toolName: tool.name, input };
  return runTool({ resolve: registry.get, call, context: context(more), ledger });
};
const span = async () => {
  await ledger.flush();
  const { traces } = await ledger.listTraces({ limit: 50 }, null);
  return (await ledger.getTrace(traces[0]!.traceId, null)).spans.at(-1)!;
};

const add = defineTool({
  name: 'add',
  description: 'Adds two numbers.',
  effect: 'read',
  inputSchema: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => a + b,
});

test('a call gives its value as text and data, and a span of kind tool', async () => {
  const root = ledger.startSpan({ name: 'run', kind: 'run', userId: 'local' });
  const result = await run(add, { a: 1, b: 2 }, { trace: root });
  expect(result).toMatchObject({ content: [{ type: 'text', text: '3' }], isError: false, data: 3 });
  expect(toModelOutput(result)).toEqual({ type: 'text', value: '3' });
  root.end({ status: 'ok' });
  expect(await span()).toMatchObject({
    name: 'execute_tool add',
    kind: 'tool',
    parentId: root.spanId,
    status: 'ok',
    input: { a: 1, b: 2 },
    output: [{ type: 'text', text: '3' }],
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'add',
      'gen_ai.tool.call.id': 'call_1',
    },
  });
});

test('an input written as JSON in a string is read', async () => {
  expect(resultText(await run(add, '{"a": 1, "b": 2}'))).toBe('3');
});

test('a wrong input tells the model which field, what it sent and what to send', async () => {
  const result = await run(add, { a: 'one' });
  expect(result.isError).toBe(true);
  expect(result.error?.code).toBe('tool_input_invalid');
  for (const part of ['a: ', 'b: ', '{"a":"one"}', '"required":["a","b"]'])
    expect(resultText(result)).toContain(part);
  expect(toModelOutput(result).type).toBe('error-text');
  expect(await span()).toMatchObject({ status: 'error', error: { code: 'tool_input_invalid' } });
});

test('an unknown tool names those that exist', async () => {
  const registry = createToolRegistry({ log: silentLog, builtin: [add] });
  const call = { toolCallId: 'c', toolName: 'subtract', input: {} };
  const result = await runTool({ resolve: registry.get, call, context: context(), ledger });
  expect(result.error?.code).toBe('tool_not_found');
  expect(resultText(result)).toContain('There are: add.');
});

test('bare JSON Schema is checked too', async () => {
  const tool = buildTool<{ city: string }>({
    name: 'weather',
    description: 'Weather.',
    effect: 'read',
    inputSchema: {
      jsonSchema: {
        type: 'object',
        properties: { city: { type: 'string' }, days: { type: 'array', items: { type: 'integer' } } },
        required: ['city'],
        additionalProperties: false,
      },
    },
    execute: ({ city }) => `Sun in ${city}`,
  });
  expect(resultText(await run(tool, { city: 'Paris' }))).toBe('Sun in Paris');
  expect(resultText(await run(tool, { city: 'Paris', days: [1, 'x'] }))).toContain(
    'days[1]: must be integer',
  );
  expect(resultText(await run(tool, { town: 'Paris' }))).toContain('(town)');
  expect(await fromJsonSchema({ type: 'nonsense' }).validate(1)).toEqual({ value: 1 });
});

const wait = (effect: 'read' | 'write', timeoutMs: number) =>
  defineTool({
    name: 'wait',
    description: 'Waits for ever.',
    effect,
    inputSchema: z.object({}),
    timeoutMs,
    execute: () => new Promise(() => {}),
  });

test('a tool that takes too long is stopped, and one with an effect is not to be called blindly again', async () => {
  const result = await run(wait('write', 30), {});
  expect(result.error?.code).toBe('timed_out');
  expect(resultText(result)).toContain('may have had its effect');
  expect(resultText(await run(wait('read', 30), {}))).not.toContain('may have had its effect');
});

test('a cancel is thrown, and the span says cancelled', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  await expect(run(wait('read', 5000), {}, { signal: stop.signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(await span()).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
});

test('a tool that throws becomes an error the model reads; its own code is kept', async () => {
  const broken = (error: unknown) =>
    defineTool({
      name: 'broken',
      description: 'Fails.',
      effect: 'read',
      inputSchema: z.object({}),
      execute: () => {
        throw error;
      },
    });
  expect(resultText(await run(broken(new Error('no ink')), {}))).toBe('broken failed: no ink');
  const refused = await run(broken(new AtelierError('address_refused', 'Not there.')), {});
  expect(refused.error?.code).toBe('address_refused');
});

test('a result that breaks its own output schema is an error', async () => {
  const tool = defineTool({
    name: 'lies',
    description: 'Promises a number.',
    effect: 'read',
    inputSchema: z.object({}),
    outputSchema: z.object({ n: z.number() }),
    execute: () => ({ n: 'one' }),
  });
  expect(resultText(await run(tool, {}))).toContain('does not fit its own output schema: n: ');
});

test('a generator says what it knows so far, and its last value is the result', async () => {
  const tool = defineTool({
    name: 'counts',
    description: 'Counts.',
    effect: 'read',
    inputSchema: z.object({}),
    async *execute() {
      yield 'one';
      yield 'one, two';
      yield 'one, two, three';
    },
  });
  expect(resultText(await run(tool, {}))).toBe('one, two, three');
  expect(events).toEqual([
    { type: 'tool-output', text: 'one' },
    { type: 'tool-output', text: 'one, two' },
  ]);
});

const long = defineTool({
  name: 'long',
  description: 'Says a lot.',
  effect: 'read',
  inputSchema: z.object({}),
  maxOutputCharacters: 400,
  execute: () => `start ${'🙂'.repeat(2000)} end`,
});

test('a long output is cut at both ends of its middle, with a note and the whole in the run’s folder', async () => {
  const workspace = await createWorkspaces({ root: opened.dataDir }).open('run_1');
  const result = await run(long, {}, { workspace, runId: 'run_1' });
  const text = resultText(result);
  expect(text.startsWith('start 🙂')).toBe(true);
  expect(text).toContain('🙂 end\n\n[Output cut: ');
  expect(text.isWellFormed()).toBe(true);
  expect(result.notes[0]).toMatch(
    /3\d\d\d of 4010 characters .*The whole is in the run's file outputs\/call_1\.txt\./,
  );
  expect(result.notices).toMatchObject([
    { code: 'output_cut_kept', data: { whole: 4010, path: 'outputs/call_1.txt' } },
  ]);
  expect(new TextDecoder().decode(await workspace.read('outputs/call_1.txt'))).toBe(
    `start ${'🙂'.repeat(2000)} end`,
  );
});

test('without a run, the note says that the rest is gone', async () => {
  const { notes, notices } = await run(long, {});
  expect(notes[0]).toContain('The rest was not kept');
  const { attributes } = await span();
  expect(attributes['atelier.notes']).toEqual(notes);
  expect(spanNotices(attributes)).toEqual(notices);
});

test('a result may hold files, data and notes', async () => {
  const tool = defineTool({
    name: 'draw',
    description: 'Draws.',
    effect: 'read',
    inputSchema: z.object({}),
    execute: () =>
      toolResult({
        content: [
          { type: 'text', text: 'Here.' },
          { type: 'file', mediaType: 'image/png', data: 'iVBO', filename: null },
        ],
        data: { width: 1 },
        notes: ['made smaller'],
      }),
  });
  const result = await run(tool, {});
  expect(result.data).toEqual({ width: 1 });
  expect(resultText(result)).toBe('Here.\n[made smaller]');
  expect(toModelOutput(result)).toMatchObject({
    type: 'content',
    value: [{}, { type: 'file', mediaType: 'image/png' }, {}],
  });
});

test('approval: by effect, by rule, by predicate, and closed when the predicate is unknown or broken', async () => {
  const tool = (more: object) =>
    defineTool({
      name: 'write',
      description: 'Writes.',
      effect: 'write',
      inputSchema: z.object({ path: z.string() }),
      execute: () => 'ok',
      ...more,
    });
  const ask = async (definition: ToolDefinition, rule?: string) =>
    (await needsApproval(definition, { path: 'a' }, context(), rule)).needed;
  expect(await ask(add)).toBe(false);
  expect(await ask(tool({}))).toBe(true);
  expect(await ask(tool({}), 'never')).toBe(false);
  expect(await ask(tool({ approval: ({ path }: { path: string }) => path !== 'a' }))).toBe(false);
  expect(await ask(tool({ approval: ({ path }: { path: string }) => path === 'a' }))).toBe(true);
  expect(await needsApproval(tool({}), { path: 'a' }, context(), 'on-sunday')).toMatchObject({
    needed: true,
    problem: 'write knows no approval predicate on-sunday',
  });
  const broken = () => {
    throw new Error('x');
  };
  expect(await ask(tool({ approval: broken }))).toBe(true);
});

test.each([
  ['a name with a space', { name: 'my tool' }, 'has a name that'],
  ['no description', { description: ' ' }, 'has no description'],
  ['no effect', { effect: 'harmless' }, 'must declare its effect'],
  ['no function', { execute: undefined }, 'has no execute function'],
  ['a schema of no kind', { inputSchema: { type: 'object' } }, 'schema must be a zod schema'],
])('a definition with %s is refused at once', (_what, wrong, words) => {
  const right = {
    name: 'ok',
    description: 'Ok.',
    effect: 'read',
    inputSchema: z.object({}),
    execute: () => 1,
  };
  expect(() => buildTool({ ...right, ...wrong } as never)).toThrow(words);
});

test('registry: the list says by which rules of its own a tool can ask', () => {
  const tool = defineTool({
    name: 'send',
    description: 'x',
    effect: 'danger',
    inputSchema: z.object({}),
    predicates: { 'on-sunday': () => true, abroad: () => false },
    execute: () => 'x',
  });
  const registry = createToolRegistry({ log: silentLog, builtin: [add, tool], isEnabled: () => true });
  expect(registry.list().map(({ name, rules }) => [name, rules])).toEqual([
    ['add', []],
    ['send', ['abroad', 'on-sunday']],
  ]);
});

test('registry: one name means one tool; the second is refused and shown', () => {
  const registry = createToolRegistry({
    log: silentLog,
    builtin: [add],
    isEnabled: (name) => name !== 'off',
  });
  let changes = 0;
  registry.onChange(() => changes++);
  const named = (name: string) =>
    defineTool({ name, description: 'x', effect: 'danger', inputSchema: z.object({}), execute: () => name });
  const remove = registry.add({
    kind: 'user',
    tools: () => [
      { tool: named('add'), origin: 'add.ts' },
      { tool: named('dice'), origin: 'dice.ts' },
      { tool: named('off'), origin: 'off.ts' },
    ],
  });
  expect(registry.get('add')).toBe(add);
  expect(registry.list().map(({ name, source, origin, enabled }) => [name, source, origin, enabled])).toEqual(
    [
      ['add', 'builtin', null, true],
      ['dice', 'user', 'dice.ts', true],
      ['off', 'user', 'off.ts', false],
    ],
  );
  expect(registry.faults()).toMatchObject([
    { source: 'user', origin: 'add.ts', name: 'add', error: { code: 'conflict' } },
  ]);
  expect(() => registry.get('off')).toThrow('switched off. There are: add, dice.');
  expect(registry.enabled().map((tool) => tool.name)).toEqual(['add', 'dice']);
  remove();
  expect(registry.list()).toHaveLength(1);
  expect(changes).toBe(2);
});
