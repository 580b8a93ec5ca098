// A person drops a file into the folder of tools: it works, it changes, it breaks, and nothing else suffers.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ToolContext } from '../../contracts/tool.ts';
import { silentLog } from '../../lib/log.ts';
import { needsApproval } from '../approval.ts';
import { resultText, toToolResult } from '../tool-result.ts';
import { createUserTools, type UserTools, type UserToolsOptions } from './create-user-tools.ts';

// The test runner would take the user's files for its own.
const { nativeImport: importModule } = createRequire(import.meta.url)('../../../test/native-import.cjs') as {
  nativeImport: NonNullable<UserToolsOptions['importModule']>;
};

let folder: string;
let opened: UserTools[] = [];
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'atelier-tools-')), 'tools');
  await mkdir(folder);
});
afterEach(async () => {
  for (const source of opened) await source.close();
  opened = [];
  await rm(join(folder, '..'), { recursive: true, force: true });
});
const file = (name: string, text: string) => writeFile(join(folder, name), text);
const open = async (more: Partial<UserToolsOptions> = {}) => {
  const source = await createUserTools({
    folder,
    log: silentLog,
    importModule,
    loadTimeoutMs: 5_000,
    ...more,
  });
  opened.push(source);
  return source;
};
const names = (source: UserTools) => source.tools().map(({ tool }) => tool.name);
const context = {
  signal: new AbortController().signal,
  toolCallId: 'call_1',
  identity: null,
  workspace: null,
  runId: null,
} as unknown as ToolContext;
const call = async (source: UserTools, name: string, input: unknown) => {
  const { tool } = source.tools().find((one) => one.tool.name === name)!;
  const checked = await tool.inputSchema.validate(input);
  if ('faults' in checked) throw new Error(JSON.stringify(checked.faults));
  return toToolResult(await tool.execute(checked.value, context));
};

const DOUBLE = (factor: number) => `
  import { defineTool } from 'atelier';
  import { z } from 'zod';
  interface Input { n: number }
  const factor: number = ${factor};
  export const double = defineTool({
    name: 'double', description: 'Doubles.', effect: 'read',
    inputSchema: z.object({ n: z.number() }),
    execute: ({ n }: Input) => n * factor,
  });`;

test('a TypeScript file with defineTool works without any installation', async () => {
  await file('double.ts', DOUBLE(2));
  const source = await open();
  expect(source.faults()).toEqual([]);
  expect(source.tools()).toMatchObject([
    { origin: 'double.ts', tool: { name: 'double', effect: 'read', approval: 'never' } },
  ]);
  expect(resultText(await call(source, 'double', { n: 21 }))).toBe('42');
  await expect(call(source, 'double', { n: 'x' })).rejects.toThrow('"path":"n"');
});

test('a tool of the AI SDK works; without a declared effect it asks', async () => {
  await file(
    'weather-now.ts',
    `import { jsonSchema, tool } from 'ai';
     import { z } from 'zod';
     export default tool({ description: 'Weather.', inputSchema: z.object({ city: z.string() }),
       execute: async ({ city }) => ({ city, sky: 'blue' }),
       toModelOutput: ({ output }) => ({ type: 'text', value: 'The sky over ' + output.city + ' is ' + output.sky }) });
     export const free = tool({ description: 'Free.', needsApproval: false,
       inputSchema: jsonSchema({ type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }),
       async *execute({ n }) { yield 'so far'; yield 'n is ' + n; } });
     export const careful = tool({ description: 'Careful.', inputSchema: z.object({ n: z.number() }),
       needsApproval: ({ n }) => n > 10, execute: () => 'ok' });`,
  );
  const source = await open();
  expect(source.faults()).toEqual([]);
  expect(source.tools().map(({ tool }) => [tool.name, tool.effect, tool.approval])).toEqual([
    ['careful', 'danger', 'own'],
    ['weather-now', 'danger', 'always'],
    ['free', 'danger', 'never'],
  ]);
  expect(await call(source, 'weather-now', { city: 'Lyon' })).toMatchObject({
    content: [{ text: 'The sky over Lyon is blue' }],
    data: { city: 'Lyon', sky: 'blue' },
  });
  await expect(call(source, 'free', { n: 'x' })).rejects.toThrow('must be integer');
  const careful = source.tools()[0]!.tool;
  expect((await needsApproval(careful, { n: 11 }, context)).needed).toBe(true);
  expect((await needsApproval(careful, { n: 1 }, context)).needed).toBe(false);
});

test('broken files show their error, with the line, and the others work', async () => {
  await file('a-good.ts', DOUBLE(2));
  await file('b-syntax.ts', 'const x: = 1;\n');
  await file('c-throws.ts', '\nconst x = 1;\nthrow new RangeError("no luck");');
  await file('d-import.ts', 'import "left-pad";');
  await file('e-nothing.ts', 'export const x = 1;');
  await file('f-name.ts', `${DOUBLE(2).replace("name: 'double'", "name: 'not a name'")}`);
  await file('g-exit.ts', 'process.exit(7);');
  await file('h-enum.ts', 'enum A { B }');
  await file('i-none.ts', '');
  const source = await open();
  expect(names(source)).toEqual(['double']);
  const said = Object.fromEntries(source.faults().map(({ origin, error }) => [origin, error.message]));
  expect(said['b-syntax.ts']).toMatch(/^b-syntax\.ts, line 1: SyntaxError: /);
  expect(said['c-throws.ts']).toBe('c-throws.ts, line 3: RangeError: no luck');
  expect(said['d-import.ts']).toContain("Cannot find package 'left-pad'");
  expect(said['e-nothing.ts']).toContain('exports no tool');
  expect(said['f-name.ts']).toContain('The tool "not a name" has a name that must be');
  expect(said['g-exit.ts']).toContain('ended its thread (exit code 7)');
  expect(said['h-enum.ts']).toContain('enum');
  expect(said['i-none.ts']).toContain('exports no tool');
});

test('a file that loops or waits for ever while it loads is given up, and the server goes on', async () => {
  await file('loop.ts', 'while (true);');
  await file('wait.ts', 'setInterval(() => {}, 1000); await new Promise(() => {});');
  const source = await open({ loadTimeoutMs: 700 });
  expect(source.faults().map(({ origin, error }) => [origin, error.code])).toEqual([
    ['loop.ts', 'timed_out'],
    ['wait.ts', 'timed_out'],
  ]);
});

test('a changed file is loaded anew, a broken one loses its tool, a repaired one has it again, a removed one is gone', async () => {
  await file('double.ts', DOUBLE(2));
  const source = await open();
  let changes = 0;
  source.onChange(() => changes++);
  const eventually = (look: () => unknown) => expect.poll(look, { timeout: 8_000 });
  await file('double.ts', DOUBLE(3));
  await eventually(() => changes).toBe(1);
  expect(resultText(await call(source, 'double', { n: 2 }))).toBe('6');
  await file('double.ts', 'export const x: = 1');
  await eventually(() => source.faults().length).toBe(1);
  expect(names(source)).toEqual([]);
  await file('double.ts', DOUBLE(4));
  await eventually(() => names(source)).toEqual(['double']);
  expect(source.faults()).toEqual([]);
  expect(resultText(await call(source, 'double', { n: 2 }))).toBe('8');
  await rm(join(folder, 'double.ts'));
  await eventually(() => names(source)).toEqual([]);
});

test('a helper beside the tool is no tool, and its change is taken up', async () => {
  await mkdir(join(folder, 'lib'));
  await file('lib/base.ts', 'export const base = 1;');
  await file('_more.ts', "export { base } from './lib/base.ts';");
  await file(
    'up.ts',
    DOUBLE(1).replace('const factor: number = 1', "import { base } from './_more.ts'; const factor = base"),
  );
  const source = await open();
  expect(source.faults()).toEqual([]);
  expect(resultText(await call(source, 'double', { n: 5 }))).toBe('5');
  await file('lib/base.ts', 'export const base = 10;');
  await source.reload();
  expect(resultText(await call(source, 'double', { n: 5 }))).toBe('50');
});

test('the same outside the test runner', async () => {
  await file('double.ts', DOUBLE(2));
  await file('broken.ts', 'export const x: = 1');
  const script = join(import.meta.dirname, '../../../test/children/use-tools-folder.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, folder]);
  expect(JSON.parse(stdout)).toEqual({
    results: [['double', 40]],
    faults: [expect.stringMatching(/^broken\.ts/)],
  });
});
