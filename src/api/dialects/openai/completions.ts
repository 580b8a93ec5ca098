// POST /v1/completions: text in, its continuation out, with echo and log-probabilities; what evaluation harnesses ask.
import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { createRoute, z } from '@hono/zod-openapi';
import { isAtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import { newId } from '../../../lib/ids.ts';
import { merge } from '../../../lib/merge.ts';
import { type SseMessage, sseResponse } from '../../../lib/sse.ts';
import { askableModel } from '../../askable-models.ts';
import { createRouter, jsonBody } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';
import { type CompletionPiece, collectPieces, completionPieces } from './completions/choice.ts';
import { checkCompletion, completionRequestSchema, toCompletionCalls } from './completions/request.ts';
import { openAiErrorBody } from './errors.ts';
import { openAiHeaders } from './headers.ts';
import { contextOf } from './relay.ts';
import { type AnswerHead, fingerprint, sumUsage, type Usage } from './response.ts';
import { openCalls } from './several-calls.ts';

type Services = Pick<ApiServices, 'gateway' | 'ledger' | 'registry' | 'version' | 'log'>;

/** Each prompt counts once, however many choices it has. Null when a model told nothing. */
function usageOf(usages: readonly LanguageModelV4Usage[], n: number): Usage | null {
  let total: Usage | null = null;
  for (let at = 0; at < usages.length; at += n) {
    const one = sumUsage(usages.slice(at, at + n));
    if (one === null) return null;
    total = total === null ? one : added(total, one);
  }
  return total;
}

const added = (a: Usage, b: Usage): Usage => ({
  prompt_tokens: a.prompt_tokens + b.prompt_tokens,
  completion_tokens: a.completion_tokens + b.completion_tokens,
  total_tokens: a.total_tokens + b.total_tokens,
  prompt_tokens_details: {
    cached_tokens: a.prompt_tokens_details.cached_tokens + b.prompt_tokens_details.cached_tokens,
  },
  completion_tokens_details: {
    reasoning_tokens:
      a.completion_tokens_details.reasoning_tokens + b.completion_tokens_details.reasoning_tokens,
  },
});

function notesFor({ id, place }: ModelInfo): string[] {
  return place.kind === 'remote'
    ? [`${id} is asked over a chat wire: the prompt was sent as a message of a user.`]
    : [];
}

async function* chunks(
  head: AnswerHead,
  choices: readonly AsyncIterable<CompletionPiece>[],
  options: { n: number; includeUsage: boolean; onError: (error: unknown) => void },
): AsyncGenerator<SseMessage> {
  const base = { ...head, object: 'text_completion' as const };
  const usages: LanguageModelV4Usage[] = [];
  try {
    for await (const { usage, ...choice } of merge(choices)) {
      if (usage !== undefined) usages[choice.index] = usage;
      yield {
        data: JSON.stringify({
          ...base,
          choices: [choice],
          ...(options.includeUsage ? { usage: null } : {}),
        }),
      };
    }
    const usage = options.includeUsage ? usageOf(usages, options.n) : null;
    if (usage !== null) yield { data: JSON.stringify({ ...base, choices: [], usage }) };
    yield { data: '[DONE]' };
  } catch (error) {
    // A client that went away reads no error.
    if (isAtelierError(error) && error.code === 'cancelled') return;
    options.onError(error);
    yield { data: JSON.stringify(openAiErrorBody(toAtelierError(error))) };
  }
}

export function completionRoutes(services: Services) {
  const { registry, version, log } = services;
  return createRouter().openapi(
    createRoute({
      method: 'post',
      path: '/v1/completions',
      tags: ['openai'],
      summary: 'Continue a text, on the wire of OpenAI',
      request: { body: jsonBody(completionRequestSchema) },
      responses: {
        200: {
          description: 'A text_completion, or with stream: true its chunks',
          content: {
            'application/json': { schema: z.record(z.string(), z.unknown()) },
            'text/event-stream': { schema: z.string() },
          },
        },
      },
    }),
    async (c) => {
      const request = c.req.valid('json');
      // A model that is not there for the key is refused by the gateway, which has it in the ledger.
      const asked = await askableModel(registry, c.get('identity'), request.model).catch(() => null);
      if (asked !== null) checkCompletion(request, asked);
      const calls = toCompletionCalls(request);
      const { first, choices, stop } = await openCalls(services, {
        model: request.model,
        calls: calls.map(({ options }) => options),
        context: contextOf(c),
        name: `completion ${request.model} (${calls.length} choices)`,
        signal: c.req.raw.signal,
      });
      const head: AnswerHead = {
        id: newId('cmpl'),
        created: Math.floor(Date.now() / 1000),
        model: first.model.id,
        system_fingerprint: fingerprint(version, first.model.id),
      };
      const n = request.n ?? 1;
      const logprobs = typeof request.logprobs === 'number';
      const headers = openAiHeaders(first, notesFor(first.model));
      const pieces = choices.map((events, index) =>
        completionPieces(events, {
          index,
          prompt: calls[index]?.prompt ?? '',
          echo: request.echo ?? false,
          logprobs,
        }),
      );
      if (!request.stream) {
        try {
          const answers = await Promise.all(pieces.map((one) => collectPieces(one, logprobs)));
          const usage = usageOf(
            answers.map((answer) => answer.usage),
            n,
          );
          const body = {
            ...head,
            object: 'text_completion' as const,
            choices: answers.map(({ choice }) => choice),
            ...(usage === null ? {} : { usage }),
          };
          return c.json(body, 200, headers) as never;
        } catch (error) {
          stop();
          throw error;
        }
      }
      return sseResponse(
        async function* (signal) {
          signal.addEventListener('abort', () => stop(signal.reason), { once: true });
          if (signal.aborted) stop(signal.reason);
          yield* chunks(head, pieces, {
            n,
            includeUsage: request.stream_options?.include_usage ?? false,
            onError: (error) => {
              stop();
              log.warn('a streamed completion failed', {
                code: toAtelierError(error).code,
                id: c.get('requestId'),
              });
            },
          });
        },
        { signals: [c.req.raw.signal], headers },
      ) as never;
    },
  );
}
