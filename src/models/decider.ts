// The typed decision call's contract: a choice, a score or a yes/no, with probabilities from the model's own tokens.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { DecideInput, Decision } from '../contracts/app.ts';
import type { CallContext } from './model-call.ts';

/** What the model would write next, out of a few texts. */
export interface WeighInput {
  model: string;
  /** A prompt of the caller's own, so that a local model which has read its beginning does not read it again. */
  prompt: LanguageModelV4Prompt;
  choices: readonly string[];
}

export interface Decider {
  /**
   * @throws AtelierError invalid_request, model_not_found, context_overflow and whatever the model's call throws
   */
  decide(input: DecideInput, context: CallContext, signal?: AbortSignal): Promise<Decision>;
  /** In the order of the choices; null where the model tells no probabilities. @throws as `decide` */
  weigh(input: WeighInput, context: CallContext, signal?: AbortSignal): Promise<number[] | null>;
}
