// The run that a user's code is part of, found again from inside it: what `model()` of 'atelier' reaches. It hangs on a
// global symbol because a user's file may have loaded another copy of this module.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { LanguageModelV4 } from '@ai-sdk/provider';

export interface RunScope {
  /** A model bound to the run, so that its calls are traced and priced in it; null: the model that the run was given. */
  languageModel(id: string | null): LanguageModelV4;
  signal: AbortSignal;
}

const key = Symbol.for('atelier.run-scope');
const shared = globalThis as { [key]?: AsyncLocalStorage<RunScope> };
shared[key] ??= new AsyncLocalStorage<RunScope>();

export const runScope: AsyncLocalStorage<RunScope> = shared[key];
