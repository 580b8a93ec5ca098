// What programs and tests find beside the language when they run in the sandbox: assertions, a small `require` for the
// modules that tests use, and the words of common test runners. One line, so that lines of errors are the program's own.

const source = `
(() => {
  const same = (a, b) => {
    if (Object.is(a, b)) return true;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (a instanceof Date) return Object.is(a.getTime(), b.getTime());
    if (a instanceof RegExp) return String(a) === String(b);
    if (a instanceof Map) return a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key)));
    if (a instanceof Set) return a.size === b.size && [...a].every((value) => b.has(value) || [...b].some((other) => same(value, other)));
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    return keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
  };
  const loose = (a, b) => a == b || same(a, b) || (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b));
  const show = (value) => { try { const json = JSON.stringify(value); return json === undefined ? String(value) : json; } catch { return String(value); } };
  class AssertionError extends Error { constructor(message) { super(message); this.name = 'AssertionError'; } }
  const fail = (message, fallback) => { if (message instanceof Error) throw message; throw new AssertionError(message === undefined ? fallback : String(message) + ' (' + fallback + ')'); };
  const assert = (ok, message) => { if (!ok) fail(message, 'expected something true, got ' + show(ok)); };
  const equal = (name, test, word) => (got, wanted, message) => { if (!test(got, wanted)) fail(message, 'expected ' + word + show(wanted) + ', got ' + show(got)); };
  const throws = (run, wanted, message) => {
    let thrown;
    try { run(); } catch (error) { thrown = { error }; }
    if (!thrown) fail(message, 'expected an error, and there was none');
    if (wanted instanceof RegExp && !wanted.test(String(thrown.error && thrown.error.message))) fail(message, 'expected an error like ' + wanted + ', got ' + thrown.error);
    if (typeof wanted === 'function' && wanted.prototype instanceof Error && !(thrown.error instanceof wanted)) fail(message, 'expected ' + wanted.name + ', got ' + thrown.error);
  };
  Object.assign(assert, {
    ok: (ok, message) => assert(ok, message),
    equal: equal('equal', (a, b) => a == b, ''), notEqual: equal('notEqual', (a, b) => a != b, 'something other than '),
    strictEqual: equal('strictEqual', Object.is, ''), notStrictEqual: equal('notStrictEqual', (a, b) => !Object.is(a, b), 'something other than '),
    deepEqual: equal('deepEqual', loose, ''), deepStrictEqual: equal('deepStrictEqual', same, ''),
    notDeepEqual: equal('notDeepEqual', (a, b) => !loose(a, b), 'something other than '), notDeepStrictEqual: equal('notDeepStrictEqual', (a, b) => !same(a, b), 'something other than '),
    throws, doesNotThrow: (run) => run(), fail: (message) => fail(message, 'failed'), AssertionError,
  });
  assert.strict = assert;
  const expect = (got) => {
    const checks = {
      toBe: [(wanted) => Object.is(got, wanted), ''], toEqual: [(wanted) => same(got, wanted) || loose(got, wanted), ''], toStrictEqual: [(wanted) => same(got, wanted), ''],
      toBeCloseTo: [(wanted, digits = 2) => Math.abs(got - wanted) < 10 ** -digits / 2, 'about '], toContain: [(wanted) => got.includes(wanted), 'to contain '],
      toHaveLength: [(wanted) => got.length === wanted, 'a length of '], toMatch: [(wanted) => (wanted instanceof RegExp ? wanted.test(got) : got.includes(wanted)), 'to match '],
      toBeGreaterThan: [(wanted) => got > wanted, 'more than '], toBeLessThan: [(wanted) => got < wanted, 'less than '],
      toBeTruthy: [() => Boolean(got), 'something true'], toBeFalsy: [() => !got, 'something false'],
      toBeNull: [() => got === null, 'null'], toBeUndefined: [() => got === undefined, 'undefined'], toBeDefined: [() => got !== undefined, 'something'],
    };
    const make = (isNot) => Object.fromEntries(Object.entries(checks).map(([name, [test, word]]) => [name, (...args) => {
      if (test(...args) === isNot) throw new AssertionError('expected ' + (isNot ? 'not ' : '') + word + (args.length > 0 ? show(args[0]) : '') + ', got ' + show(got));
    }]));
    return { ...make(false), not: make(true), toThrow: (wanted) => throws(got, typeof wanted === 'string' ? new RegExp(wanted.replace(/[^\\w\\s]/g, '.')) : wanted) };
  };
  const modules = { assert, 'assert/strict': assert, util: { isDeepStrictEqual: same, inspect: show }, test: Object.assign((name, run) => run(), { test: (name, run) => run() }), lodash: { isEqual: same } };
  const require = (name) => {
    const found = modules[String(name).replace(/^node:/, '')];
    if (found === undefined) throw new Error('There is no module ' + name + ' in the sandbox.');
    return found;
  };
  const run = (name, body) => body();
  const module = { exports: {} };
  Object.assign(globalThis, { require, module, exports: module.exports, assert, expect, test: run, it: run, describe: run });
  console.assert = (ok, ...message) => { if (!ok) fail(message.length > 0 ? message.map(String).join(' ') : undefined, 'console.assert failed'); };
})();
`;

export const TEST_PRELUDE: string = source.replace(/\s*\n\s*/g, ' ').trim();
