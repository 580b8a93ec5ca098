// The one door to models: builds the chain of middleware, in the order of the design, round the provider's own call.

import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import type { Admit, Ticket } from '../contracts/admission.ts';
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import type { AnswerCache } from './answer-cache.ts';
import { collectParts } from './collect-parts.ts';
import { embedThrough } from './embed-through.ts';
import type { Gateway } from './gateway.ts';
import { cache } from './middleware/cache.ts';
import { identify } from './middleware/identify.ts';
import { limit } from './middleware/limit.ts';
import { price } from './middleware/price.ts';
import { route } from './middleware/route.ts';
import type { CallContext, ModelCall, ModelMiddleware, NextCall, ResolvedModel } from './model-call.ts';
import { notAChatModel } from './not-a-chat-model.ts';
import type { ModelRegistry } from './registry.ts';
import { relayThrough } from './relay-through.ts';

/** Tokens of a prompt as the model reads it, template and all. */
export type TokenCounter = (model: ResolvedModel, options: LanguageModelV4CallOptions) => Promise<number>;

export interface GatewayOptions {
  registry: ModelRegistry;
  ledger: Ledger;
  /** By provider id; a provider without one (a remote endpoint) cannot count. */
  tokenCounters?: Record<string, TokenCounter>;
  /** Budgets and limits; absent: nothing is counted. */
  admit?: Admit;
  /** Answers that may be given again; absent: none are kept. */
  answers?: AnswerCache;
  /** A step of a later part. */
  guard?: ModelMiddleware;
  /** From 0 to 1, for the jitter of retries. */
  random?: () => number;
  /** Milliseconds that only grow. */
  clock?: () => number;
}

/** Innermost: the provider itself. */
const callProvider: NextCall = async ({ resolved, span, attempt = span, context, options }) => {
  if (!resolved || !span || !attempt)
    throw new AtelierError('internal', 'The provider was called before identify.');
  const { traceId, spanId } = attempt;
  const language = resolved.bind?.({ ...context, parent: { traceId, spanId } }) ?? resolved.language;
  if (!language) {
    throw notAChatModel(resolved.info);
  }
  const { stream } = await language.doStream(options);
  return { stream, model: resolved.info, traceId, spanId: span.spanId };
};

function chain(steps: readonly (ModelMiddleware | undefined)[], last: NextCall): NextCall {
  return steps.reduceRight<NextCall>(
    (next, step) => (step ? (call: ModelCall) => step(call, next) : next),
    last,
  );
}

const freeTicket: Ticket = { free: true, warnings: [], settle: () => undefined };

export function createGateway(options: GatewayOptions): Gateway {
  const { registry, ledger, tokenCounters = {}, clock = () => performance.now(), random } = options;
  const { admit = () => freeTicket, answers, guard } = options;
  const run = chain(
    [
      identify({ registry, ledger, clock }),
      limit({ admit }),
      guard,
      answers && cache({ answers, ledger }),
      route(random ? { random } : {}),
      price({ ledger, clock }),
    ],
    callProvider,
  );

  const stream: Gateway['stream'] = (model, callOptions, context) =>
    run({ model, options: callOptions, context });

  const generate: Gateway['generate'] = async (model, callOptions, context) => {
    const answer = await stream(model, callOptions, context);
    const collected = collectParts();
    for await (const part of answer.stream) {
      if (part.type === 'error') throw toAtelierError(part.error);
      collected.add(part);
    }
    const result = collected.result();
    if (!result) throw new AtelierError('internal', 'An answer ended without a finish part.');
    return { ...result, model: answer.model, traceId: answer.traceId, spanId: answer.spanId };
  };

  return {
    stream,
    generate,
    embed: embedThrough({ registry, ledger, admit }),
    relay: relayThrough({
      registry,
      ledger,
      admit,
      clock,
      random: random ?? Math.random,
      needsParts: ({ settings }) =>
        guard !== undefined || (answers !== undefined && settings?.cache === true),
    }),
    languageModel: (model, context) => asLanguageModel(model, context, { stream, generate }),
    async countTokens(model, callOptions) {
      const resolved = await registry.resolve(model);
      const { provider } = resolved.info;
      const count = Object.hasOwn(tokenCounters, provider) ? tokenCounters[provider] : undefined;
      return count ? count(resolved, callOptions) : null;
    },
  };
}

/** The gateway as an AI SDK model. The SDK expects an aborted call to throw the signal's reason. */
function asLanguageModel(
  model: string,
  context: CallContext,
  gateway: Pick<Gateway, 'stream' | 'generate'>,
): LanguageModelV4 {
  const reasonOf = (thrown: unknown, options: LanguageModelV4CallOptions) =>
    options.abortSignal?.aborted ? options.abortSignal.reason : thrown;
  return {
    specificationVersion: 'v4',
    provider: 'atelier',
    modelId: model,
    supportedUrls: {},
    async doGenerate(options) {
      try {
        const {
          model: answered,
          traceId,
          spanId,
          ...result
        } = await gateway.generate(model, options, context);
        const atelier = { ...result.providerMetadata?.atelier, model: answered.id, traceId, spanId };
        return { ...result, providerMetadata: { ...result.providerMetadata, atelier } };
      } catch (thrown) {
        throw reasonOf(thrown, options);
      }
    },
    async doStream(options) {
      try {
        const answer = await gateway.stream(model, options, context);
        const toSdk = new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
          transform(part, controller) {
            if (part.type === 'error' && options.abortSignal?.aborted)
              controller.error(options.abortSignal.reason);
            else if (part.type === 'finish') {
              const { model: answered, traceId, spanId } = answer;
              const atelier = { ...part.providerMetadata?.atelier, model: answered.id, traceId, spanId };
              controller.enqueue({ ...part, providerMetadata: { ...part.providerMetadata, atelier } });
            } else controller.enqueue(part);
          },
        });
        return { stream: answer.stream.pipeThrough(toSdk) };
      } catch (thrown) {
        throw reasonOf(thrown, options);
      }
    },
  };
}
