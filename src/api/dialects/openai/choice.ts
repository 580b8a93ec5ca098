// Reads the contract's stream as OpenAI's deltas of one choice. Both the streamed and the plain answer are made of these.
import type {
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { AtelierMetadata, PromptToken, TokenLogprob } from '../../../contracts/model.ts';

export interface ToolCallDelta {
  index: number;
  id?: string;
  type?: 'function';
  function: { name?: string; arguments: string };
}

interface ChoiceDelta {
  content?: string;
  reasoning_content?: string;
  tool_calls?: ToolCallDelta[];
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

export type ChoiceEvent =
  | {
      type: 'delta';
      delta: ChoiceDelta;
      logprobs: readonly TokenLogprob[] | null;
      /** Of an echoed prompt, on the first delta. */
      prompt?: readonly PromptToken[];
    }
  | {
      type: 'finish';
      reason: FinishReason;
      usage: LanguageModelV4Usage;
      logprobs: readonly TokenLogprob[] | null;
    };

/** `error` and `interrupted` are no ends of an answer on this wire: they become errors. */
const reasons: Record<LanguageModelV4FinishReason['unified'], FinishReason | null> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  other: 'stop',
  error: null,
  interrupted: null,
};

type Metadata = { atelier?: unknown } | undefined;
const atelierOf = (metadata: Metadata) => metadata?.atelier as AtelierMetadata | undefined;
const logprobsOf = (metadata: Metadata): readonly TokenLogprob[] | null =>
  atelierOf(metadata)?.logprobs ?? null;
const promptOf = (metadata: Metadata) => {
  const prompt = atelierOf(metadata)?.prompt;
  return prompt === undefined ? {} : { prompt };
};

/** @throws AtelierError what the stream carried as an error; provider_failed when it ended without an end */
export async function* readChoice(
  stream: ReadableStream<LanguageModelV4StreamPart>,
): AsyncGenerator<ChoiceEvent> {
  /** Tool calls in the order in which they began, with whether their arguments were streamed. */
  const calls = new Map<string, { index: number; streamed: boolean }>();
  const tools = (call: ToolCallDelta): ChoiceEvent => ({
    type: 'delta',
    delta: { tool_calls: [call] },
    logprobs: null,
  });
  const begin = (id: string, name: string): ChoiceEvent => {
    const index = calls.size;
    calls.set(id, { index, streamed: false });
    return tools({ index, id, type: 'function', function: { name, arguments: '' } });
  };

  for await (const part of stream) {
    switch (part.type) {
      case 'text-delta':
        yield {
          type: 'delta',
          delta: { content: part.delta },
          logprobs: logprobsOf(part.providerMetadata),
          ...promptOf(part.providerMetadata),
        };
        break;
      case 'reasoning-delta':
        yield { type: 'delta', delta: { reasoning_content: part.delta }, logprobs: null };
        break;
      case 'tool-input-start':
        if (!part.providerExecuted) yield begin(part.id, part.toolName);
        break;
      case 'tool-input-delta': {
        const call = calls.get(part.id);
        if (call === undefined || part.delta === '') break;
        call.streamed = true;
        yield tools({ index: call.index, function: { arguments: part.delta } });
        break;
      }
      case 'tool-call': {
        if (part.providerExecuted) break;
        if (!calls.has(part.toolCallId)) yield begin(part.toolCallId, part.toolName);
        const call = calls.get(part.toolCallId);
        if (call !== undefined && !call.streamed)
          yield tools({ index: call.index, function: { arguments: part.input } });
        break;
      }
      case 'finish': {
        const reason = reasons[part.finishReason.unified];
        if (reason === null) {
          throw new AtelierError(
            'provider_failed',
            `The model's answer ended early (${part.finishReason.raw ?? part.finishReason.unified}) and may be incomplete. Try again.`,
            { retryable: true, data: { finishReason: part.finishReason.unified } },
          );
        }
        yield {
          type: 'finish',
          reason: calls.size > 0 && reason === 'stop' ? 'tool_calls' : reason,
          usage: part.usage,
          logprobs: logprobsOf(part.providerMetadata),
        };
        return;
      }
      case 'error':
        throw toAtelierError(part.error);
      default:
        break;
    }
  }
  throw new AtelierError('provider_failed', 'The model stopped without ending its answer. Try again.', {
    retryable: true,
  });
}
