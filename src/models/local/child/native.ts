// The part of node-llama-cpp's compiled binding that the batch loop drives, and the check that it is as we know it.
// The library's own sequences queue a whole prompt at once and hide the batch; a 64-token turn, a cancel within one
// batch and raw log-probabilities beside any sampler need the batch itself. The version is pinned for this reason,
// and a version that moved these parts fails at load with a sentence rather than somewhere in the middle.
import type { Llama, LlamaContext, LlamaGrammar, LlamaModel } from 'node-llama-cpp';

/** Pairs laid flat: token, logit, token, logit. */
export type FlatPairs = number[];

export interface NativeSampler {
  applyConfig(config: Record<string, unknown>): void;
  dispose(): void;
}

export interface NativeContext {
  initBatch(size: number): void;
  /** Returns where in the batch the wanted logits will lie. */
  addToBatch(sequence: number, position: number, tokens: Uint32Array, wantLogits: Uint32Array): Uint32Array;
  decodeBatch(): Promise<void>;
  sampleToken(at: number, sampler: NativeSampler): Promise<number>;
  sampleToken(
    at: number,
    sampler: NativeSampler,
    probabilities: boolean,
    confidence: boolean,
    logits: [tokens: number[], max: boolean, min: boolean, selected: boolean, top: number],
    totalWeight: boolean,
  ): Promise<[number, unknown, number | undefined, FlatPairs | undefined, number | undefined]>;
  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean;
  disposeSequence(sequence: number): void;
  setThreads(threads: number): void;
}

export interface NativeModel {
  getTokenString(token: number): string;
}

export interface Native {
  context: NativeContext;
  model: NativeModel;
  createSampler(): NativeSampler;
  /** A state of its own for one answer; it goes into a sampler's config as `grammarEvaluationState`. */
  createGrammarState(grammar: LlamaGrammar): unknown;
}

const contextMethods = [
  'initBatch',
  'addToBatch',
  'decodeBatch',
  'sampleToken',
  'removeTokenCellsFromSequence',
  'disposeSequence',
  'setThreads',
] as const;

interface Bindings {
  AddonSampler: new (model: unknown) => NativeSampler;
  AddonGrammarEvaluationState: new (model: unknown, grammar: unknown) => unknown;
}

/** Of a model of which only the vocabulary is loaded, too. @throws Error as `nativeParts` */
export function nativeModelOf(model: LlamaModel): NativeModel {
  const native = part<NativeModel>(model, '_model');
  if (typeof native.getTokenString !== 'function')
    throw new Error('This version of node-llama-cpp lacks getTokenString.');
  return native;
}

/** @throws Error when the installed node-llama-cpp lacks a part that is needed here */
export function nativeParts(llama: Llama, model: LlamaModel, context: LlamaContext): Native {
  const bindings = part<Bindings>(llama, '_bindings');
  const nativeModel = nativeModelOf(model);
  const nativeContext = part<NativeContext>(context, '_ctx');
  const missing = [
    ...contextMethods.filter((name) => typeof nativeContext[name] !== 'function'),
    ...(typeof bindings.AddonSampler === 'function' ? [] : ['AddonSampler']),
    ...(typeof bindings.AddonGrammarEvaluationState === 'function' ? [] : ['AddonGrammarEvaluationState']),
  ];
  if (missing.length > 0) throw new Error(`This version of node-llama-cpp lacks ${missing.join(', ')}.`);
  return {
    context: nativeContext,
    model: nativeModel,
    createSampler: () => new bindings.AddonSampler(nativeModel),
    createGrammarState: (grammar) =>
      new bindings.AddonGrammarEvaluationState(nativeModel, part<unknown>(grammar, '_grammar')),
  };
}

function part<T>(owner: object, name: string): T {
  const value = (owner as Record<string, unknown>)[name];
  if (value === undefined || value === null) throw new Error(`This version of node-llama-cpp lacks ${name}.`);
  return value as T;
}
