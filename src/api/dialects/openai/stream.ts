// The streamed answer: `data:` lines of chat.completion.chunk, then [DONE] (protocols of OpenAI's chat streaming).
import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { isAtelierError, toAtelierError } from '../../../contracts/errors.ts';
import { merge } from '../../../lib/merge.ts';
import type { SseMessage } from '../../../lib/sse.ts';
import type { ChoiceEvent } from './choice.ts';
import { openAiErrorBody } from './errors.ts';
import { type AnswerHead, sumUsage, toLogprobs } from './response.ts';

async function* withIndex(events: AsyncIterable<ChoiceEvent>, index: number) {
  for await (const event of events) yield { index, event };
}

/**
 * First a delta with the role for each choice, last its finish reason, then the usage if asked for.
 * A failure in the middle is `data: {"error": ...}`, and nothing follows it.
 */
export async function* chunks(
  head: AnswerHead,
  choices: readonly AsyncIterable<ChoiceEvent>[],
  options: { includeUsage: boolean; wantsLogprobs: boolean; onError: (error: unknown) => void },
): AsyncGenerator<SseMessage> {
  const base = { ...head, object: 'chat.completion.chunk' as const };
  const usageField = options.includeUsage ? { usage: null } : {};
  const chunk = (
    index: number,
    delta: object,
    logprobs: object | null,
    finish_reason: string | null,
  ): SseMessage => ({
    data: JSON.stringify({ ...base, choices: [{ index, delta, logprobs, finish_reason }], ...usageField }),
  });
  const usages: LanguageModelV4Usage[] = [];
  try {
    for (const index of choices.keys()) yield chunk(index, { role: 'assistant', content: '' }, null, null);
    for await (const { index, event } of merge(choices.map(withIndex))) {
      const logprobs = options.wantsLogprobs && event.logprobs?.length ? toLogprobs(event.logprobs) : null;
      if (event.type === 'delta') yield chunk(index, event.delta, logprobs, null);
      else {
        usages.push(event.usage);
        yield chunk(index, {}, logprobs, event.reason);
      }
    }
    const usage = options.includeUsage ? sumUsage(usages) : null;
    if (usage !== null) yield { data: JSON.stringify({ ...base, choices: [], usage }) };
    yield { data: '[DONE]' };
  } catch (error) {
    // A client that went away reads no error.
    if (isAtelierError(error) && error.code === 'cancelled') return;
    options.onError(error);
    yield { data: JSON.stringify(openAiErrorBody(toAtelierError(error))) };
  }
}
