// A call on its way through the gateway, and a middleware of the chain. The chain is ours: `(call, next)`.
import type {
  EmbeddingModelV4,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import type { LimitState } from '../contracts/access.ts';
import type { AtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { ModelInfo } from '../contracts/model.ts';
import type { Cost, Price, Usage } from '../contracts/money.ts';
import type { Routed, RouteSettings } from '../contracts/routing.ts';
import type { OpenSpan } from '../monitoring/ledger.ts';

/** Who and what a call belongs to. */
export interface CallContext {
  identity: Identity;
  /** page, api, cli, job */
  source: string;
  conversationId?: string;
  /** The app or agent that calls, as `writer` or `agents/assistant`: for its budget and its figures. */
  app?: string;
  /** The kept prompt that the messages came from; stands on the root. */
  prompt?: { name: string; version: number };
  /** Continue a trace: the new spans hang below this one. */
  parent?: { traceId: string; spanId: string };
  /** Shown in the ledger as the root's name. Default: `chat <model>`. */
  name?: string;
  /** False: the ledger keeps the figures of a call and not the texts that were asked, which the store has elsewhere. */
  keepInput?: boolean;
}

export interface ModelCall {
  /** As asked: provider/name or an alias. */
  model: string;
  options: LanguageModelV4CallOptions;
  context: CallContext;
  /** Set by `identify`: what may answer, in order. */
  plan?: ModelPlan;
  /** Set by `identify`, then by `route`: the model of `plan` that is asked now. */
  resolved?: ResolvedModel;
  /** Set by `identify`: the call's root span; attempts hang below it. */
  span?: OpenSpan;
  /** Set by `price`: the span of this attempt. */
  attempt?: OpenSpan;
  /** Set by `limit`: told by `price` what each attempt has used. */
  onCharge?: (charge: Charge) => void;
  /** Set by `route`, when a cheaper model than the first is asked: what the saving is counted against. */
  reference?: Price;
}

export interface Charge {
  usage: Usage | null;
  cost: Cost | null;
}

/** What an id or an alias stands for. */
export interface ModelPlan {
  asked: string;
  /** At least one. */
  candidates: readonly [ResolvedModel, ...ResolvedModel[]];
  /** Of the alias; null: an id was asked, which is asked once and alone. */
  settings: RouteSettings | null;
  /** Why the first candidate is not the model that the alias names. */
  reason: string | null;
  /** The model that the alias names, where another one goes first because it is cheaper. */
  reference: ModelInfo | null;
  /** Id of the first candidate where it is being tried on this conversation. */
  canary?: string;
}

export interface ResolvedModel {
  info: ModelInfo;
  language: LanguageModelV4 | null;
  embedding: EmbeddingModelV4 | null;
  /** Wires that the provider speaks itself, and for which `relay` may be called. */
  relays?: readonly WireDialect[];
  /** Sends the body on and gives the answer's bytes. */
  relay?(wire: WireRequest): Promise<RelayedAnswer>;
  /** In place of `language`, for a model whose work is more calls of ours: it must know whose, and in which trace. */
  bind?(context: CallContext): LanguageModelV4;
}

export interface ModelStream {
  stream: ReadableStream<LanguageModelV4StreamPart>;
  model: ModelInfo;
  traceId: string;
  spanId: string;
  /** What a dialect tells its client in headers. */
  routed?: Routed;
  limits?: LimitState;
  /** Such as a budget that is nearly spent. */
  warnings?: readonly string[];
}

/** Wires that a provider may speak as our caller does, so that a body passes through as it is. */
export const wireDialects = ['openai-chat', 'openai-responses', 'anthropic-messages'] as const;
export type WireDialect = (typeof wireDialects)[number];

/** A body in a provider's own dialect. Only its `model` is replaced on the way. */
export interface WireRequest {
  dialect: WireDialect;
  body: Record<string, unknown>;
  /** Of the caller, those that the dialect knows, such as anthropic-beta. Never a key. */
  headers: Record<string, string>;
  signal: AbortSignal;
}

/** What a provider's relay gives: the head of a success; a refusal is thrown as the AtelierError of any other call. */
export interface RelayedAnswer {
  status: number;
  headers: Record<string, string>;
  /** Fails with an AtelierError when it is cut off, and with the signal's reason when that fires. */
  body: ReadableStream<Uint8Array>;
  /**
   * Events that were taken out of the body because the client had not asked for them, such as the usage of a stream. To
   * be given to the reader once the body has ended.
   */
  hidden(): readonly Uint8Array[];
  /** An error that stands within the body, as the AtelierError it would have been before it. */
  toError(upstream: unknown): AtelierError;
}

/** The provider's own answer, success only: a failure is an AtelierError as for any other call. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  /** As it came, an event stream or JSON. Cancelling it ends the call. */
  body: ReadableStream<Uint8Array>;
  model: ModelInfo;
  traceId: string;
  routed?: Routed;
  limits?: LimitState;
  warnings?: readonly string[];
}

export type NextCall = (call: ModelCall) => Promise<ModelStream>;
export type ModelMiddleware = (call: ModelCall, next: NextCall) => Promise<ModelStream>;
