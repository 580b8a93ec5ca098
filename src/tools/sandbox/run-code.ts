// One program in one QuickJS of its own, in WebAssembly: its memory is an array of bytes that sees nothing of ours.
// It gets a console and timers; there is no file, network, process or module.
import variant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import type { ConsoleLine, SandboxFault, SandboxOutcome, SandboxTask } from './messages.ts';
import { PRELUDE } from './prelude.ts';

// The package's types name its namespace as the default export; at run time it is the variant itself.
const baseVariant = variant as unknown as QuickJSSyncVariant;

const MAX_CONSOLE_LINES = 1000;
const MAX_TIMERS = 1000;
/** What the engine starts with. */
const ENGINE_PAGES = 256;
const PAGE_BYTES = 65_536;
const JSON_MS = 200;

interface Timer {
  id: number;
  due: number;
  every: number | null;
  callback: QuickJSHandle;
}

interface Machine {
  context: QuickJSContext;
  runtime: QuickJSRuntime;
  show: (handle: QuickJSHandle) => string;
  toJson: (handle: QuickJSHandle) => string | null;
  /** Epoch milliseconds. */
  deadline: number;
  console: ConsoleLine[];
  leftOut: number;
  timers: Timer[];
  interrupted: boolean;
  /** The memory has grown as far as it may. */
  memoryIsFull(): boolean;
}

export async function runCode(task: SandboxTask): Promise<SandboxOutcome> {
  const started = performance.now();
  // The engine's own count of its memory misses most small pieces in this build; the size of its one memory cannot lie.
  const maximum = ENGINE_PAGES + Math.ceil(task.memoryBytes / PAGE_BYTES);
  const wasmMemory = new WebAssembly.Memory({ initial: ENGINE_PAGES, maximum });
  const quickjs = await newQuickJSWASMModuleFromVariant(
    newVariant(baseVariant, { wasmModule: task.wasm, wasmMemory }),
  );
  const runtime = quickjs.newRuntime({
    memoryLimitBytes: task.memoryBytes,
    maxStackSizeBytes: task.stackBytes,
  });
  const context = runtime.newContext();
  const machine: Machine = {
    context,
    runtime,
    ...createShow(context, task.maxOutputCharacters),
    deadline: Date.now() + task.timeoutMs,
    console: [],
    leftOut: 0,
    timers: [],
    interrupted: false,
    memoryIsFull: () => wasmMemory.buffer.byteLength > 0.9 * maximum * PAGE_BYTES,
  };
  runtime.setInterruptHandler(() => {
    machine.interrupted = Date.now() > machine.deadline;
    return machine.interrupted;
  });
  addConsole(machine, task.maxOutputCharacters);
  addTimers(machine);
  for (const [name, json] of Object.entries(task.globals)) {
    const value = context.unwrapResult(context.evalCode(`(${JSON.stringify(json)})`));
    const parse = context.unwrapResult(context.evalCode('JSON.parse'));
    const parsed = context.unwrapResult(context.callFunction(parse, context.undefined, value));
    context.setProp(context.global, name, parsed);
  }
  const end = (rest: Pick<SandboxOutcome, 'ok' | 'value' | 'json' | 'error'>): SandboxOutcome => ({
    ...rest,
    console: machine.console,
    consoleLeftOut: machine.leftOut,
    durationMs: Math.round(performance.now() - started),
  });
  const failed = (handle: QuickJSHandle) =>
    end({ ok: false, value: null, json: null, error: faultOf(machine, handle, task) });

  const evaluated = evaluate(machine, task.code);
  if ('error' in evaluated) return failed(evaluated.error);
  const settled = await settle(machine, evaluated.value);
  if (settled === 'unsettled')
    return end({
      ok: false,
      value: null,
      json: null,
      error: {
        kind: 'unsettled',
        name: 'Error',
        message: 'the program waits for a promise that nothing can settle any more',
        stack: null,
      },
    });
  if ('error' in settled) return failed(settled.error);
  const result = evaluated.isModule ? exported(context, settled.value) : settled.value;
  const text = machine.show(result);
  // A getter or toJSON of the program's own may run here; the value in words is known already.
  machine.deadline = Math.min(machine.deadline, Date.now() + JSON_MS);
  return end({ ok: true, value: text, json: machine.toJson(result), error: null });
}

type Evaluated = { value: QuickJSHandle; isModule?: boolean } | { error: QuickJSHandle };

/**
 * As a script, whose value is that of its last expression. What is no script is tried as the body of an async function
 * (`await`, `return`), then as a module (`export default`); nothing has run before that.
 */
function evaluate({ context }: Machine, code: string): Evaluated {
  const asScript = context.evalCode(code, 'code.js', { type: 'global' });
  if (!asScript.error) return { value: asScript.value };
  const name = context.getProp(asScript.error, 'name').consume((handle) => context.dump(handle));
  if (name !== 'SyntaxError') return { error: asScript.error };
  const asBody = context.evalCode(`(async () => {${code}\n})()`, 'code.js');
  if (!asBody.error) return { value: asBody.value };
  const asModule = context.evalCode(code, 'code.js', { type: 'module' });
  if (asModule.error) {
    const isForm =
      context.getProp(asModule.error, 'name').consume((handle) => context.dump(handle)) === 'SyntaxError';
    // Of three complaints about its form the first is the plainest.
    return { error: isForm ? asScript.error : asModule.error };
  }
  return { value: asModule.value, isModule: true };
}

/** Runs jobs and timers until the value is no promise any more. */
async function settle(machine: Machine, value: QuickJSHandle): Promise<Evaluated | 'unsettled'> {
  const { context, runtime } = machine;
  for (;;) {
    const jobs = runtime.executePendingJobs();
    if (jobs.error) return { error: jobs.error };
    if (machine.interrupted) return { error: interruption(context) };
    const state = context.getPromiseState(value);
    if (state.type === 'rejected') return { error: state.error };
    // What the program left in timers still has its turn.
    if (state.type === 'fulfilled' && machine.timers.length === 0) return { value: state.value };
    const next = machine.timers.sort((a, b) => a.due - b.due)[0];
    if (next === undefined) return 'unsettled';
    const wait = next.due - Date.now();
    if (Date.now() + Math.max(0, wait) > machine.deadline) {
      machine.interrupted = true;
      return { error: interruption(context) };
    }
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (next.every === null) machine.timers.splice(machine.timers.indexOf(next), 1);
    else next.due = Date.now() + Math.max(1, next.every);
    const called = context.callFunction(next.callback, context.undefined);
    if (called.error) return { error: called.error };
    called.value.dispose();
  }
}

/** Of a module that has one its default export, otherwise all its exports. */
function exported(context: QuickJSContext, namespace: QuickJSHandle): QuickJSHandle {
  const main = context.getProp(namespace, 'default');
  return context.typeof(main) === 'undefined' ? namespace : main;
}

const interruption = (context: QuickJSContext) =>
  context.newError({ name: 'InternalError', message: 'interrupted' });

function createShow(context: QuickJSContext, limit: number): Pick<Machine, 'show' | 'toJson'> {
  const prelude = context.unwrapResult(context.evalCode(PRELUDE, 'prelude.js'));
  const call = (name: 'text' | 'json') => {
    const convert = context.getProp(prelude, name);
    return (handle: QuickJSHandle): string | null => {
      const result = context.callFunction(convert, context.undefined, handle, context.newNumber(limit));
      if (result.error) {
        result.error.dispose();
        return null;
      }
      return result.value.consume((text) =>
        context.typeof(text) === 'string' ? context.getString(text) : null,
      );
    };
  };
  const text = call('text');
  return { show: (handle) => text(handle) ?? '[value that cannot be shown]', toJson: call('json') };
}

function addConsole(machine: Machine, maxCharacters: number): void {
  const { context } = machine;
  let characters = 0;
  const target = context.newObject();
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const write = context.newFunction(level, (...parts) => {
      if (machine.console.length >= MAX_CONSOLE_LINES || characters >= maxCharacters) {
        machine.leftOut++;
        return;
      }
      const text = parts.map((part) => machine.show(part)).join(' ');
      machine.console.push({ level, text: text.slice(0, maxCharacters - characters) });
      characters += text.length;
    });
    context.setProp(target, level, write);
  }
  context.setProp(context.global, 'console', target);
}

function addTimers(machine: Machine): void {
  const { context } = machine;
  let lastId = 0;
  const start = (repeats: boolean) => (callback?: QuickJSHandle, delay?: QuickJSHandle) => {
    if (callback === undefined || context.typeof(callback) !== 'function')
      return { error: context.newError({ name: 'TypeError', message: 'a timer needs a function' }) };
    if (machine.timers.length >= MAX_TIMERS)
      return { error: context.newError({ name: 'RangeError', message: `more than ${MAX_TIMERS} timers` }) };
    const wait = Math.max(0, delay === undefined ? 0 : context.getNumber(delay) || 0);
    const id = ++lastId;
    machine.timers.push({
      id,
      due: Date.now() + wait,
      every: repeats ? wait : null,
      callback: callback.dup(),
    });
    return context.newNumber(id);
  };
  const stop = (id?: QuickJSHandle) => {
    const number = id === undefined ? 0 : context.getNumber(id);
    machine.timers = machine.timers.filter((timer) => timer.id !== number);
  };
  for (const [name, run] of [
    ['setTimeout', start(false)],
    ['setInterval', start(true)],
    ['clearTimeout', stop],
    ['clearInterval', stop],
  ] as const)
    context.setProp(context.global, name, context.newFunction(name, run as never));
}

function faultOf(
  machine: Machine,
  handle: QuickJSHandle,
  task: SandboxTask,
): NonNullable<SandboxOutcome['error']> {
  const { context } = machine;
  const read = (property: string) => {
    const value = context.getProp(handle, property);
    return context.typeof(value) === 'string' ? context.getString(value).slice(0, 4000) : null;
  };
  const isObject = context.typeof(handle) === 'object' && !context.sameValue(handle, context.null);
  const name = (isObject ? read('name') : null) ?? 'Error';
  const message = (isObject ? read('message') : null) ?? machine.show(handle);
  const stack = isObject ? read('stack') : null;
  const as = (kind: SandboxFault, words: string) => ({ kind, name, message: words, stack: null });
  if (machine.interrupted) return as('timeout', `the program ran longer than ${task.timeoutMs / 1000} s`);
  // Without memory for an error, the engine throws null.
  const threwNothing = context.sameValue(handle, context.null);
  if (/out of memory/.test(message) || (threwNothing && machine.memoryIsFull()))
    return as(
      'memory',
      `the program needs more than ${Math.round(task.memoryBytes / 1024 / 1024)} MB of memory`,
    );
  if (/stack (size exceeded|overflow)/i.test(message))
    return as('stack', 'the program calls itself too deeply');
  return { kind: 'error', name, message, stack: stack?.trimEnd() || null };
}
