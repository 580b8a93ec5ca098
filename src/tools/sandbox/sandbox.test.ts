// Programs in the sandbox: what works, what is told of a failure, and what no program may do to the server.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { outcomeText } from '../builtin/run-javascript.ts';
import { createSandbox } from './create-sandbox.ts';
import { runCode } from './run-code.ts';

const sandbox = createSandbox();
const require = createRequire(import.meta.url);
const wasm = WebAssembly.compile(readFileSync(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));
/** The engine without its thread, which starts in a tenth of a second. */
const engine = async (code: string) => {
  const limits = { timeoutMs: 1000, memoryBytes: 16 * 1024 * 1024, stackBytes: 256 * 1024 };
  return runCode({ code, globals: {}, ...limits, maxOutputCharacters: 100_000, wasm: await wasm });
};
const value = async (code: string) => {
  const { ok, value: text, error } = await engine(code);
  return ok ? text : `${error?.name}: ${error?.message}`;
};

test.each([
  ['1 + 1', '2'],
  ['const xs = [3, 1, 2]; xs.sort(); xs', '[1, 2, 3]'],
  [
    '({ a: 1, "b c": [null, undefined, -0], d: new Map([["x", new Set([1])]]) })',
    '{ a: 1, "b c": [null, undefined, -0], d: Map { "x" => Set { 1 } } }',
  ],
  ['"text"', 'text'],
  ['2n ** 70n', '1180591620717411303424n'],
  ['class P { constructor() { this.x = 1 } }; new P()', 'P { x: 1 }'],
  ['const o = {}; o.o = o; o', '{ o: [circular] }'],
  ['new Date(0)', '1970-01-01T00:00:00.000Z'],
  ['() => 1', '[function without a name]'],
  ['[]', '[]'],
  ['Promise.resolve(5)', '5'],
  ['async function f() { return 7 } f()', '7'],
  ['const x = await Promise.resolve(3); return x * 2', '6'],
  ['return 4', '4'],
  ['export const a = 1; export default 9', '9'],
  ['export const a = 1', '{ a: 1 }'],
  ['await new Promise((done) => setTimeout(done, 20)); return "late"', 'late'],
  [
    'let n = 0; await new Promise((done) => { const t = setInterval(() => { if (++n === 3) { clearInterval(t); done() } }, 1) }); return n',
    '3',
  ],
])('%s is %s', async (code, expected) => {
  expect(await value(code)).toBe(expected);
});

test('console and value come together, and globals go in', async () => {
  const outcome = await sandbox.run(
    'console.log("sum", { n: rows.length }); console.error("careful"); rows.reduce((a, b) => a + b)',
    {
      globals: { rows: [1, 2, 3] },
    },
  );
  expect(outcome).toMatchObject({ ok: true, value: '6', json: '6' });
  expect(outcomeText(outcome)).toBe('Console:\nsum { n: 3 }\nerror: careful\nValue: 6');
});

test('what a timer still had to do is done', async () => {
  const { console: lines } = await sandbox.run(
    'setTimeout(() => console.log("later"), 5); console.log("now")',
  );
  expect(lines.map(({ text }) => text)).toEqual(['now', 'later']);
});

test.each([
  ['null.x', 'TypeError: cannot read property'],
  ['throw new RangeError("mine")', 'RangeError: mine'],
  ['throw "text"', 'Error: text'],
  ['Promise.reject(new Error("later"))', 'Error: later'],
  ['setTimeout(() => { throw new Error("in a timer") })', 'Error: in a timer'],
  ['const a = ;', 'SyntaxError'],
  ['await new Promise(() => {})', 'Error: the program waits for a promise'],
  ['import fs from "fs"; fs', "could not load module 'fs'"],
])('%s fails as %s', async (code, expected) => {
  expect(await value(code)).toContain(expected);
});

test('an error says where it happened', async () => {
  const { error } = await sandbox.run('function f() {\n  null.x;\n}\nf();');
  expect(error?.stack).toContain('at f (code.js:2');
});

test.each([
  'process',
  'require',
  'Buffer',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'Worker',
  'WebAssembly',
  'Deno',
  'Bun',
  'module',
  '__dirname',
  'importScripts',
  'SharedArrayBuffer.prototype.constructor.constructor("return process")()',
  'std',
  'os',
  'scriptArgs',
  'globalThis.process.env',
  'this.constructor.constructor("return process")()',
  'console.log.constructor("return process")()',
  'setTimeout.constructor("return process")()',
  '(async () => {}).constructor("return process")()',
  'new Function("return process")()',
  'eval("process")',
  'Reflect.construct(Function, ["return process"])()',
  'console.__proto__.constructor.constructor("return require")()("fs")',
  '(() => { try { null.x } catch (e) { return e.constructor.constructor("return process")() } })()',
])('the program does not find %s', async (code) => {
  const { ok, error } = await engine(code);
  expect(ok).toBe(false);
  expect(error?.message).toMatch(/is not defined|cannot read property|not a function/);
});

test.each([
  'import("fs")',
  'import("node:fs")',
  'import("file:///etc/passwd")',
  'import("data:text/javascript,1")',
  'import("./run-code.ts")',
])('%s loads nothing', async (code) => {
  expect((await engine(code)).ok).toBe(false);
});

test('two programs share nothing, and the server nothing with either', async () => {
  await sandbox.run(
    'Object.prototype.polluted = 1; Array.prototype.map = () => "stolen"; JSON.stringify = () => "stolen"; globalThis.x = 1',
  );
  expect(await value('[1].map((n) => n + 1).concat(typeof x, ({}).polluted)')).toBe(
    '[2, "undefined", undefined]',
  );
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('a program that spoils the built-ins spoils its own output only', async () => {
  const spoil =
    'Object.keys = JSON.stringify = Array.isArray = () => { throw 1 }; Error.prototype.toString = null;';
  expect(await value(`${spoil} ({ a: [1] })`)).toBe('{ a: [1] }');
  expect(await value('({ get a() { while (true); } })')).toBe('{ a: [getter] }');
  expect(await value('({ toJSON() { throw 1 } })')).toContain('toJSON');
  expect(
    await value('new Proxy({}, { ownKeys() { throw 1 }, get() { throw 1 }, getPrototypeOf() { throw 1 } })'),
  ).toBe('[value that cannot be shown]');
});

test.each([
  ['while (true);', 'timeout'],
  ['for (;;) { try { while (true); } catch {} }', 'timeout'],
  ['const spin = () => { Promise.resolve().then(spin) }; spin(); await new Promise(() => {})', 'timeout'],
  ['await new Promise((done) => setTimeout(done, 60000))', 'timeout'],
  ['setInterval(() => {}, 1)', 'timeout'],
  ['/^(a+)+$/.test("a".repeat(40) + "b")', 'timeout'],
  ['let s = "x"; while (true) s += s', 'error'],
  ['const xs = []; while (true) xs.push("x".repeat(1e6) + xs.length)', 'memory'],
  ['const xs = []; while (true) xs.push(new Array(1000).fill(1))', 'memory'],
  ['new ArrayBuffer(1e9)', 'memory'],
  ['function f() { return f() + 1 } f()', 'stack'],
  ['let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; JSON.stringify(o)', 'stack'],
  ['[1].toString.call(new Proxy([], { get: function g(t, k, r) { return Reflect.get(r, k, r) } }))', 'stack'],
  ['Array.from({ length: 2000 }, () => setTimeout(() => {}, 1))', 'error'],
])('%s ends as %s', async (code, kind) => {
  const started = performance.now();
  const { ok, error } = await sandbox.run(code, {
    timeoutMs: kind === 'timeout' ? 300 : 5000,
    memoryBytes: 16 * 1024 * 1024,
  });
  expect({ ok, kind: error?.kind }).toEqual({ ok: false, kind });
  if (kind === 'timeout') expect(performance.now() - started).toBeLessThan(4000);
});

test('the server goes on while a program loops', async () => {
  const loop = sandbox.run('while (true);', { timeoutMs: 300 });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  expect((await loop).error?.kind).toBe('timeout');
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(10);
});

test('a flood of output is cut', async () => {
  const { console: lines, consoleLeftOut } = await sandbox.run(
    'for (let i = 0; i < 5000; i++) console.log("x".repeat(1000))',
  );
  expect(lines.length).toBeLessThan(1001);
  expect(consoleLeftOut).toBeGreaterThan(4000);
  const { value: long } = await sandbox.run('"y".repeat(1e6)');
  expect(long!.length).toBeLessThan(201_000);
  expect(long).toContain('800000 more characters');
});

test('a cancel ends it, also while it waits for its turn', async () => {
  const stop = new AbortController();
  const first = sandbox.run('while (true);', { timeoutMs: 20_000, signal: stop.signal });
  const second = sandbox.run('while (true);', { timeoutMs: 20_000, signal: stop.signal });
  const third = sandbox.run('1', { signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  const outcomes = await Promise.allSettled([first, second, third]);
  expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual([
    'cancelled',
    'cancelled',
    'cancelled',
  ]);
  expect(await value('1')).toBe('1');
});
