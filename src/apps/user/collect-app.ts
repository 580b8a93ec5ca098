// The app in what a user's file exports: made with `defineApp`, or an agent, chain or function beside optional exports
// `input`, `output`, `title`, `description`, `icon` and `example`.
import { z } from 'zod';
import { agentNameSchema } from '../../contracts/agent.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { isUserApp, type UserApp } from './define-app.ts';

/** What can be run, told apart by its methods so that any version of the libraries will do. */
export type Runner =
  | { kind: 'agent'; agent: SdkAgent }
  | { kind: 'runnable'; runnable: Runnable }
  | { kind: 'function'; run: (input: unknown, context: unknown) => unknown };

/** The part of an AI SDK agent (`ToolLoopAgent`) that is used. */
export interface SdkAgent {
  stream(call: {
    prompt: string;
    abortSignal: AbortSignal;
  }): PromiseLike<{ fullStream: AsyncIterable<unknown>; output?: PromiseLike<unknown> }>;
}

/** The part of a LangChain Runnable that is used. */
export interface Runnable {
  invoke(input: unknown, config: { signal: AbortSignal }): Promise<unknown>;
  stream(input: unknown, config: { signal: AbortSignal }): Promise<AsyncIterable<unknown>>;
}

export interface CollectedApp extends Omit<UserApp, 'run'> {
  name: string;
  runner: Runner;
}

const ABOUT = ['input', 'output', 'title', 'description', 'icon', 'example'] as const;
const about = new Set<string>(ABOUT);

function runnerOf(value: unknown): Runner | null {
  if (typeof value === 'function') return { kind: 'function', run: value as never };
  if (typeof value !== 'object' || value === null) return null;
  const has = (name: string) => typeof (value as Record<string, unknown>)[name] === 'function';
  if (has('invoke') && has('stream') && (has('pipe') || 'lc_runnable' in value))
    return { kind: 'runnable', runnable: value as Runnable };
  if (has('generate') && has('stream')) return { kind: 'agent', agent: value as SdkAgent };
  return null;
}

function invalid(file: string, what: string, data: Record<string, unknown> = {}): AtelierError {
  return new AtelierError('invalid_request', `${file} ${what}`, { data: { file, ...data } });
}

/** `weather.ts` -> weather, `Mon App.ts` -> mon-app. */
function nameOf(file: string): string {
  const name = file
    .replace(/\.[^.]+$/, '')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const checked = agentNameSchema.safeParse(name);
  if (checked.success) return name;
  throw invalid(file, `gives no name to an app: ${checked.error.issues[0]?.message ?? ''}. Rename the file.`);
}

/** @throws AtelierError invalid_request when there is no app, more than one, or one that cannot work */
export function collectApp(file: string, exports: Readonly<Record<string, unknown>>): CollectedApp {
  const name = nameOf(file);
  const found = exports.default === undefined ? unique(file, exports) : exports.default;
  const app = isUserApp(found)
    ? found
    : { run: found, ...Object.fromEntries(Object.entries(exports).filter(([key]) => about.has(key))) };
  const runner = runnerOf(app.run);
  if (runner === null)
    throw invalid(
      file,
      'exports no app. Export a function, a generator, an agent of the AI SDK, a Runnable of LangChain, or the result of defineApp() of ‘atelier’.',
      { exports: Object.keys(exports) },
    );
  for (const key of ['input', 'output'] as const)
    if (app[key] !== undefined && !(app[key] instanceof z.ZodType) && !isZod(app[key]))
      throw invalid(file, `exports ${key}, which is no schema of zod.`);
  const { run: _run, ...rest } = app;
  return { ...rest, name, runner };
}

/** Also of another copy of zod. */
const isZod = (value: unknown) =>
  typeof value === 'object' && value !== null && '_zod' in value && 'safeParse' in value;

function unique(file: string, exports: Readonly<Record<string, unknown>>): unknown {
  const candidates = Object.entries(exports).filter(
    ([key, value]) => !about.has(key) && (isUserApp(value) || runnerOf(value) !== null),
  );
  if (candidates.length > 1)
    throw invalid(
      file,
      `exports ${candidates.map(([key]) => key).join(', ')}: which one is the app? Export it as default.`,
    );
  return candidates[0]?.[1];
}
