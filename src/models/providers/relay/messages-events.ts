// Anthropic's messages, in events or whole. Its input tokens leave out what was read from and written to the cache.
import type { LanguageModelV4FinishReason } from '@ai-sdk/provider';
import type { EventReader, RelaySummary } from './read-usage.ts';
import {
  countOf,
  emptySummary,
  type Fields,
  fieldsOf,
  finish,
  isFields,
  note,
  noteTier,
  rowsOf,
  textOf,
  usageOf,
} from './summary-parts.ts';

const reasons: Record<string, LanguageModelV4FinishReason['unified']> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
};

/** Turns that a compaction or another attempt was made of are charged each, and stand in the totals only here. */
function executed(usage: Fields): Fields {
  const turns = rowsOf(usage.iterations);
  if (turns.length === 0 || turns.some((turn) => turn.type === 'fallback_message')) return usage;
  const own = turns.filter((turn) => turn.type === 'compaction' || turn.type === 'message');
  if (own.length === 0) return usage;
  const sum = (name: string) => own.reduce((total, turn) => total + (countOf(turn[name]) ?? 0), 0);
  return { ...usage, input_tokens: sum('input_tokens'), output_tokens: sum('output_tokens') };
}

function readUsage(summary: RelaySummary, usage: Fields): void {
  const { input_tokens, output_tokens } = executed(usage);
  const plain = countOf(input_tokens);
  const cacheRead = countOf(usage.cache_read_input_tokens) ?? 0;
  const cacheWrite = countOf(usage.cache_creation_input_tokens) ?? 0;
  summary.usage = usageOf(
    { total: plain === undefined ? undefined : plain + cacheRead + cacheWrite, cacheRead, cacheWrite },
    {
      total: countOf(output_tokens),
      reasoning: countOf(fieldsOf(usage.output_tokens_details).thinking_tokens),
    },
    usage,
  );
  noteTier(summary, usage.service_tier);
  // A fallback or an advisor is another model with a price of its own.
  const others = rowsOf(usage.iterations).filter(({ type }) => type !== 'message' && type !== 'compaction');
  if (others.length > 0) note(summary, 'another model of the provider took part');
  // Both are charged by a factor on the list.
  if (usage.inference_geo === 'us') note(summary, 'inference in the US alone');
  if (usage.speed === 'fast') note(summary, 'fast mode');
  const searches = countOf(fieldsOf(usage.server_tool_use).web_search_requests) ?? 0;
  summary.beyondTokens = summary.beyondTokens.filter((note) => !note.endsWith('web searches'));
  if (searches > 0) summary.beyondTokens.push(`${searches} web searches`);
}

export function createMessagesEvents(): EventReader {
  const summary = emptySummary();
  const calls = new Map<unknown, RelaySummary['toolCalls'][number]>();
  let usage: Fields = {};

  function stopped(reason: unknown): void {
    const raw = textOf(reason);
    if (raw !== '') summary.finishReason = finish(reasons[raw] ?? 'other', raw);
  }

  function startBlock(index: unknown, block: Fields): boolean {
    summary.text += block.type === 'text' ? textOf(block.text) : '';
    summary.reasoning += block.type === 'thinking' ? textOf(block.thinking) : '';
    if (block.type !== 'tool_use') return textOf(block.text) !== '' || textOf(block.thinking) !== '';
    const call = { id: textOf(block.id), name: textOf(block.name), arguments: '' };
    calls.set(index, call);
    summary.toolCalls.push(call);
    return true;
  }

  function readDelta(index: unknown, delta: Fields): boolean {
    switch (delta.type) {
      case 'text_delta':
        summary.text += textOf(delta.text);
        return true;
      case 'thinking_delta':
        summary.reasoning += textOf(delta.thinking);
        return true;
      case 'input_json_delta': {
        const call = calls.get(index);
        if (call) call.arguments += textOf(delta.partial_json);
        return true;
      }
      default:
        return false;
    }
  }

  return {
    summary,
    event(data) {
      switch (data.type) {
        case 'message_start': {
          const message = fieldsOf(data.message);
          summary.responseId = textOf(message.id) || null;
          // Its count of what was written is the first token's: an answer that is cut off has no usage.
          usage = { ...fieldsOf(message.usage) };
          return false;
        }
        case 'content_block_start':
          return startBlock(data.index, fieldsOf(data.content_block));
        case 'content_block_delta':
          return readDelta(data.index, fieldsOf(data.delta));
        case 'message_delta':
          stopped(fieldsOf(data.delta).stop_reason);
          // Its counts are those of the whole answer so far.
          for (const [name, value] of Object.entries(fieldsOf(data.usage)))
            if (value !== null && value !== undefined) usage[name] = value;
          readUsage(summary, usage);
          return false;
        case 'error':
          summary.error = data;
          return false;
        default:
          return false;
      }
    },
    whole(body) {
      if (body.type === 'error') {
        summary.error = body;
        return;
      }
      summary.responseId = textOf(body.id) || null;
      for (const [index, block] of rowsOf(body.content).entries()) {
        startBlock(index, block);
        const call = calls.get(index);
        if (call && block.type === 'tool_use') call.arguments = JSON.stringify(block.input ?? {});
      }
      stopped(body.stop_reason);
      if (isFields(body.usage)) readUsage(summary, body.usage);
    },
  };
}
