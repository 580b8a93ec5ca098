// A model behind an OpenAI-compatible endpoint: the AI SDK's own adapter, with what its options lack (log-probabilities,
// logit bias) put into the body and read out of the chunks, and every failure as an AtelierError.
import type {
  JSONValue,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import type { AtelierOptions, TokenLogprob } from '../../../contracts/model.ts';
import { atelierOptionsOf } from '../../call-attributes.ts';
import { collectParts } from '../../collect-parts.ts';
import { toProviderError } from './provider-errors.ts';
import { openAdapter, type RemoteModelOptions } from './remote-model.ts';

function bodyFields(extra: AtelierOptions): Record<string, JSONValue> {
  return {
    ...(extra.logprobs ? { logprobs: true } : {}),
    ...(extra.logprobs && extra.topLogprobs ? { top_logprobs: extra.topLogprobs } : {}),
    ...(extra.logitBias ? { logit_bias: extra.logitBias } : {}),
  };
}

/** Fields of ours that this protocol has no place for. */
function warningsFor(extra: AtelierOptions): SharedV4Warning[] {
  const unsupported = (['minP', 'repeatPenalty', 'echo', 'rawPrompt', 'choices'] as const).filter(
    (field) => extra[field] !== undefined && extra[field] !== false,
  );
  return unsupported.map((feature) => ({ type: 'unsupported', feature }));
}

interface WireLogprob {
  token?: unknown;
  logprob?: unknown;
  bytes?: unknown;
  top_logprobs?: WireLogprob[];
}

const bytesOf = (value: unknown): number[] | null => (Array.isArray(value) ? (value as number[]) : null);

/** `choices[0].logprobs.content` of a chunk as ours. */
function logprobsOf(chunk: unknown): TokenLogprob[] {
  const choices = (chunk as { choices?: { logprobs?: { content?: WireLogprob[] } }[] } | null)?.choices;
  const content = choices?.[0]?.logprobs?.content;
  if (!Array.isArray(content)) return [];
  return content.flatMap((one) => {
    if (typeof one.token !== 'string' || typeof one.logprob !== 'number') return [];
    const top = (one.top_logprobs ?? []).flatMap((other) =>
      typeof other.token === 'string' && typeof other.logprob === 'number'
        ? [{ token: other.token, logprob: other.logprob, bytes: bytesOf(other.bytes) }]
        : [],
    );
    return [{ token: one.token, tokenId: null, logprob: one.logprob, bytes: bytesOf(one.bytes), top }];
  });
}

export function createRemoteLanguageModel(options: RemoteModelOptions): LanguageModelV4 {
  const { name, facts } = options;

  async function open(call: LanguageModelV4CallOptions, extra: AtelierOptions) {
    const provider = await openAdapter(options, {
      includeUsage: true,
      supportsStructuredOutputs: true,
      transformRequestBody: (body) => ({ ...body, ...bodyFields(extra) }),
    });
    const { atelier: _ours, ...providerOptions } = call.providerOptions ?? {};
    // The raw chunks carry the log-probabilities that the adapter drops.
    return provider
      .chatModel(name)
      .doStream({ ...call, providerOptions, includeRawChunks: extra.logprobs === true });
  }

  const doStream: LanguageModelV4['doStream'] = async (call) => {
    const extra = atelierOptionsOf(call);
    const failure = (thrown: unknown) =>
      call.abortSignal?.aborted ? thrown : toProviderError(thrown, facts);
    const { stream, ...rest } = await open(call, extra).catch((thrown: unknown) => {
      throw failure(thrown);
    });
    const reader = stream.getReader();
    let pending: TokenLogprob[] = [];

    function onward(part: LanguageModelV4StreamPart): LanguageModelV4StreamPart | null {
      if (part.type === 'raw') {
        pending.push(...logprobsOf(part.rawValue));
        return call.includeRawChunks ? part : null;
      }
      if (part.type === 'stream-start')
        return { ...part, warnings: [...part.warnings, ...warningsFor(extra)] };
      if (part.type === 'error') return { type: 'error', error: toProviderError(part.error, facts) };
      if (part.type !== 'text-delta' || pending.length === 0) return part;
      const logprobs = pending as unknown as JSONValue;
      pending = [];
      return { ...part, providerMetadata: { ...part.providerMetadata, atelier: { logprobs } } };
    }

    const mapped = new ReadableStream<LanguageModelV4StreamPart>(
      {
        async pull(controller) {
          try {
            for (;;) {
              const next = await reader.read();
              if (next.done) return controller.close();
              const part = onward(next.value);
              if (part) return controller.enqueue(part);
            }
          } catch (thrown) {
            controller.error(failure(thrown));
          }
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    );
    return { ...rest, stream: mapped };
  };

  return {
    specificationVersion: 'v4',
    provider: facts.id,
    modelId: name,
    supportedUrls: {},
    doStream,
    async doGenerate(call) {
      const { stream } = await doStream(call);
      const collected = collectParts();
      for await (const part of stream) {
        if (part.type === 'error') throw part.error;
        collected.add(part);
      }
      const result = collected.result();
      if (!result)
        throw new AtelierError('provider_failed', `${facts.host} ended its answer without saying why.`, {
          retryable: true,
        });
      return result;
    },
  };
}
