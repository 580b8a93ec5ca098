// Embedding calls of the gateway: one span a call, split into as many requests as the model wants.
import type { EmbeddingModelV4, EmbeddingModelV4Result } from '@ai-sdk/provider';
import type { Admit, Ticket } from '../contracts/admission.ts';
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import { noUsage, type Usage } from '../contracts/money.ts';
import { attribute } from '../contracts/span.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { contextAttributes, failedSpan, modelAttributes } from './call-attributes.ts';
import { checkScope } from './check-scope.ts';
import { tokensOfText } from './estimate-tokens.ts';
import type { Gateway } from './gateway.ts';
import type { ModelRegistry } from './registry.ts';
import { priceOf } from './usage.ts';

async function embedAll(
  model: EmbeddingModelV4,
  values: string[],
  signal: AbortSignal | undefined,
): Promise<EmbeddingModelV4Result> {
  const limit = (await model.maxEmbeddingsPerCall) ?? values.length;
  const embeddings: number[][] = [];
  const warnings: EmbeddingModelV4Result['warnings'] = [];
  let tokens: number | null = 0;
  for (let from = 0; from < values.length; from += limit) {
    const result: EmbeddingModelV4Result = await model.doEmbed({
      values: values.slice(from, from + limit),
      ...(signal ? { abortSignal: signal } : {}),
    });
    embeddings.push(...result.embeddings);
    warnings.push(...result.warnings);
    tokens = tokens === null || !result.usage ? null : tokens + result.usage.tokens;
  }
  return { embeddings, warnings, ...(tokens === null ? {} : { usage: { tokens } }) };
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
    let model: string | null = null;
    let ticket: Ticket | null = null;
    try {
      const resolved = await registry.resolve(asked);
      const { info, embedding } = resolved;
      model = info.id;
      span = open(info.id);
      span.setAttributes(modelAttributes(info));
      if (!embedding) {
        throw new AtelierError(
          'invalid_request',
          `${info.id} is a chat model and gives no embeddings. Choose an embedding model.`,
          {
            data: { model: info.id, kind: info.kind },
          },
        );
      }
      checkScope(context, { asked, candidates: [resolved] });
      ticket = await admit({
        identity: context.identity,
        app: context.app ?? null,
        models: [info],
        estimate: () => ({ input: values.reduce((sum, text) => sum + tokensOfText(text), 0), output: 0 }),
      });
      const result = await embedAll(embedding, values, signal);
      const usage: Usage | null = result.usage ? { ...noUsage, input: result.usage.tokens } : null;
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
          ...(note ? { [attribute.notes]: [note] } : {}),
        },
      });
      return { ...result, traceId: span.traceId };
    } catch (thrown) {
      const error = signal?.aborted
        ? new AtelierError('cancelled', 'The embedding call was cancelled.')
        : toAtelierError(thrown);
      ticket?.settle({ usage: null, cost: null, reached: false, estimatedOutput: 0 });
      (span ?? open(asked)).end(failedSpan(error, model));
      throw error;
    }
  };
}
