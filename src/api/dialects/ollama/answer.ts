// Reads the contract's stream as the pieces of an answer on Ollama's wire: text, thinking and whole calls of tools, then
// what it took, in nanoseconds.
import type { LanguageModelV4FinishReason, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { AtelierMetadata, TokenLogprob } from '../../../contracts/model.ts';

export interface Logprob {
  token: string;
  logprob: number;
  bytes: number[] | null;
  top_logprobs: { token: string; logprob: number; bytes: number[] | null }[];
}

export interface ToolCall {
  id: string;
  function: { index: number; name: string; arguments: unknown };
}

export interface Ending {
  done_reason: string;
  total_duration: number;
  load_duration: number;
  /** Absent when the model told nothing: never a made-up zero. */
  prompt_eval_count?: number;
  prompt_eval_duration: number;
  eval_count?: number;
  eval_duration: number;
}

export type Piece =
  | { type: 'text' | 'thinking'; text: string; logprobs: Logprob[] }
  | { type: 'call'; call: ToolCall }
  | { type: 'end'; ending: Ending };

const reasons: Record<LanguageModelV4FinishReason['unified'], string | null> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'stop',
  'content-filter': 'content_filter',
  other: 'stop',
  error: null,
  interrupted: null,
};

const NS_PER_MS = 1_000_000;
const nanoseconds = (ms: number): number => Math.max(0, Math.round(ms * NS_PER_MS));

function logprobsOf(metadata: { atelier?: unknown } | undefined): Logprob[] {
  const tokens: readonly TokenLogprob[] = (metadata?.atelier as AtelierMetadata | undefined)?.logprobs ?? [];
  return tokens.map(({ token, logprob, bytes, top }) => ({
    token,
    logprob,
    bytes,
    top_logprobs: top.map((other) => ({ token: other.token, logprob: other.logprob, bytes: other.bytes })),
  }));
}

function argumentsOf(input: string): unknown {
  if (input.trim() === '') return {};
  try {
    return JSON.parse(input) as unknown;
  } catch {
    // What a model wrote badly is shown as it was.
    return input;
  }
}

type Finish = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;

/** The engine's own times where it has them, else what was seen from here. */
function endingOf(part: Finish, began: number, first: number | null, now: number): Ending {
  const reason = reasons[part.finishReason.unified];
  if (reason === null) {
    throw new AtelierError(
      'provider_failed',
      `The model's answer ended early (${part.finishReason.raw ?? part.finishReason.unified}) and may be incomplete. Try again.`,
      { retryable: true, data: { finishReason: part.finishReason.unified } },
    );
  }
  const timings = (part.providerMetadata?.atelier as AtelierMetadata | undefined)?.timings;
  const { inputTokens, outputTokens } = part.usage;
  return {
    done_reason: reason,
    total_duration: nanoseconds(now - began),
    load_duration: nanoseconds(timings?.loadMs ?? 0),
    ...(inputTokens.total === undefined ? {} : { prompt_eval_count: inputTokens.total }),
    prompt_eval_duration: nanoseconds(timings?.readMs ?? (first ?? now) - began),
    ...(outputTokens.total === undefined ? {} : { eval_count: outputTokens.total }),
    eval_duration: nanoseconds(timings?.writeMs ?? now - (first ?? now)),
  };
}

/**
 * `began`: when the request came, by the same clock.
 * @throws AtelierError what the stream carried as an error; provider_failed when it ended without an end
 */
export async function* readPieces(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  began: number,
  clock: () => number = () => performance.now(),
): AsyncGenerator<Piece> {
  let first: number | null = null;
  let calls = 0;
  for await (const part of stream) {
    switch (part.type) {
      case 'text-delta':
      case 'reasoning-delta':
        first ??= clock();
        yield {
          type: part.type === 'text-delta' ? 'text' : 'thinking',
          text: part.delta,
          logprobs: logprobsOf(part.providerMetadata),
        };
        break;
      case 'tool-call': {
        first ??= clock();
        if (part.providerExecuted) break;
        const call = { index: calls++, name: part.toolName, arguments: argumentsOf(part.input) };
        yield { type: 'call', call: { id: part.toolCallId, function: call } };
        break;
      }
      case 'finish':
        yield { type: 'end', ending: endingOf(part, began, first, clock()) };
        return;
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
