// Runs what a user's file exports and tells it as an app's events: text as it comes, then the output.
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { AppDefinition } from '../apps.ts';
import type { Runner } from './collect-app.ts';
import type { UserAppContext } from './define-app.ts';
import { mergeChunks, plain } from './merge-chunks.ts';

type AppEvents = ReturnType<AppDefinition['run']>;
type AppEvent = AppEvents extends AsyncIterable<infer Event> ? Event : never;
type Told = Pick<UserAppContext, 'modelId' | 'signal'>;

const text = (delta: string): AppEvent => ({ type: 'text-delta', delta });

/** @throws AtelierError app_failed, or what the app itself threw of ours */
export async function* runUserApp(
  name: string,
  runner: Runner,
  input: unknown,
  context: Told,
): AsyncGenerator<AppEvent> {
  try {
    if (runner.kind === 'agent') yield* runAgent(runner.agent, input, context);
    else if (runner.kind === 'runnable') yield* runRunnable(runner.runnable, input, context);
    else yield* runFunction(runner.run, input, context);
  } catch (error) {
    if (isAtelierError(error) || context.signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new AtelierError('app_failed', `The app ${name} failed: ${message}`, {
      cause: error,
      data: { app: name },
    });
  }
}

type AgentRunner = Extract<Runner, { kind: 'agent' }>['agent'];

async function* runAgent(agent: AgentRunner, input: unknown, { signal }: Told): AsyncGenerator<AppEvent> {
  const prompt = typeof input === 'string' ? input : JSON.stringify(input);
  const result = await agent.stream({ prompt, abortSignal: signal });
  let written = '';
  for await (const part of result.fullStream as AsyncIterable<Record<string, unknown>>) {
    if (part.type === 'error') throw part.error;
    // What is written before a tool call is no part of the answer; the output below is the last step's.
    if (part.type === 'start-step') written = '';
    if (part.type === 'tool-call') yield status(String(part.toolName));
    if (part.type !== 'text-delta' || typeof part.text !== 'string') continue;
    written += part.text;
    yield text(part.text);
  }
  const output = await result.output;
  yield { type: 'output', output: output === undefined ? written : output };
}

type RunnableRunner = Extract<Runner, { kind: 'runnable' }>['runnable'];

async function* runRunnable(
  runnable: RunnableRunner,
  input: unknown,
  { signal }: Told,
): AsyncGenerator<AppEvent> {
  let output: unknown;
  for await (const chunk of await runnable.stream(input, { signal })) {
    const value = plain(chunk);
    output = mergeChunks(output, value);
    if (typeof value === 'string') yield text(value);
    else yield { type: 'partial', output };
  }
  yield { type: 'output', output: output ?? null };
}

async function* runFunction(
  run: (input: unknown, context: unknown) => unknown,
  input: unknown,
  context: Told,
): AsyncGenerator<AppEvent> {
  const told: AppEvent[] = [];
  const made = run(input, {
    ...context,
    status: (step: string, done?: number, total?: number) => {
      told.push(status(step, done, total));
    },
    note: (message: string) => {
      told.push({ type: 'note', message });
    },
  } satisfies UserAppContext);
  if (!isIterator(made)) {
    const output = await made;
    yield* told.splice(0);
    yield { type: 'output', output: plain(output) ?? null };
    return;
  }
  let written = '';
  let known: unknown;
  try {
    for (;;) {
      const { done, value } = await made.next();
      yield* told.splice(0);
      if (done) {
        yield { type: 'output', output: value === undefined ? (known ?? written) : value };
        return;
      }
      if (typeof value === 'string') {
        written += value;
        yield text(value);
      } else {
        known = value;
        yield { type: 'partial', output: value };
      }
    }
  } finally {
    await made.return?.(undefined);
  }
}

const status = (step: string, done?: number, total?: number): AppEvent => ({
  type: 'status',
  step,
  done: done ?? null,
  total: total ?? null,
});

function isIterator(value: unknown): value is AsyncGenerator<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'next' in value &&
    typeof value.next === 'function' &&
    (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}
