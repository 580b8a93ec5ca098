// First of the chain: finds the model and opens the call's root span, so that refusals of any later step (and of the
// registry itself) are in the ledger too. It keeps what was asked and what was answered.
import { toAtelierError } from '../../contracts/errors.ts';
import { attribute } from '../../contracts/span.ts';
import type { Ledger } from '../../monitoring/ledger.ts';
import {
  atelierOptionsOf,
  contextAttributes,
  failedSpan,
  modelAttributes,
  parameterAttributes,
  recordedPrompt,
  routedAttributes,
} from '../call-attributes.ts';
import { conversationKey, planFor } from '../canary.ts';
import { collectParts } from '../collect-parts.ts';
import type { ModelCall, ModelMiddleware } from '../model-call.ts';
import { refuseImages } from '../refuse-images.ts';
import type { ModelRegistry } from '../registry.ts';
import { watchStream } from '../watch-stream.ts';

export interface IdentifyOptions {
  registry: ModelRegistry;
  ledger: Ledger;
  /** Milliseconds that only grow. */
  clock: () => number;
}

/** Parts that carry something the model wrote. */
const firstSigns = new Set([
  'text-delta',
  'reasoning-delta',
  'tool-input-start',
  'tool-input-delta',
  'tool-call',
]);

export function identify({ registry, ledger, clock }: IdentifyOptions): ModelMiddleware {
  function openSpan(call: ModelCall, model: string) {
    const { context, options } = call;
    return ledger.startSpan({
      ...(context.parent ? { traceId: context.parent.traceId, parentId: context.parent.spanId } : {}),
      name: context.name ?? `chat ${model}`,
      kind: 'model',
      userId: context.identity.userId,
      conversationId: context.conversationId ?? null,
      source: context.source,
      keyId: context.identity.keyId ?? null,
      app: context.app ?? null,
      attributes: { ...contextAttributes(call.model, context, 'chat'), ...parameterAttributes(options) },
      ...(context.keepInput === false ? {} : { input: recordedPrompt(options.prompt) }),
    });
  }

  return async (call, next) => {
    const startedAt = clock();
    const key = () => conversationKey(call.context, call.options.prompt);
    const plan = await planFor(registry, call.model, call.context, key).catch((thrown: unknown) => {
      const error = toAtelierError(thrown);
      openSpan(call, call.model).end(failedSpan(error, null));
      throw error;
    });
    const [resolved] = plan.candidates;
    const { info } = resolved;
    const span = openSpan(call, info.id);
    span.setAttributes({ ...modelAttributes(info), [attribute.price]: info.price });

    try {
      atelierOptionsOf(call.options);
      await refuseImages(
        registry,
        plan.candidates.map((candidate) => candidate.info),
        call.options.prompt,
      );
      const answer = await next({ ...call, plan, resolved, span });
      const collected = collectParts();
      let firstAt: number | null = null;
      const stream = watchStream(answer.stream, {
        part(part) {
          if (firstAt === null && firstSigns.has(part.type)) firstAt = clock();
          collected.add(part);
        },
        // Usage and cost stand on the attempts below (price.ts): only what was charged may be summed over a tree.
        end({ status, error }) {
          const result = collected.result();
          const firstTokenMs = firstAt === null ? null : firstAt - startedAt;
          const warnings = collected.warnings();
          span.end({
            status,
            error: error?.toJSON() ?? null,
            model: answer.model.id,
            timeToFirstTokenMs: firstTokenMs,
            output: collected.content(),
            attributes: {
              ...(answer.model.id === info.id ? {} : modelAttributes(answer.model)),
              ...routedAttributes(answer.routed),
              ...(firstTokenMs === null ? {} : { [attribute.timeToFirstToken]: firstTokenMs / 1000 }),
              ...(result ? { [attribute.finishReasons]: [result.finishReason.unified] } : {}),
              ...(error ? { [attribute.errorType]: error.code } : {}),
              ...(warnings.length > 0 ? { [attribute.warnings]: warnings } : {}),
            },
          });
          return undefined;
        },
      });
      return { ...answer, stream, traceId: span.traceId, spanId: span.spanId };
    } catch (thrown) {
      const error = toAtelierError(thrown);
      span.end(failedSpan(error, info.id));
      throw error;
    }
  };
}
