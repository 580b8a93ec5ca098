// A llama-server of the person's as a provider of one model: each call leases it, so that it is there while it answers.
import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { AtelierError, isAtelierError } from '../../../contracts/errors.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import type { LlamaServer } from '../../../contracts/provider.ts';
import type { Http } from '../../../lib/http.ts';
import { atelierOptionsOf } from '../../call-attributes.ts';
import type { InstalledModel } from '../../library.ts';
import type { RelayedAnswer, ResolvedModel } from '../../model-call.ts';
import type { ModelProvider } from '../../registry.ts';
import { resolveRemote } from '../remote/remote-provider.ts';
import { llamaServer } from './adapter.ts';
import type { Lease, LlamaServerRunner } from './runner.ts';

export interface LlamaServerProviderOptions {
  id: string;
  config: LlamaServer;
  createdAt: number;
  runner: LlamaServerRunner;
  installed: () => Promise<InstalledModel[]>;
  http: Http;
}

/** The name of the model, with or without its `local/`. */
export const modelNameOf = ({ model }: LlamaServer): string => model.replace(/^local\//, '');

export function notInstalled({ model }: LlamaServer): AtelierError {
  return new AtelierError(
    'model_not_installed',
    `The model ${model} of this llama-server is not installed. Install it under Models, or choose another.`,
    { data: { model } },
  );
}

export function createLlamaServerProvider(options: LlamaServerProviderOptions): ModelProvider {
  const { id, config, runner, installed, http } = options;
  const name = modelNameOf(config);
  const find = async () => (await installed()).find((model) => model.id === name) ?? null;

  function infoOf(model: InstalledModel | null): ModelInfo {
    const { state, props } = runner.state(id);
    const images = props?.images ?? config.projector !== null;
    return {
      id: `${id}/${name}`,
      provider: id,
      name,
      displayName: name,
      kind: model?.kind ?? 'chat',
      place: { kind: 'local', host: null },
      state: model ? state : 'failed',
      error: model ? null : notInstalled(config).toJSON(),
      contextLength: props?.contextLength ?? model?.contextLength ?? null,
      parameters: model?.parameters ?? null,
      quantization: model?.quantization ?? null,
      sizeBytes: model?.sizeBytes ?? null,
      licence: null,
      input: images ? ['text', 'image'] : ['text'],
      tools: true,
      languages: [],
      price: { kind: 'none' },
      createdAt: options.createdAt,
    };
  }

  return {
    id,
    list: async () => [infoOf(await find())],
    async resolve(asked) {
      if (asked !== name) return null;
      const model = await find();
      const info = infoOf(model);
      if (!model) throw notInstalled(config);
      const lease = (signal?: AbortSignal, onProgress?: (share: number | null) => void) =>
        runner.lease(id, {
          config,
          modelPath: model.path,
          adapterPath: model.adapter,
          signal,
          ...(onProgress ? { onProgress } : {}),
        });
      return leased(info, lease, (held) =>
        resolveRemote(llamaServer, http, info, {
          baseUrl: held.baseUrl,
          region: null,
          apiKey: held.apiKey,
          headers: {},
          facts: { id, host: 'llama-server', model: name, secrets: [held.apiKey] },
        }),
      );
    },
  };
}

type TakeLease = (signal?: AbortSignal, onProgress?: (share: number | null) => void) => Promise<Lease>;

function leased(info: ModelInfo, take: TakeLease, connect: (lease: Lease) => ResolvedModel): ResolvedModel {
  if (info.kind === 'embedding') {
    return {
      info,
      language: null,
      embedding: {
        specificationVersion: 'v4',
        provider: info.provider,
        modelId: info.name,
        maxEmbeddingsPerCall: 64,
        supportsParallelCalls: true,
        doEmbed: (call) =>
          withLease(take, call.abortSignal, async (lease) => {
            const model = connect(lease).embedding;
            if (!model) throw new AtelierError('internal', 'An embedding model has no adapter.');
            return model.doEmbed(call);
          }),
      },
    };
  }
  const doStream: LanguageModelV4['doStream'] = async (call) => {
    const { onStatus } = atelierOptionsOf(call);
    const lease = await take(call.abortSignal, (progress) =>
      onStatus?.({ status: 'loading', model: info.id, progress }),
    );
    try {
      const { language } = connect(lease);
      if (!language) throw new AtelierError('internal', 'A chat model has no adapter.');
      const { stream, ...rest } = await language.doStream(call);
      return { ...rest, stream: holding(stream, lease, partOfDeath) };
    } catch (error) {
      lease.release();
      throw await deathOr(lease, error, call.abortSignal);
    }
  };
  const base = {
    specificationVersion: 'v4',
    provider: info.provider,
    modelId: info.name,
    supportedUrls: {},
  } as const;
  return {
    info,
    embedding: null,
    language: {
      ...base,
      doStream,
      doGenerate: (call) =>
        withLease(take, call.abortSignal, async (lease) => {
          const { language } = connect(lease);
          if (!language) throw new AtelierError('internal', 'A chat model has no adapter.');
          return language.doGenerate(call);
        }),
    },
    relays: llamaServer.dialects,
    async relay(wire): Promise<RelayedAnswer> {
      const lease = await take(wire.signal);
      try {
        const answer = await connect(lease).relay?.(wire);
        if (!answer) throw new AtelierError('internal', 'A wire has no relay.');
        return { ...answer, body: holding(answer.body, lease, null) };
      } catch (error) {
        lease.release();
        throw await deathOr(lease, error, wire.signal);
      }
    },
  };
}

async function withLease<T>(
  take: TakeLease,
  signal: AbortSignal | undefined,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lease = await take(signal);
  try {
    return await work(lease);
  } catch (error) {
    throw await deathOr(lease, error, signal);
  } finally {
    lease.release();
  }
}

/** When the program died, that is what there is to say, with its last lines. A refusal comes from one that lives. */
async function deathOr(lease: Lease, error: unknown, signal?: AbortSignal): Promise<unknown> {
  const refused = isAtelierError(error) && typeof error.data.status === 'number' && error.data.status >= 400;
  return signal?.aborted || refused ? error : ((await lease.death()) ?? error);
}

async function partOfDeath(
  part: LanguageModelV4StreamPart,
  lease: Lease,
): Promise<LanguageModelV4StreamPart> {
  return part.type === 'error' ? { type: 'error', error: await deathOr(lease, part.error) } : part;
}

/** The same stream, which lets the lease go when it is over in any way. */
function holding<T>(
  source: ReadableStream<T>,
  lease: Lease,
  map: ((part: T, lease: Lease) => Promise<T>) | null,
): ReadableStream<T> {
  const reader = source.getReader();
  return new ReadableStream<T>(
    {
      async pull(controller) {
        try {
          const next = await reader.read();
          if (next.done) {
            lease.release();
            controller.close();
          } else controller.enqueue(map ? await map(next.value, lease) : next.value);
        } catch (error) {
          lease.release();
          controller.error(await deathOr(lease, error));
        }
      },
      async cancel(reason) {
        lease.release();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
