// An app of a user's file: what it is called, what it takes and gives, and the function, agent or chain behind it.
import type { z } from 'zod';
import { AtelierError } from '../../contracts/errors.ts';

/** What a user's function sees beside its input. */
export interface UserAppContext {
  /** The model that the run was given: an id or an alias. `model()` of 'atelier' is that model. */
  modelId: string;
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
  /** Tells how far it is; `step` is a short word. */
  status(step: string, done?: number, total?: number): void;
  /** Something that the person should know, such as: only the first page was read. */
  note(message: string): void;
}

type Words = string | { en: string; fr: string };

export interface UserApp<Input = unknown> {
  title?: Words;
  description?: Words;
  /** Name of a Lucide icon. */
  icon?: string;
  /** Default: one text. */
  input?: z.ZodType;
  output?: z.ZodType;
  /** An input that works. */
  example?: unknown;
  /**
   * A function that returns the output, or a generator that yields text (or what is known so far) on the way; an agent of
   * the AI SDK; a Runnable of LangChain.
   */
  run: unknown extends Input ? unknown : (input: Input, context: UserAppContext) => unknown;
}

const brand = Symbol.for('atelier.app');

/**
 * @throws AtelierError invalid_request when there is nothing to run
 * @example
 * export default defineApp({
 *   title: 'Shout', input: z.object({ words: z.string() }), output: z.string(),
 *   run: ({ words }) => words.toUpperCase(),
 * });
 */
export function defineApp<Schema extends z.ZodType>(
  app: Omit<UserApp, 'input' | 'run'> & { input: Schema; run: UserApp<z.output<Schema>>['run'] },
): UserApp;
export function defineApp(app: UserApp): UserApp;
export function defineApp(app: UserApp): UserApp {
  if (app.run === undefined)
    throw new AtelierError('invalid_request', 'defineApp() needs `run`: a function, an agent or a chain.');
  return Object.freeze(Object.defineProperty({ ...app }, brand, { value: true }));
}

/** True for an app of any copy of this module: a user's file may have loaded another one. */
export function isUserApp(value: unknown): value is UserApp {
  return typeof value === 'object' && value !== null && brand in value;
}
