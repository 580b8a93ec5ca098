// A message on Anthropic's wire: what it looks like when it begins, how it ends, and the whole of it.
import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Block, BlockEvent } from './blocks.ts';

type StopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'refusal'
  | 'model_context_window_exceeded';

export interface MessageHead {
  id: string;
  model: string;
  /** The caller speaks 2026-10-21 or later. */
  recent: boolean;
}

export interface Ending {
  stop_reason: StopReason;
  stop_sequence: string | null;
  stop_details: { type: 'refusal'; category: null; explanation: null } | null;
}

export interface EndingFacts {
  stopSequences: readonly string[];
  maxTokens: number;
}

type FinishEvent = Extract<BlockEvent, { type: 'finish' }>;

/** Which text stopped the model: what the provider says, else the only one that it can have been. */
function stopSequenceOf({ finish }: FinishEvent, asked: readonly string[]): string | null {
  const { atelier, anthropic } = finish.providerMetadata ?? {};
  const told = atelier?.stopSequence ?? anthropic?.stopSequence;
  return typeof told === 'string' && asked.includes(told) ? told : null;
}

export function endingOf(event: FinishEvent, { stopSequences, maxTokens }: EndingFacts): Ending {
  const plain = (stop_reason: StopReason): Ending => ({
    stop_reason,
    stop_sequence: null,
    stop_details: null,
  });
  switch (event.finish.finishReason.unified) {
    case 'content-filter':
      return {
        ...plain('refusal'),
        stop_details: { type: 'refusal', category: null, explanation: null },
      };
    case 'length': {
      // The limit of the caller, or the end of the context before it.
      const written = event.usage.outputTokens.total;
      return plain(
        written !== undefined && written < maxTokens ? 'model_context_window_exceeded' : 'max_tokens',
      );
    }
    default: {
      if (event.calledTools) return plain('tool_use');
      const stop = stopSequenceOf(event, stopSequences);
      return stop === null ? plain('end_turn') : { ...plain('stop_sequence'), stop_sequence: stop };
    }
  }
}

/** Input tokens stand without those of the cache, as this wire counts. Null when the model told nothing. */
export function deltaUsage({ inputTokens, outputTokens }: LanguageModelV4Usage) {
  const read = inputTokens.cacheRead ?? 0;
  const written = inputTokens.cacheWrite ?? 0;
  return {
    input_tokens:
      inputTokens.noCache ?? (inputTokens.total === undefined ? null : inputTokens.total - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: outputTokens.total ?? 0,
    output_tokens_details:
      outputTokens.reasoning === undefined ? null : { thinking_tokens: outputTokens.reasoning },
    server_tool_use: null,
  };
}

/** The message before its first block. `inputTokens`: of the prompt, where that is known before the answer. */
export function messageStart({ id, model, recent }: MessageHead, inputTokens: number | null) {
  return {
    id,
    type: 'message' as const,
    role: 'assistant' as const,
    model,
    content: [] as Block[],
    container: null,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    ...(recent ? { diagnostics: null } : {}),
    usage: {
      input_tokens: inputTokens ?? 0,
      output_tokens: 0,
      cache_creation: null,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      inference_geo: null,
      output_tokens_details: null,
      server_tool_use: null,
      service_tier: null,
      ...(recent ? { speed: null } : {}),
    },
  };
}

function parsed(input: string): unknown {
  if (input.trim() === '') return {};
  try {
    return JSON.parse(input);
  } catch {
    // What a model wrote badly is shown as it was, as the streamed answer shows it.
    return input;
  }
}

/** Folds the events of an answer into its message. */
export async function collectMessage(
  head: MessageHead,
  events: AsyncIterable<BlockEvent>,
  facts: EndingFacts,
) {
  const message = messageStart(head, null);
  const inputs = new Map<number, string>();
  for await (const event of events) {
    if (event.type === 'start') message.content[event.index] = { ...event.block };
    else if (event.type === 'delta') {
      const block = message.content[event.index];
      const { delta } = event;
      if (block?.type === 'text' && delta.type === 'text_delta') block.text += delta.text;
      else if (block?.type === 'thinking' && delta.type === 'thinking_delta')
        block.thinking += delta.thinking;
      else if (block?.type === 'thinking' && delta.type === 'signature_delta')
        block.signature = delta.signature;
      else if (delta.type === 'input_json_delta')
        inputs.set(event.index, (inputs.get(event.index) ?? '') + delta.partial_json);
    } else if (event.type === 'finish') {
      for (const [index, input] of inputs) {
        const block = message.content[index];
        if (block?.type === 'tool_use') block.input = parsed(input);
      }
      const usage = deltaUsage(event.usage);
      return {
        ...message,
        ...endingOf(event, facts),
        usage: { ...message.usage, ...usage, input_tokens: usage.input_tokens ?? 0 },
      };
    }
  }
  throw new AtelierError('internal', 'A message ended without its finish event.');
}
