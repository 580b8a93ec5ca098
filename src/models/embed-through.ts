// Embedding calls of the gateway: one span a call, split into as many requests as the model wants.
import type { EmbeddingModelV4, EmbeddingModelV4Result } from '@ai-sdk/provider';
import type { Admit, Ticket } from '../contracts/admission.ts';
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import type { ModelInfo } from '../contracts/model.ts';
import { noUsage, type Price, type Usage } from '../contracts/money.ts';
import { attribute, noteAttributes } from '../contracts/span.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { contextAttributes, failedSpan, modelAttributes } from './call-attributes.ts';
import { checkScope } from './check-scope.ts';
import { tokensOfText } from './estimate-tokens.ts';
import type { Gateway } from './gateway.ts';
import type { ModelRegistry } from './registry.ts';
import { priceOf } from './usage.ts';

/** What the requests of one call have taken so far, for a call that does not come to its end. */
interface Progress {
  /** Of the requests that were answered; null: one did not say. */
  tokens: number | null;
  answered: number;
  /** Estimate for the request under way. */
  underWay: number;
}

const estimateOf = (values: readonly string[]): number =>
  values.reduce((sum, text) => sum + tokensOfText(text), 0);

async function embedAll(
  model: EmbeddingModelV4,
  values: string[],
  signal: AbortSignal | undefined,
  progress: Progress,
): Promise<EmbeddingModelV4Result> {
  const limit = (await model.maxEmbeddingsPerCall) ?? values.length;
  const embeddings: number[][] = [];
  const warnings: EmbeddingModelV4Result['warnings'] = [];
  for (let from = 0; from < values.length; from += limit) {
    const some = values.slice(from, from + limit);
    progress.underWay = estimateOf(some);
    const result: EmbeddingModelV4Result = await model.doEmbed({
      values: some,
      ...(signal ? { abortSignal: signal } : {}),
    });
    embeddings.push(...result.embeddings);
    warnings.push(...result.warnings);
    const told = result.usage?.tokens;
    progress.tokens = progress.tokens === null || told === undefined ? null : progress.tokens + told;
    progress.answered += 1;
    progress.underWay = 0;
  }
  const { tokens } = progress;
  return { embeddings, warnings, ...(tokens === null ? {} : { usage: { tokens } }) };
}

const usageOf = (tokens: number | null): Usage | null =>
  tokens === null ? null : { ...noUsage, input: tokens };

/** Of a call that failed or was left: the answered requests as they were told, the one that was left by estimate. */
function takenBy({ tokens, answered, underWay }: Progress, price: Price, left: boolean) {
  const estimated = left ? underWay : 0;
  if (answered === 0 && estimated === 0) return null;
  const usage = usageOf(tokens);
  const cost =
    estimated > 0 && price.kind === 'tokens' ? priceOf(null, price).cost : priceOf(usage, price).cost;
  return { usage, cost, charged: tokens === null ? null : usageOf(tokens + estimated) };
}

export function embedThrough({
  registry,
  ledger,
  admit,
}: {
  registry: ModelRegistry;
  ledger: Ledger;
  admit: Admit;
}): Gateway['embed'] {
  return async (asked, values, context, signal) => {
    const open = (model: string) =>
      ledger.startSpan({
        ...(context.parent ? { traceId: context.parent.traceId, parentId: context.parent.spanId } : {}),
        name: context.name ?? `embeddings ${model}`,
        kind: 'embedding',
        userId: context.identity.userId,
        conversationId: context.conversationId ?? null,
        source: context.source,
        keyId: context.identity.keyId ?? null,
        app: context.app ?? null,
        attributes: contextAttributes(asked, context, 'embeddings'),
        ...(context.keepInput === false ? {} : { input: values }),
      });
    let span: ReturnType<typeof open> | null = null;
    let info: ModelInfo | null = null;
    const progress: Progress = { tokens: 0, answered: 0, underWay: 0 };
    let ticket: Ticket | null = null;
    try {
      const resolved = await registry.resolve(asked);
      const { embedding } = resolved;
      info = resolved.info;
      span = open(info.id);
      span.setAttributes(modelAttributes(info));
      checkScope(context, { asked, candidates: [resolved] });
      if (!embedding) {
        throw new AtelierError(
          'invalid_request',
          `${info.id} is a chat model and gives no embeddings. Choose an embedding model.`,
          {
            data: { model: info.id, kind: info.kind },
          },
        );
      }
      ticket = await admit({
        identity: context.identity,
        app: context.app ?? null,
        models: [info],
        estimate: () => ({ input: estimateOf(values), output: 0 }),
      });
      const result = await embedAll(embedding, values, signal, progress);
      const usage = usageOf(progress.tokens);
      const { cost, note } = priceOf(usage, info.price);
      ticket.settle({ usage, cost, reached: true, estimatedOutput: 0 });
      // The vectors themselves are not kept: they can be made again from the input.
      span.end({
        status: 'ok',
        model: info.id,
        usage,
        cost,
        attributes: {
          [attribute.price]: info.price,
          ...(usage ? { [attribute.inputTokens]: usage.input } : {}),
          ...noteAttributes(note ? [note] : []),
        },
      });
      return { ...result, traceId: span.traceId };
    } catch (thrown) {
      const error = signal?.aborted
        ? new AtelierError('cancelled', 'The embedding call was cancelled.')
        : toAtelierError(thrown);
      const taken = info === null ? null : takenBy(progress, info.price, error.code === 'cancelled');
      ticket?.settle({
        usage: taken?.charged ?? null,
        cost: taken?.cost ?? null,
        reached: taken !== null,
        estimatedOutput: 0,
      });
      const failed = failedSpan(error, info?.id ?? null);
      (span ?? open(asked)).end({ ...failed, usage: taken?.usage ?? null, cost: taken?.cost ?? null });
      throw error;
    }
  };
}
