// Second of the chain: whether the caller may ask this model, and may still spend. What the call is estimated to take is held
// until it ends; what it took is told then.
import type { Admit } from '../../contracts/admission.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { isServed } from '../../contracts/model.ts';
import { checkScope } from '../check-scope.ts';
import { estimateInput, estimateOutput, tokensOfText } from '../estimate-tokens.ts';
import type { Charge, ModelMiddleware } from '../model-call.ts';
import { sumCharges } from '../usage.ts';
import { watchStream } from '../watch-stream.ts';

export function limit({ admit }: { admit: Admit }): ModelMiddleware {
  return async (call, next) => {
    const { plan, context, options } = call;
    if (!plan) throw new AtelierError('internal', 'limit ran before identify.');
    checkScope(context, plan);
    const models = plan.candidates.map(({ info }) => info);
    // An app or agent spends through calls of its own, which come here one by one.
    if (models.every(isServed)) return next(call);

    let estimated: { input: number; output: number } | null = null;
    const estimate = () => {
      estimated ??= {
        input: estimateInput(options),
        output: estimateOutput(options.maxOutputTokens, models),
      };
      return estimated;
    };
    const pending = admit({ identity: context.identity, app: context.app ?? null, models, estimate });
    const ticket = pending instanceof Promise ? await pending : pending;
    if (ticket.free) return next(call);

    const charges: Charge[] = [];
    let written = 0;
    const settle = () =>
      ticket.settle({ ...sumCharges(charges), reached: charges.length > 0, estimatedOutput: written });
    try {
      const answer = await next({ ...call, onCharge: (charge) => charges.push(charge) });
      const stream = watchStream(answer.stream, {
        part(part) {
          if (
            part.type === 'text-delta' ||
            part.type === 'reasoning-delta' ||
            part.type === 'tool-input-delta'
          )
            written += tokensOfText(part.delta);
        },
        end() {
          settle();
          return undefined;
        },
      });
      const { limits, warnings } = ticket;
      return {
        ...answer,
        stream,
        ...(limits ? { limits } : {}),
        ...(warnings.length > 0 ? { warnings } : {}),
      };
    } catch (error) {
      settle();
      throw error;
    }
  };
}
