// The plain answer, and the pieces that it shares with the streamed one: usage, log-probabilities, fingerprint.
import { createHash } from 'node:crypto';
import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { TokenLogprob } from '../../../contracts/model.ts';
import type { ChoiceEvent, FinishReason, ToolCallDelta } from './choice.ts';

/** What all choices and all chunks of one answer have in common. */
export interface AnswerHead {
  id: string;
  created: number;
  model: string;
  system_fingerprint: string;
}

/** Names what wrote the answer: equal fingerprint, equal seed and equal request give the same text, as far as a model can. */
export function fingerprint(version: string, model: string): string {
  return `fp_${createHash('sha256').update(`${version}\0${model}`).digest('hex').slice(0, 12)}`;
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
  completion_tokens_details: { reasoning_tokens: number };
}

/** The prompt counts once, however many choices were asked for. Null when the model told nothing: never a made-up zero. */
export function sumUsage(usages: readonly LanguageModelV4Usage[]): Usage | null {
  const first = usages[0];
  if (
    first === undefined ||
    usages.some(
      ({ inputTokens, outputTokens }) => inputTokens.total === undefined || outputTokens.total === undefined,
    )
  )
    return null;
  const sum = (of: (usage: LanguageModelV4Usage) => number | undefined) =>
    usages.reduce((total, usage) => total + (of(usage) ?? 0), 0);
  const prompt = first.inputTokens.total ?? 0;
  const completion = sum((usage) => usage.outputTokens.total);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: first.inputTokens.cacheRead ?? 0 },
    completion_tokens_details: { reasoning_tokens: sum((usage) => usage.outputTokens.reasoning) },
  };
}

export function toLogprobs(tokens: readonly TokenLogprob[]) {
  return {
    content: tokens.map(({ token, logprob, bytes, top }) => ({
      token,
      logprob,
      bytes,
      top_logprobs: top.map((other) => ({ token: other.token, logprob: other.logprob, bytes: other.bytes })),
    })),
    refusal: null,
  };
}

export interface Choice {
  index: number;
  message: {
    role: 'assistant';
    content: string | null;
    refusal: null;
    reasoning_content?: string;
    tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
  };
  logprobs: ReturnType<typeof toLogprobs> | null;
  finish_reason: FinishReason;
}

/** Folds the deltas of one choice into its message. */
export async function collectChoice(
  events: AsyncIterable<ChoiceEvent>,
  index: number,
  wantsLogprobs: boolean,
): Promise<{ choice: Choice; usage: LanguageModelV4Usage }> {
  let content = '';
  let reasoning = '';
  const calls: { id: string; type: 'function'; function: { name: string; arguments: string } }[] = [];
  const tokens: TokenLogprob[] = [];
  const addCall = ({ index: place, id, function: { name, arguments: text } }: ToolCallDelta) => {
    const call = calls[place];
    if (call === undefined)
      calls[place] = { id: id ?? '', type: 'function', function: { name: name ?? '', arguments: text } };
    else call.function.arguments += text;
  };
  for await (const event of events) {
    if (event.logprobs) tokens.push(...event.logprobs);
    if (event.type === 'delta') {
      content += event.delta.content ?? '';
      reasoning += event.delta.reasoning_content ?? '';
      event.delta.tool_calls?.forEach(addCall);
      continue;
    }
    return {
      usage: event.usage,
      choice: {
        index,
        message: {
          role: 'assistant',
          content: content === '' && calls.length > 0 ? null : content,
          refusal: null,
          ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
        },
        logprobs: wantsLogprobs ? toLogprobs(tokens) : null,
        finish_reason: event.reason,
      },
    };
  }
  throw new Error('a choice ended without its finish event');
}

export function chatCompletion(head: AnswerHead, choices: Choice[], usage: Usage | null) {
  return { ...head, object: 'chat.completion' as const, choices, ...(usage === null ? {} : { usage }) };
}
