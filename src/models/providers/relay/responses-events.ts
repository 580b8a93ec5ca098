// OpenAI's responses, in events or whole.
import type { EventReader } from './read-usage.ts';
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

const written = new Set([
  'response.output_text.delta',
  'response.refusal.delta',
  'response.reasoning_summary_text.delta',
  'response.reasoning_text.delta',
  'response.function_call_arguments.delta',
  'response.custom_tool_call_input.delta',
]);

/** Tools that run at the provider and are charged besides the tokens. */
const chargedApiece: Readonly<Record<string, string>> = {
  web_search_call: 'web searches',
  file_search_call: 'file searches',
  code_interpreter_call: 'runs of code',
  image_generation_call: 'images',
};

export function createResponsesEvents(): EventReader {
  const summary = emptySummary();

  function readCall(item: Fields): void {
    if (item.type !== 'function_call' && item.type !== 'custom_tool_call') return;
    summary.toolCalls.push({
      id: textOf(item.call_id) || textOf(item.id),
      name: textOf(item.name),
      arguments: textOf(item.arguments) || textOf(item.input),
    });
  }

  /** How the response stands at its end: status, usage, and what it was charged by. */
  function readEnd(response: Fields): void {
    summary.responseId = textOf(response.id) || summary.responseId;
    noteTier(summary, response.service_tier);
    const { usage } = response;
    if (isFields(usage)) {
      const read = fieldsOf(usage.input_tokens_details);
      summary.usage = usageOf(
        {
          total: countOf(usage.input_tokens),
          cacheRead: countOf(read.cached_tokens),
          cacheWrite: countOf(read.cache_write_tokens),
        },
        {
          total: countOf(usage.output_tokens),
          reasoning: countOf(fieldsOf(usage.output_tokens_details).reasoning_tokens),
        },
        usage,
      );
    }
    const counts = new Map<string, number>();
    for (const { type } of rowsOf(response.output)) {
      const what = chargedApiece[textOf(type)];
      if (what !== undefined) counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    for (const [what, count] of counts) summary.beyondTokens.push(`${count} ${what}`);
    if (isFields(response.error)) summary.error = { error: response.error };
    const why = textOf(fieldsOf(response.incomplete_details).reason);
    switch (response.status) {
      case 'completed':
        summary.finishReason = finish(summary.toolCalls.length > 0 ? 'tool-calls' : 'stop', 'completed');
        return;
      case 'incomplete':
        summary.finishReason = finish(
          why === 'content_filter' ? 'content-filter' : why === 'max_output_tokens' ? 'length' : 'other',
          why || 'incomplete',
        );
        return;
      case 'failed':
        summary.finishReason = finish('error', 'failed');
        return;
      default:
    }
  }

  return {
    summary,
    event(data) {
      const type = textOf(data.type);
      switch (type) {
        case 'response.created':
          summary.responseId = textOf(fieldsOf(data.response).id) || null;
          break;
        case 'response.output_text.delta':
        case 'response.refusal.delta':
          summary.text += textOf(data.delta);
          break;
        case 'response.reasoning_summary_text.delta':
        case 'response.reasoning_text.delta':
          summary.reasoning += textOf(data.delta);
          break;
        case 'response.output_item.done':
          readCall(fieldsOf(data.item));
          break;
        case 'response.completed':
        case 'response.incomplete':
        case 'response.failed':
          readEnd(fieldsOf(data.response));
          break;
        case 'error':
          summary.error = data;
          break;
        default:
      }
      return written.has(type);
    },
    whole(body) {
      for (const item of rowsOf(body.output)) {
        readCall(item);
        for (const part of rowsOf(item.content)) summary.text += textOf(part.text) || textOf(part.refusal);
        for (const part of rowsOf(item.summary)) summary.reasoning += textOf(part.text);
      }
      if (isFields(body.error) && body.object !== 'response') summary.error = body;
      readEnd(body);
    },
  };
}
