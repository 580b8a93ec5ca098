// Chat completions, in chunks or whole.
import type { LanguageModelV4FinishReason } from '@ai-sdk/provider';
import type { EventReader, RelaySummary } from './read-usage.ts';
import {
  countOf,
  emptySummary,
  type Fields,
  fieldsOf,
  finish,
  isFields,
  noteTier,
  rowsOf,
  textOf,
  usageOf,
} from './summary-parts.ts';

const reasons: Record<string, LanguageModelV4FinishReason['unified']> = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  error: 'error',
};

function readHead(summary: RelaySummary, data: Fields): void {
  if (summary.responseId === null && typeof data.id === 'string') summary.responseId = data.id;
  if (data.error !== undefined && data.error !== null) summary.error = data;
  noteTier(summary, data.service_tier);
  if (!isFields(data.usage)) return;
  const { usage } = data;
  const read = fieldsOf(usage.prompt_tokens_details);
  const written = fieldsOf(usage.completion_tokens_details);
  summary.usage =
    usageOf(
      {
        total: countOf(usage.prompt_tokens),
        cacheRead: countOf(read.cached_tokens) ?? countOf(usage.num_cached_tokens),
        cacheWrite: countOf(read.cache_write_tokens),
      },
      { total: countOf(usage.completion_tokens), reasoning: countOf(written.reasoning_tokens) },
      usage,
    ) ?? summary.usage;
}

/** Text may be parts, as Mistral writes it when it thinks. */
function readContent(summary: RelaySummary, content: unknown): void {
  if (typeof content === 'string') summary.text += content;
  for (const part of rowsOf(content)) {
    if (part.type === 'thinking') {
      for (const thought of rowsOf(part.thinking)) summary.reasoning += textOf(thought.text);
    } else summary.text += textOf(part.text);
  }
}

export function createChatEvents(): EventReader {
  const summary = emptySummary();
  /** By choice and index, in which the pieces of a call come. */
  const calls = new Map<string, RelaySummary['toolCalls'][number]>();

  function readCalls(choice: unknown, list: unknown): void {
    for (const [at, call] of rowsOf(list).entries()) {
      const key = `${String(choice ?? 0)} ${countOf(call.index) ?? at}`;
      const called = fieldsOf(call.function);
      let known = calls.get(key);
      if (!known) {
        known = { id: '', name: '', arguments: '' };
        calls.set(key, known);
        summary.toolCalls.push(known);
      }
      known.id ||= textOf(call.id);
      known.name ||= textOf(called.name);
      known.arguments +=
        typeof called.arguments === 'object' && called.arguments !== null
          ? JSON.stringify(called.arguments)
          : textOf(called.arguments);
    }
  }

  /** Whether it carries something that was written. */
  function readChoice(choice: Fields, message: Fields): boolean {
    readContent(summary, message.content);
    summary.text += textOf(message.refusal);
    summary.reasoning += textOf(message.reasoning_content) || textOf(message.reasoning);
    readCalls(choice.index, message.tool_calls);
    const reason = textOf(choice.finish_reason);
    if (reason !== '') summary.finishReason = finish(reasons[reason] ?? 'other', reason);
    return (
      Array.isArray(message.content) ||
      textOf(message.content) !== '' ||
      textOf(message.refusal) !== '' ||
      textOf(message.reasoning_content) !== '' ||
      textOf(message.reasoning) !== '' ||
      Array.isArray(message.tool_calls)
    );
  }

  return {
    summary,
    event(data) {
      readHead(summary, data);
      let written = false;
      for (const choice of rowsOf(data.choices)) {
        if (readChoice(choice, fieldsOf(choice.delta))) written = true;
      }
      return written;
    },
    whole(body) {
      readHead(summary, body);
      for (const choice of rowsOf(body.choices)) readChoice(choice, fieldsOf(choice.message));
    },
  };
}
