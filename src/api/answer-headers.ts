// What every foreign wire tells its client beside the answer: the trace, the model that answered, and what the gateway
// did on the way. The limits have names of each wire's own.
import type { ModelStream } from '../models/model-call.ts';

export type AnswerFacts = Pick<ModelStream, 'traceId' | 'model' | 'routed' | 'warnings'>;

/** A header holds visible ASCII: anything else would be refused by the server, or end the header early. */
export const headerText = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').trim();

/** `x-atelier-fallback` and `x-atelier-cache` stand there only when there is something to say. */
export function answerHeaders({
  traceId,
  model,
  routed,
  warnings = [],
}: AnswerFacts): Record<string, string> {
  return {
    'x-atelier-trace-id': traceId,
    'x-atelier-model': headerText(routed?.answered ?? model.id),
    ...(routed?.fallback === true ? { 'x-atelier-fallback': headerText(routed.reason ?? 'true') } : {}),
    ...(routed !== undefined && routed.cache !== 'off' ? { 'x-atelier-cache': routed.cache } : {}),
    ...(warnings.length > 0 ? { 'x-atelier-warning': headerText(warnings.join(' | ')).slice(0, 2000) } : {}),
  };
}
