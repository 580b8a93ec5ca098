// What training and serving need of the local engine: its very tokenizer and template, and a model in a process of its
// own, beside those that answer people.
import type { ExampleMessage } from '../../contracts/dataset.ts';

/** A sequence as the engine reads it. `learned[i]` is 1 when token i is to be foreseen: an answer's, and its end. */
export interface EncodedSequence {
  ids: Int32Array;
  learned: Uint8Array;
}

export interface ChatTokenizer {
  /** Changes when the vocabulary or the template does. */
  readonly fingerprint: string;
  /**
   * Of each conversation one sequence or more: where an assistant turn, read again as history, has other tokens than
   * when it was written, each learned turn is a sequence of its own, with exactly the prompt that serving would read.
   */
  encode(conversations: readonly (readonly ExampleMessage[])[]): Promise<EncodedSequence[][]>;
  decode(ids: readonly number[]): Promise<string>;
  close(): Promise<void>;
}

/** A model of a file (and an adapter), loaded for one purpose and then ended. */
export interface ScratchModel {
  answer(
    messages: readonly ExampleMessage[],
    options: { maxTokens: number; signal?: AbortSignal },
  ): Promise<{
    text: string;
    tokensPerSecond: number;
  }>;
  /** log p(ids[i] | ids before i), from i = 1 on: length ids.length - 1. */
  logProbabilities(ids: Int32Array): Promise<Float32Array>;
  /** After each token the k likeliest next ones with their probabilities: flat, ids.length * k. */
  topProbabilities(ids: Int32Array, k: number): Promise<{ ids: Int32Array; probabilities: Float32Array }>;
  close(): Promise<void>;
}

export interface TrainingEngine {
  /** @throws AtelierError model_failed */
  openTokenizer(path: string): Promise<ChatTokenizer>;
  /** @throws AtelierError model_failed, insufficient_memory */
  openModel(options: {
    path: string;
    adapter?: string;
    contextLength: number;
    threads?: number;
  }): Promise<ScratchModel>;
}
