// The one door to models: every call of every part goes through `createGateway`.
import type {
  EmbeddingModelV4Result,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import type { CallContext, ModelStream, WireAnswer, WireRequest } from './model-call.ts';

export interface Gateway {
  /**
   * Streams an answer. Rejects before the first part for anything that is known then (unknown model, context overflow,
   * refused key); later failures arrive as an `error` part, and the stream then ends.
   * The span is ended when the stream ends, fails or is cancelled.
   */
  stream(model: string, options: LanguageModelV4CallOptions, context: CallContext): Promise<ModelStream>;
  /** The same, collected. */
  generate(
    model: string,
    options: LanguageModelV4CallOptions,
    context: CallContext,
  ): Promise<LanguageModelV4GenerateResult & Pick<ModelStream, 'model' | 'traceId' | 'spanId'>>;
  embed(
    model: string,
    values: string[],
    context: CallContext,
    signal?: AbortSignal,
  ): Promise<EmbeddingModelV4Result & { traceId: string }>;
  /**
   * The same for a body in a provider's own dialect, which passes through as it is; null when the model's provider speaks
   * another one (then `stream` answers). Identity, budget, price and trace are those of any other call.
   */
  relay(model: string, wire: WireRequest, context: CallContext): Promise<WireAnswer | null>;
  /** The gateway as an AI SDK model, for `generateText` and `streamText`. */
  languageModel(model: string, context: CallContext): LanguageModelV4;
  /** Tokens of a prompt as the model would read it, template and all; null where that cannot be known (remote). */
  countTokens(model: string, options: LanguageModelV4CallOptions): Promise<number | null>;
}
