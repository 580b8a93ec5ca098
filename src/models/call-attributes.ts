// A call's parameters and its model as ledger attributes, named as OpenTelemetry's GenAI conventions name them.
import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { AtelierError } from '../contracts/errors.ts';
import { type AtelierOptions, atelierOptionsSchema, type ModelInfo } from '../contracts/model.ts';
import type { Routed } from '../contracts/routing.ts';
import { attribute } from '../contracts/span.ts';
import type { SpanEnd } from '../monitoring/ledger.ts';
import type { CallContext } from './model-call.ts';

function present(fields: Record<string, unknown>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name in fields) if (fields[name] !== undefined) found[name] = fields[name];
  return found;
}

/**
 * What the AI SDK's options lack, from `providerOptions.atelier`.
 * @throws AtelierError invalid_request that names each wrong field
 */
export function atelierOptionsOf(options: LanguageModelV4CallOptions): AtelierOptions {
  const parsed = atelierOptionsSchema.safeParse(options.providerOptions?.atelier ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AtelierError('invalid_request', `The call has a wrong setting: ${faults.join(' | ')}`, {
    data: { faults },
  });
}

export function contextAttributes(
  model: string,
  context: CallContext,
  operation: string,
): Record<string, unknown> {
  return present({
    [attribute.operation]: operation,
    [attribute.requestModel]: model,
    [attribute.conversation]: context.conversationId,
    [attribute.user]: context.identity.userId,
    [attribute.source]: context.source,
    [attribute.apiKey]: context.identity.keyId,
    [attribute.app]: context.app,
    [attribute.promptName]: context.prompt?.name,
    [attribute.promptVersion]: context.prompt?.version,
  });
}

/** As asked, so that a refused call shows what was wrong with it. */
export function parameterAttributes(options: LanguageModelV4CallOptions): Record<string, unknown> {
  const extra = options.providerOptions?.atelier ?? {};
  return present({
    [attribute.temperature]: options.temperature,
    [attribute.topP]: options.topP,
    [attribute.topK]: options.topK,
    [attribute.maxTokens]: options.maxOutputTokens,
    [attribute.seed]: options.seed,
    [attribute.stop]: options.stopSequences?.length ? options.stopSequences : undefined,
    [attribute.presencePenalty]: options.presencePenalty,
    [attribute.frequencyPenalty]: options.frequencyPenalty,
    [attribute.minP]: extra.minP,
    [attribute.repeatPenalty]: extra.repeatPenalty,
    [attribute.outputType]: options.responseFormat?.type ?? 'text',
    [attribute.tools]: options.tools?.length ? options.tools.map((tool) => tool.name) : undefined,
  });
}

export function modelAttributes(info: ModelInfo): Record<string, unknown> {
  return present({
    [attribute.provider]: info.provider,
    [attribute.responseModel]: info.id,
    [attribute.place]: info.place.kind,
    [attribute.serverAddress]: info.place.host ?? undefined,
  });
}

/** Only where the gateway did something besides asking the model that was named. */
export function routedAttributes(routed: Routed | undefined): Record<string, unknown> {
  if (!routed || (!routed.fallback && routed.attempts < 2 && routed.cache === 'off')) return {};
  return { [attribute.routed]: routed };
}

/** The messages as the ledger keeps them: bytes of files are replaced by their number. */
export function recordedPrompt(prompt: LanguageModelV4Prompt): unknown {
  return prompt.map((message) => {
    if (typeof message.content === 'string') return message;
    return {
      ...message,
      content: message.content.map((part) =>
        part.type === 'file' && part.data.type === 'data'
          ? { ...part, data: { type: 'omitted', length: part.data.data.length } }
          : part,
      ),
    };
  });
}

/** How a span ends whose call threw. */
export function failedSpan(error: AtelierError, model: string | null): SpanEnd {
  return {
    status: error.code === 'cancelled' ? 'cancelled' : 'error',
    error: error.toJSON(),
    model,
    attributes: { [attribute.errorType]: error.code },
  };
}
