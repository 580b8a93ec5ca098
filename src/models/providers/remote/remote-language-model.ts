// A model at a remote provider: the AI SDK's own adapter, with what its options lack put in and read out, warnings for
// what the provider has no place for, and every failure as an AtelierError.

import type {
  JSONValue,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import type { AtelierOptions, TokenLogprob } from '../../../contracts/model.ts';
import { type Notice, saidOf } from '../../../contracts/notice.ts';
import { atelierOptionsOf } from '../../call-attributes.ts';
import { collectParts } from '../../collect-parts.ts';
import type { ModelConnection, OpenedLanguage, ProviderAdapter } from './provider-adapter.ts';
import { type EndpointFacts, toProviderError } from './provider-errors.ts';

type Finish = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;

/** Fields of ours that this provider has no place for. `onStatus` is for engines of this machine and asks nothing. */
function warningsFor(extra: AtelierOptions, honours: ProviderAdapter['honours']): SharedV4Warning[] {
  const honoured: readonly string[] = [...honours, 'onStatus'];
  return Object.entries(extra)
    .filter(([name, value]) => value !== undefined && value !== false && !honoured.includes(name))
    .map(([feature]) => ({ type: 'unsupported', feature }));
}

function withNotes(part: Finish, said: readonly Notice[]): Finish {
  if (said.length === 0) return part;
  const atelier = { ...part.providerMetadata?.atelier, ...saidOf(said) };
  return { ...part, providerMetadata: { ...part.providerMetadata, atelier } };
}

/** Adapters end an answer that only stopped coming with a reason of their own making. */
const withoutReason = ({ finishReason }: Finish) =>
  finishReason.unified === 'other' && finishReason.raw === undefined;

const cutOff = ({ id, host, model }: EndpointFacts) =>
  new AtelierError(
    'provider_failed',
    `The answer of ${host} was cut off before it was complete. Ask again.`,
    { data: { provider: id, host, ...(model ? { model } : {}) }, retryable: true },
  );

export function createRemoteLanguageModel(
  adapter: ProviderAdapter,
  connection: ModelConnection,
): LanguageModelV4 {
  const { name, facts } = connection;

  const doStream: LanguageModelV4['doStream'] = async (call) => {
    const extra = atelierOptionsOf(call);
    const failure = (thrown: unknown, begun = false) =>
      call.abortSignal?.aborted ? thrown : toProviderError(thrown, facts, begun);
    const { opened, result } = await open(adapter, connection, call, extra).catch((thrown: unknown) => {
      throw failure(thrown);
    });
    const { stream, ...rest } = result;
    const reader = stream.getReader();
    let pending: TokenLogprob[] = [];
    let failed = false;

    function onward(part: LanguageModelV4StreamPart): LanguageModelV4StreamPart | null {
      // Adapters go on after an error part, with a finish that says nothing more.
      if (failed) return null;
      // Bookkeeping of an adapter's own, which is nothing that the model wrote.
      if (part.type === 'custom') return null;
      if (part.type === 'raw') {
        pending.push(...(opened.logprobsOf?.(part.rawValue) ?? []));
        return call.includeRawChunks ? part : null;
      }
      if (part.type === 'stream-start')
        return { ...part, warnings: [...part.warnings, ...warningsFor(extra, adapter.honours)] };
      if (part.type === 'error') {
        failed = true;
        return { type: 'error', error: toProviderError(part.error, facts, true) };
      }
      if (part.type === 'finish' && withoutReason(part)) {
        failed = true;
        return { type: 'error', error: cutOff(facts) };
      }
      if (part.type === 'finish') return withNotes(part, opened.onFinish?.(part) ?? []);
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
            controller.error(failure(thrown, true));
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

async function open(
  adapter: ProviderAdapter,
  connection: ModelConnection,
  call: LanguageModelV4CallOptions,
  extra: AtelierOptions,
): Promise<{ opened: OpenedLanguage; result: Awaited<ReturnType<LanguageModelV4['doStream']>> }> {
  const { atelier: _ours, ...providerOptions } = call.providerOptions ?? {};
  const opened = await adapter.openLanguage(connection, { ...call, providerOptions }, extra);
  const raw = call.includeRawChunks === true || (extra.logprobs === true && opened.logprobsOf !== undefined);
  const result = await opened.model.doStream({ ...opened.options, includeRawChunks: raw });
  return { opened, result };
}
