// The typed decision call's contract: a choice, a score or a yes/no, with probabilities from the model's own tokens.
import type { DecideInput, Decision } from '../contracts/app.ts';
import type { CallContext } from './model-call.ts';

export interface Decider {
  /**
   * @throws AtelierError invalid_request, model_not_found, context_overflow and whatever the model's call throws
   */
  decide(input: DecideInput, context: CallContext, signal?: AbortSignal): Promise<Decision>;
}
