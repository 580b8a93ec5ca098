// The thread in which ONNX Runtime computes: its run() does not yield, and nobody else should wait for it.
import { parentPort, workerData } from 'node:worker_threads';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { NumericsError } from './errors.ts';
import type { Binding, FromWorker, ProgramOptions, Request, SharedTensor, ToWorker } from './messages.ts';
import { sessionOptions } from './session-options.ts';

const port = parentPort;
if (!port) throw new Error('This file is a worker; start it through graph-session.');

type Runtime = typeof import('onnxruntime-node');
interface Bound {
  program: string;
  feeds: Record<string, Tensor>;
  fetches: Record<string, Tensor>;
}

/** 1 while native code runs in this thread. */
const busy = workerData as Int32Array;
let runtime: Runtime | null = null;
const programs = new Map<string, InferenceSession>();
const bindings = new Map<string, Bound>();

async function loadRuntime(): Promise<Runtime> {
  try {
    runtime ??= await import('onnxruntime-node');
    return runtime;
  } catch (cause) {
    throw new NumericsError(
      'runtime_missing',
      `ONNX Runtime, which training needs, could not be loaded (${cause instanceof Error ? cause.message.split('\n')[0] : cause}). Install it with: npm install onnxruntime-node`,
      { cause },
    );
  }
}

async function load(
  program: string,
  model: { bytes: Uint8Array } | { path: string },
  options: ProgramOptions,
): Promise<void> {
  const { InferenceSession } = await loadRuntime();
  const how = sessionOptions(options);
  programs.set(
    program,
    'path' in model
      ? await InferenceSession.create(model.path, how)
      : await InferenceSession.create(model.bytes, how),
  );
}

function bind({ Tensor }: Runtime, program: string, { inputs, outputs }: Binding): Bound {
  const wrap = (tensors: Readonly<Record<string, SharedTensor>>) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, { data, shape }]) => [name, new Tensor(data, shape)]),
    );
  return { program, feeds: wrap(inputs), fetches: wrap(outputs) };
}

function known<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (!value) throw new NumericsError('invalid', `There is nothing by the name of ${name}.`);
  return value;
}

async function answer(request: Request): Promise<void> {
  switch (request.type) {
    case 'load':
      return load(request.program, request.model, request.options);
    case 'unload':
      await programs.get(request.program)?.release();
      programs.delete(request.program);
      return;
    case 'bind':
      bindings.set(request.binding, bind(await loadRuntime(), request.program, request.tensors));
      return;
    case 'run': {
      const { program, feeds, fetches } = known(bindings, request.binding);
      await known(programs, program).run(feeds, fetches);
      return;
    }
    case 'close':
      for (const session of programs.values()) await session.release();
      programs.clear();
      bindings.clear();
      port?.close();
      return;
  }
}

async function handle(request: ToWorker): Promise<void> {
  let reply: FromWorker;
  Atomics.store(busy, 0, 1);
  try {
    await answer(request);
    reply = { id: request.id, ok: true };
  } catch (error) {
    const code = error instanceof NumericsError ? error.code : 'failed';
    reply = {
      id: request.id,
      error: { code, message: error instanceof Error ? error.message : String(error) },
    };
  }
  Atomics.store(busy, 0, 0);
  Atomics.notify(busy, 0);
  port?.postMessage(reply);
}

// In turn, so that closing waits for the step that was asked before it.
let queue = Promise.resolve();
port.on('message', (request: ToWorker) => {
  queue = queue.then(() => handle(request));
});
