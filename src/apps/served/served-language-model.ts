// The language model of an app or an agent. An app reads the last user message, an agent the conversation; a text is
// streamed as it comes, a structured output is JSON at the end. Tool steps stay inside.
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';
import type { CallContext } from '../../models/model-call.ts';
import { restOf } from './rest-of.ts';
import type { Served, ServedEvent, ServedReceipt } from './served.ts';

const ignored = [
  'temperature',
  'topP',
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'maxOutputTokens',
  'stopSequences',
  'seed',
] as const;

/** What is not honoured is said. */
function warningsOf(served: Served, options: LanguageModelV4CallOptions): SharedV4Warning[] {
  const unsupported: string[] = ignored.filter((name) => options[name] !== undefined);
  if (options.tools?.length) unsupported.push('tools');
  if (options.responseFormat?.type === 'json') unsupported.push('responseFormat');
  const warnings: SharedV4Warning[] = unsupported.map((feature) => ({ type: 'unsupported', feature }));
  const before = options.prompt.filter(({ role }) => role !== 'tool').length - 1;
  if (served.kind === 'app' && before > 0)
    warnings.push({
      type: 'other',
      message: `The app ${served.name} reads one input: of the messages only the last one of the user counts.`,
    });
  return warnings;
}

function inputOf(served: Served, { prompt }: LanguageModelV4CallOptions): unknown {
  if (served.kind === 'agent') return prompt;
  const last = prompt.findLast((message) => message.role === 'user');
  const texts = last?.role === 'user' ? last.content.filter((part) => part.type === 'text') : [];
  if (texts.length === 0)
    throw new AtelierError(
      'invalid_request',
      `apps/${served.name} reads the last user message, and there is no text in one.`,
      { data: { param: 'messages' } },
    );
  return texts.map((part) => part.text).join('\n');
}

function usageOf({ usage }: ServedReceipt) {
  return {
    inputTokens: {
      total: usage.input,
      noCache: usage.input - usage.cacheRead - usage.cacheWrite,
      cacheRead: usage.cacheRead,
      cacheWrite: usage.cacheWrite,
    },
    outputTokens: {
      total: usage.output,
      text: usage.output - usage.reasoning,
      reasoning: usage.reasoning,
    },
  };
}

async function* parts(
  served: Served,
  events: AsyncIterable<ServedEvent>,
  warnings: SharedV4Warning[],
): AsyncGenerator<LanguageModelV4StreamPart> {
  const id = '0';
  const isText = served.outputSchema === null;
  let written = '';
  let isOpen = false;
  const write = function* (delta: string): Generator<LanguageModelV4StreamPart> {
    if (!isOpen) yield { type: 'text-start', id };
    isOpen = true;
    written += delta;
    yield { type: 'text-delta', id, delta };
  };
  yield { type: 'stream-start', warnings };
  for await (const event of events) {
    if (event.type === 'text-delta' && isText) yield* write(event.delta);
    else if (event.type === 'output') {
      const { output } = event;
      const rest =
        typeof output === 'string' ? restOf(written, output) : JSON.stringify(output ?? null, null, 2);
      if (rest !== '') yield* write(rest);
    } else if (event.type === 'finish') {
      if (isOpen) yield { type: 'text-end', id };
      yield {
        type: 'finish',
        finishReason: { unified: 'stop', raw: undefined },
        usage: usageOf(event.receipt),
        providerMetadata: { atelier: { chargedBelow: true } },
      };
    }
  }
}

/** What was begun by hand, from its first value on. */
async function* resumed<T>(first: IteratorResult<T>, reader: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    for (let next = first; !next.done; next = await reader.next()) yield next.value;
  } finally {
    await reader.return?.(undefined);
  }
}

/** `find` looks it up as whoever calls. */
export function createServedModel(
  id: string,
  { identity, source, parent }: CallContext,
  find: () => Promise<Served>,
): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'atelier',
    modelId: id,
    supportedUrls: {},
    async doGenerate() {
      throw new AtelierError('internal', `${id} is only streamed.`);
    },
    async doStream(options) {
      const served = await find();
      const gone = new AbortController();
      const signal = options.abortSignal ? AbortSignal.any([options.abortSignal, gone.signal]) : gone.signal;
      const events = served.stream(identity, {
        input: inputOf(served, options),
        source,
        signal,
        ...(parent === undefined ? {} : { parent }),
      });
      // The first word of it decides whether this is refused or a stream.
      const reader = events[Symbol.asyncIterator]();
      const first = await reader.next();
      const all = parts(served, resumed(first, reader), warningsOf(served, options));
      const stream = new ReadableStream<LanguageModelV4StreamPart>(
        {
          async pull(controller) {
            const next = await all.next();
            if (next.done) controller.close();
            else controller.enqueue(next.value);
          },
          async cancel(reason) {
            gone.abort(reason);
            await all.return(undefined);
            await reader.return?.(undefined);
          },
        },
        { highWaterMark: 0 },
      );
      return { stream };
    },
  };
}
