// What the server and a model's child process say to each other: every message, typed, in one place.
// Both ends run the same version of the program, so nothing here needs to stay compatible.
import type { ErrorBody } from '../../contracts/errors.ts';
import type { PromptToken, TokenLogprob } from '../../contracts/model.ts';

/** Which of the library's back ends may be used; `auto` takes a GPU only where an installed binary offers one. */
export type GpuChoice = 'auto' | 'cpu' | 'cuda' | 'vulkan' | 'metal';

export interface LoadSpec {
  path: string;
  /** A LoRA adapter (GGUF) that is laid over it. */
  adapter: string | null;
  /** `tokenizer`: its vocabulary and template only. */
  kind: 'chat' | 'embedding' | 'tokenizer';
  /** Keep keys and values in 32 bits, for figures that are compared. Default false: 16 bits. */
  exact?: boolean;
  gpu: GpuChoice;
  /** Tokens that one sequence can hold, prompt and answer together. */
  contextLength: number;
  /** Answers that can be written at the same time. */
  sequences: number;
  /** null: measure and report. */
  threads: number | null;
  maxThreads: number;
  /** Other programs keep the cores busy, so that what is measured now is not what holds otherwise. */
  busy: boolean;
  chatTemplate: string | null;
  /** A template for calls with tools, where the file has one of its own. */
  toolTemplate: string | null;
}

/** A message as chat templates know it (the shape of Hugging Face's `apply_chat_template`). */
export interface TemplateMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  reasoning_content?: string;
  tool_calls?: { type: 'function'; id: string; function: { name: string; arguments: unknown } }[];
  tool_call_id?: string;
  name?: string;
}

/** A tool as chat templates know it. */
export interface TemplateTool {
  type: 'function';
  function: { name: string; description?: string; parameters: unknown };
}

export type PromptInput =
  /** `thinking`: whether a template that can think should; null leaves it to the template. */
  /** `begun`: the first words of the answer, which goes on from there. */
  | {
      kind: 'chat';
      messages: TemplateMessage[];
      tools: TemplateTool[] | null;
      thinking: boolean | null;
      begun?: string;
    }
  | { kind: 'text'; text: string }
  /** Tokens of this model, taken as they are. */
  | { kind: 'tokens'; ids: number[] };

export interface Sampling {
  temperature: number;
  topP: number;
  topK: number;
  minP: number;
  repeatPenalty: number;
  presencePenalty: number;
  frequencyPenalty: number;
  seed: number;
  logitBias: (readonly [token: number, bias: number])[];
}

export interface GenerateSpec {
  prompt: PromptInput;
  sampling: Sampling;
  /** null: as much as the context has room for. */
  maxOutputTokens: number | null;
  stop: string[];
  /** GBNF. */
  grammar: string | null;
  /** Alternatives to report with every token; null: report no log-probabilities. */
  topLogprobs: number | null;
  /** Temperatures at which the sum over all other tokens is reported too. */
  restAt?: readonly number[];
  /** Report the log-probabilities of the prompt's tokens too. */
  echo: boolean;
  /** Nothing is written: only score the prompt's tokens, with so many alternatives after each. */
  score?: number;
  /** Write control tokens other than the end as text: some templates mark tool calls with them. */
  showControlTokens: boolean;
}

export interface LoadedInfo {
  contextLength: number;
  sequences: number;
  threads: number;
  /** Milliseconds a token at each number of threads that was tried; null when `threads` was given. */
  calibration: Record<string, number> | null;
  gpu: string;
  memoryBytes: number;
  dimensions: number;
}

/** Of a prompt of n tokens with k alternatives. */
export interface TokenScores {
  /** Natural logarithms of what each token from the second on was foreseen with: n - 1. */
  logProbabilities: Float32Array;
  /** The k likeliest tokens after each token, the likeliest first: n * k. */
  ids: Int32Array;
  probabilities: Float32Array;
}

/** A conversation with the turns that are to be learned, in the words of the chat templates. */
export interface EncodeTurn {
  role: 'system' | 'user' | 'assistant';
  content: string;
  learned: boolean;
}

export interface EncodedTurns {
  ids: Int32Array;
  /** 1: the token is the model's own to write. */
  learned: Uint8Array;
}

export interface GenerationUsage {
  promptTokens: number;
  cachedTokens: number;
  outputTokens: number;
}

export type GenerationEvent =
  /** The prompt was rendered and fits. `promptEnd` is the end of its text, by which thinking is recognised. */
  | { type: 'accepted'; promptTokens: number; promptEnd: string; maxOutputTokens: number; capped: boolean }
  | { type: 'queued'; place: number }
  | { type: 'reading'; done: number; total: number }
  | { type: 'writing' }
  | { type: 'prompt-logprobs'; tokens: PromptToken[] }
  | { type: 'scores'; scores: TokenScores }
  | { type: 'delta'; text: string; logprobs?: TokenLogprob[] }
  | {
      type: 'finish';
      reason: 'end' | 'stop' | 'length' | 'cancelled';
      /** The stop sequence that ended it. */
      stop?: string;
      usage: GenerationUsage;
      timings: { queueMs: number; readMs: number; writeMs: number };
    }
  | { type: 'error'; error: ErrorBody };

export type ToChild =
  | { type: 'load'; spec: LoadSpec }
  | { type: 'generate'; id: number; spec: GenerateSpec }
  | { type: 'cancel'; id: number }
  | { type: 'count'; id: number; prompt: PromptInput }
  | { type: 'encode'; id: number; conversations: EncodeTurn[][] }
  | { type: 'decode'; id: number; ids: number[] }
  | { type: 'count-texts'; id: number; texts: string[] }
  | { type: 'embed'; id: number; texts: string[] };

export type FromChild =
  | { type: 'loading'; progress: number }
  | { type: 'loaded'; info: LoadedInfo }
  | { type: 'load-failed'; error: ErrorBody }
  /** Everything that one step of the batch brought, in one message. */
  | { type: 'events'; events: { id: number; event: GenerationEvent }[] }
  | { type: 'counted'; id: number; tokens: number; ids: number[] }
  | { type: 'encoded'; id: number; sequences: EncodedTurns[][] }
  | { type: 'decoded'; id: number; text: string }
  | { type: 'counted-texts'; id: number; counts: number[] }
  | { type: 'embedded'; id: number; vectors: Float32Array[]; tokens: number }
  | { type: 'failed'; id: number; error: ErrorBody };
