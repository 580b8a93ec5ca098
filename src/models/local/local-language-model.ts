// A local model as the AI SDK sees one: call options in, the SDK's stream parts out.
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { AtelierError, errorFromBody, toAtelierError } from '../../contracts/errors.ts';
import type { CallStatus } from '../../contracts/model.ts';
import { newId } from '../../lib/ids.ts';
import type { GenerationEvent } from './engine-protocol.ts';
import type { ModelRunner } from './local-engine.ts';
import { type ReadCall, readCall } from './read-call.ts';
import { createStreamParts, type StreamParts } from './stream-parts.ts';

export function createLocalLanguageModel(runner: ModelRunner): LanguageModelV4 {
  const modelId = runner.model.id;

  async function doStream(options: LanguageModelV4CallOptions) {
    const call = readCall(options);
    if (call.tools.size > 0 && !(await runner.facts()).tools) {
      call.warnings.push({
        type: 'unsupported',
        feature: 'tools',
        details:
          'The chat template of this model has no place for tools, so it was not told about them; choose a model that knows tools.',
      });
    }
    const signal = options.abortSignal;
    const onStatus = (status: CallStatus) => call.atelier.onStatus?.(status);
    const asked = performance.now();
    let loadMs: number | null = null;
    const engine = await runner.ready((status) => {
      loadMs ??= 0;
      onStatus(status);
    }, signal);
    if (loadMs !== null) loadMs = performance.now() - asked;
    if (signal?.aborted) throw new AtelierError('cancelled', 'The call was cancelled.');

    const parts: StreamParts = createStreamParts({
      call,
      modelId,
      responseId: newId('ans'),
      loadMs,
      faultsOf: await faultsOf(call),
    });
    const accepted = Promise.withResolvers<void>();
    let controller: ReadableStreamDefaultController<LanguageModelV4StreamPart> | null = null;
    const early: LanguageModelV4StreamPart[] = [];
    let closed = false;
    const emit = (emitted: readonly LanguageModelV4StreamPart[]) => {
      if (closed) return;
      if (controller === null) early.push(...emitted);
      else for (const part of emitted) controller.enqueue(part);
    };
    const close = () => {
      signal?.removeEventListener('abort', cancel);
      if (controller !== null && !closed) controller.close();
      closed = true;
    };

    const take = (event: GenerationEvent) => {
      if (event.type === 'accepted') {
        emit(parts.start(event));
        accepted.resolve();
      } else if (event.type === 'queued' || event.type === 'reading' || event.type === 'writing') {
        onStatus(
          event.type === 'queued'
            ? { status: 'queued', place: event.place }
            : event.type === 'writing'
              ? { status: 'writing' }
              : { status: 'reading', done: event.done, total: event.total },
        );
      } else if (event.type === 'error') {
        const error = errorFromBody(event.error);
        accepted.reject(error);
        emit(parts.fail(error));
        close();
      } else if (event.type !== 'scores') {
        emit(parts.take(event));
        if (event.type === 'finish') close();
      }
    };
    const onEvent = (event: GenerationEvent) => {
      if (closed) return;
      try {
        take(event);
      } catch (thrown) {
        // It ends this answer; thrown on into the process's channel it would end the server.
        const error = toAtelierError(thrown);
        handle.cancel();
        accepted.reject(error);
        emit([{ type: 'error', error }]);
        close();
      }
    };
    const handle = engine.generate(call.spec, onEvent);
    const cancel = () => handle.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();

    await accepted.promise;
    const stream = new ReadableStream<LanguageModelV4StreamPart>({
      start(started) {
        controller = started;
        for (const part of early.splice(0)) started.enqueue(part);
        if (closed) started.close();
      },
      cancel() {
        closed = true;
        signal?.removeEventListener('abort', cancel);
        handle.cancel();
      },
    });
    return { stream };
  }

  return {
    specificationVersion: 'v4',
    provider: 'local',
    modelId,
    supportedUrls: {},
    doStream,
    doGenerate: async (options) => collect((await doStream(options)).stream),
  };
}

/** The checker of schemas takes memory, so it is loaded by the first call that needs it. */
async function faultsOf({ schema }: ReadCall): Promise<((text: string) => string[]) | null> {
  if (schema === null) return null;
  const { schemaFaults } = await import('./check-schema.ts');
  return (text) => schemaFaults(text, schema);
}

async function collect(
  stream: ReadableStream<LanguageModelV4StreamPart>,
): Promise<LanguageModelV4GenerateResult> {
  const content: LanguageModelV4Content[] = [];
  const result: Partial<LanguageModelV4GenerateResult> = {};
  const logprobs: unknown[] = [];
  for await (const part of stream) {
    if (part.type === 'stream-start') result.warnings = part.warnings;
    else if (part.type === 'response-metadata') {
      const { type: _type, ...metadata } = part;
      result.response = metadata;
    } else if (part.type === 'text-start') content.push({ type: 'text', text: '' });
    else if (part.type === 'reasoning-start') content.push({ type: 'reasoning', text: '' });
    else if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
      const last = content.at(-1);
      if (last?.type === 'text' || last?.type === 'reasoning') last.text += part.delta;
      const own = part.providerMetadata?.atelier?.logprobs;
      if (Array.isArray(own)) logprobs.push(...own);
    } else if (part.type === 'tool-call') content.push(part);
    else if (part.type === 'error') throw part.error;
    else if (part.type === 'finish') {
      const atelier = part.providerMetadata?.atelier ?? {};
      const merged = logprobs.length === 0 ? atelier : { ...atelier, logprobs: logprobs as never };
      Object.assign(result, {
        usage: part.usage,
        finishReason: part.finishReason,
        providerMetadata: { atelier: merged },
      });
    }
  }
  const { usage, finishReason, warnings, ...rest } = result;
  if (usage === undefined || finishReason === undefined) {
    throw new AtelierError('model_failed', 'The answer ended without a word about why. Try again.', {
      retryable: true,
    });
  }
  return { ...rest, content, usage, finishReason, warnings: warnings ?? [] };
}
