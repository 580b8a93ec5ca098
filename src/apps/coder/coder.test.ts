// The code assistant: what runs, what a test says, and the repairs that a person sees.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApps, parrot, type TestApps } from '../../../test/open-apps.ts';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { localIdentity } from '../../contracts/identity.ts';
import { createSandbox } from '../../tools/sandbox/create-sandbox.ts';
import { codeIn } from './code-in.ts';
import { runTests } from './run-tests.ts';

const sandbox = createSandbox();

describe('a run', () => {
  test.each<[string, string, string, true | RegExp]>([
    ['passes', 'const f = (a) => a + 1;', 'console.assert(f(1) === 2)', true],
    [
      'with assertions of Node',
      'function f() { return [1, { a: 2 }]; }',
      "require('node:assert').deepStrictEqual(f(), [1, { a: 2 }]); const { isDeepStrictEqual } = require('util'); assert(isDeepStrictEqual(f(), f()))",
      true,
    ],
    [
      'with the words of test runners',
      'const f = () => 3;',
      "describe('f', () => { test('is 3', () => { expect(f()).toBe(3); expect(f()).not.toEqual(4); expect(() => { throw new Error('no') }).toThrow('no') }) })",
      true,
    ],
    ['of a module', 'export function f() { return 1 }', 'if (f() !== 1) throw "wrong"', true],
    ['with its own assert', "const assert = require('assert'); const f = 1;", 'assert.equal(f, "1")', true],
    [
      'fails with values',
      'const f = () => 1;',
      'assert.strictEqual(f(), 2)',
      /AssertionError: expected 2, got 1/,
    ],
    ['fails by console.assert', 'const f = 1;', "console.assert(f === 2, 'f is wrong')", /f is wrong/],
    ['fails by a thrown text', '', "throw 'Error at 1st assert'", /Error at 1st assert/],
    ['with wrong syntax', 'const = 1', '', /SyntaxError/],
    ['without end', 'for (;;);', '', /longer than/],
    ['reaching out', "require('fs')", '', /no module fs/],
  ])('%s', async (_, code, tests, expected) => {
    const run = await runTests(sandbox, { code, tests, timeoutMs: code === 'for (;;);' ? 500 : 15_000 });
    if (expected === true) expect(run).toMatchObject({ passed: true, error: null });
    else expect(run).toMatchObject({ passed: false, error: expect.stringMatching(expected) });
  });

  test('tells what was printed, and lines of errors are the program’s own', async () => {
    const run = await runTests(sandbox, {
      code: "console.log('hi');\nfunction f() {\n  null.x;\n}\nf();",
      tests: '',
    });
    expect(run.console).toBe('hi');
    expect(run.error).toMatch(/at line 3: null\.x;$/);
    const failed = await runTests(sandbox, {
      code: 'const f = 1;',
      tests: 'assert.equal(f, 1);\nassert.equal(f, 2);',
    });
    expect(failed.error).toMatch(/expected 2, got 1\n {2}at line 4: assert\.equal\(f, 2\);$/);
  });
});

test.each([
  ['```js\na\n```', 'a', ''],
  [
    'Here:\n```javascript\nconst a = 1;\n```\nand\n```js\na\n```\nDone.',
    'const a = 1;',
    'Here:\n\nand\n\nDone.',
  ],
  ['```bash\nnpm i a-very-long-package-name\n```\n```\nb\n```', 'b', ''],
  ['```js\nnever closed', 'never closed', ''],
  ['plain()', 'plain()', ''],
])('the code in %j', (text, code, rest) => {
  expect(codeIn(text, 'javascript')).toEqual({ code, rest });
});

describe('the app', () => {
  let opened: TestStore;
  let on: TestApps;
  const model = parrot();
  beforeAll(async () => {
    opened = await openTestStore();
    on = openApps(opened.store, { providers: [model.provider] });
  });
  afterAll(async () => {
    await on.close();
    await opened.dispose();
  });
  async function run(input: Record<string, unknown>, says: string[]) {
    model.say(...says);
    const notes: string[] = [];
    let text = '';
    let output:
      | {
          code: string | null;
          passed: boolean | null;
          ran: boolean;
          explanation: string;
          attempts: { passed: boolean | null; error: string | null }[];
        }
      | undefined;
    for await (const event of on.apps.stream(localIdentity, 'coder', input, {
      model: model.id,
      source: 'page',
    })) {
      if (event.type === 'note') notes.push(event.message);
      if (event.type === 'text-delta') text += event.delta;
      if (event.type === 'output') output = event.output as typeof output;
    }
    return { ...output!, notes, text };
  }
  const tests = 'assert.strictEqual(one(), 1);';

  test('repairs what fails, with the error before its eyes, and shows every attempt', async () => {
    const found = await run({ request: 'one', tests }, [
      '```js\nconst one = () => 2;\n```',
      '```js\nconst one = () => 1;\n```',
    ]);
    expect(found).toMatchObject({ passed: true, ran: true, code: 'const one = () => 1;' });
    expect(found.attempts).toMatchObject([
      { passed: false, error: expect.stringContaining('expected 1, got 2') },
      { passed: true, error: null },
    ]);
    expect(JSON.stringify(model.asked[1]?.prompt)).toContain('expected 1, got 2');
    expect(found.text).toContain('expected 1, got 2');
  });

  test('gives up after three repairs and says so', async () => {
    const found = await run(
      { request: 'one', tests },
      Array.from({ length: 9 }, () => '```js\nlet one;\n```'),
    );
    expect(found.passed).toBe(false);
    expect(found.attempts).toHaveLength(4);
    expect(found.notes.at(-1)).toMatch(/still fail after 3 repairs/);
    expect(JSON.stringify(model.asked[2]?.prompt)).toContain('another way');
    expect(model.asked[3]?.temperature).toBeGreaterThan(model.asked[1]?.temperature ?? 1);
  });

  test('does not run other languages, and says so', async () => {
    const found = await run({ request: 'one', language: 'python' }, ['```python\none = 1\n```\nIt is one.']);
    expect(found).toMatchObject({ code: 'one = 1', ran: false, passed: null, explanation: 'It is one.' });
    expect(found.notes[0]).toMatch(/python is written and not run/);
  });

  test('without tests repairs only what cannot be read', async () => {
    const wrong = await run({ request: 'x' }, ['```js\nconst = 1\n```', '```js\nconst a = 1;\n```']);
    expect(wrong).toMatchObject({ passed: null, code: 'const a = 1;', ran: true });
    const page = await run({ request: 'x' }, ['```js\ndocument.title = 1;\n```']);
    expect(page.attempts).toHaveLength(1);
    expect(page.notes[0]).toMatch(/document is not defined|'document'/);
  });

  test('explains in the language of the request, and refuses what it cannot do', async () => {
    const found = await run({ task: 'explain', code: 'a++', request: 'Que fait ce code ?' }, [
      'Il ajoute un.',
    ]);
    expect(found).toMatchObject({ code: null, explanation: 'Il ajoute un.' });
    expect(JSON.stringify(model.asked[0]?.prompt[0])).toContain('français');
    await expect(run({ task: 'fix' }, [])).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(run({}, [])).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
