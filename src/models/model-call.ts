// A call on its way through the gateway, and a middleware of the chain. The chain is ours: `(call, next)`.
import type {
  EmbeddingModelV4,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import type { Identity } from '../contracts/identity.ts';
import type { ModelInfo } from '../contracts/model.ts';
import type { OpenSpan } from '../monitoring/ledger.ts';

/** Who and what a call belongs to. */
export interface CallContext {
  identity: Identity;
  /** page, api, cli, job */
  source: string;
  conversationId?: string;
  /** Continue a trace: the new spans hang below this one. */
  parent?: { traceId: string; spanId: string };
  /** Shown in the ledger as the root's name. Default: `chat <model>`. */
  name?: string;
  /** False: the ledger keeps the figures of an embedding call and not its texts, which the store has elsewhere. */
  keepInput?: boolean;
}

export interface ModelCall {
  /** As asked: provider/name or an alias. */
  model: string;
  options: LanguageModelV4CallOptions;
  context: CallContext;
  /** Set by `identify`: what the id resolved to. */
  resolved?: ResolvedModel;
  /** Set by `identify`: the call's root span; attempts hang below it. */
  span?: OpenSpan;
  /** Set by `price`: the span of this attempt. */
  attempt?: OpenSpan;
}

export interface ResolvedModel {
  info: ModelInfo;
  language: LanguageModelV4 | null;
  embedding: EmbeddingModelV4 | null;
  /** In place of `language`, for a model whose work is more calls of ours: it must know whose, and in which trace. */
  bind?(context: CallContext): LanguageModelV4;
}

export interface ModelStream {
  stream: ReadableStream<LanguageModelV4StreamPart>;
  model: ModelInfo;
  traceId: string;
  spanId: string;
}

export type NextCall = (call: ModelCall) => Promise<ModelStream>;
export type ModelMiddleware = (call: ModelCall, next: NextCall) => Promise<ModelStream>;
