// Plays a plan as stream parts, token by token: delays, stop sequences, the limit of tokens, log-probabilities, abort.

import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import type { AtelierOptions, CallStatus, PromptToken, TokenLogprob } from '../../../contracts/model.ts';
import { noticeOf, saidOf } from '../../../contracts/notice.ts';
import type { Plan } from './plan-answer.ts';
import { textsOf, tokensOf } from './tokens.ts';

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface Performance {
  name: string;
  plan: Plan;
  options: LanguageModelV4CallOptions;
  extra: AtelierOptions;
  /** Tokens of the prompt, and how many prompt and answer may have together. */
  input: number;
  contextLength: number;
  signal: AbortSignal;
  sleep: Sleep;
  now: () => number;
}

const bytesOf = (text: string) => [...new TextEncoder().encode(text)];

/**
 * The chosen token always has probability 0.9; its alternatives share the rest by halves. They are the other choices
 * where a choice was asked for.
 */
function logprobOf(token: string, alternatives: number, choices: readonly string[] = []): TokenLogprob {
  const instead = choices.filter((choice) => choice !== token);
  const others = Array.from({ length: Math.max(0, alternatives - 1) }, (_, i) => {
    const other = instead[i] ?? `${token}${'~'.repeat(i + 1)}`;
    return { token: other, logprob: Math.log(0.1 / 2 ** (i + 1)), bytes: bytesOf(other) };
  });
  const own = { token, logprob: Math.log(0.9), bytes: bytesOf(token) };
  return { ...own, tokenId: null, top: alternatives > 0 ? [own, ...others] : [] };
}

/** The prompt as a model that foresaw every token but the first as well as its own. */
function echoOf(options: LanguageModelV4CallOptions, alternatives: number): PromptToken[] {
  const tokens = [...textsOf(options.prompt)].flatMap(tokensOf);
  return tokens.map((token, i) => {
    const scored = logprobOf(token, alternatives);
    return i === 0 ? { ...scored, logprob: null, top: [] } : scored;
  });
}

/** Text up to the earliest stop sequence, and which one it was. */
function beforeStop(text: string, stops: readonly string[]): { text: string; stop: string | null } {
  let found: { at: number; stop: string } | null = null;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at >= 0 && (found === null || at < found.at)) found = { at, stop };
  }
  return found === null ? { text, stop: null } : { text: text.slice(0, found.at), stop: found.stop };
}

async function reportStatus(
  onStatus: (status: CallStatus) => void,
  name: string,
  total: number,
  pause: () => Promise<void>,
) {
  const stages: CallStatus[] = [
    { status: 'queued', place: 2 },
    { status: 'queued', place: 1 },
    { status: 'loading', model: `scripted/${name}`, progress: 0.5 },
    { status: 'reading', done: Math.floor(total / 2), total },
  ];
  for (const stage of stages) {
    onStatus(stage);
    await pause();
  }
}

interface Counts {
  input: number;
  text: number;
  reasoning: number;
}

const usageOf = ({ input, text, reasoning }: Counts): LanguageModelV4Usage => ({
  inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: text + reasoning, text, reasoning },
});

export async function* playPlan(performance: Performance): AsyncGenerator<LanguageModelV4StreamPart> {
  const { name, plan, options, extra, input, contextLength, signal, sleep, now } = performance;
  const room = contextLength - input;
  const asked = options.maxOutputTokens ?? room;
  const limit = Math.min(asked, room);
  const said =
    options.maxOutputTokens !== undefined && asked > room
      ? [
          noticeOf(
            'max_tokens_lowered',
            `max_tokens ${asked} was capped to the ${room} left in the context.`,
            { asked, room },
          ),
        ]
      : [];
  const counts: Counts = { input, text: 0, reasoning: 0 };
  const startedAt = now();
  let firstAt: number | null = null;
  let reason: LanguageModelV4FinishReason['unified'] = 'stop';
  let calls = 0;
  let stopSequence: string | null = null;

  const full = () => counts.text + counts.reasoning >= limit;
  const beat = async () => {
    if (plan.delayMs > 0) await sleep(plan.delayMs, signal);
    signal.throwIfAborted();
    firstAt ??= now();
  };
  const finish = (
    unified: LanguageModelV4FinishReason['unified'],
    raw: string,
  ): LanguageModelV4StreamPart => ({
    type: 'finish',
    usage: usageOf(counts),
    finishReason: { unified, raw },
    providerMetadata: {
      atelier: {
        timings: {
          readMs: Math.round((firstAt ?? now()) - startedAt),
          writeMs: Math.round(now() - (firstAt ?? now())),
        },
        ...(stopSequence === null ? {} : { stopSequence }),
        ...(said.length > 0 ? saidOf(said) : {}),
      },
    },
  });

  try {
    yield { type: 'stream-start', warnings: plan.warnings };
    yield {
      type: 'response-metadata',
      id: `scripted-${name}`,
      modelId: `scripted/${name}`,
      timestamp: new Date(now()),
    };
    const { onStatus } = extra;
    if (plan.status && onStatus)
      await reportStatus(onStatus, name, input, () => sleep(plan.delayMs || 200, signal));
    if (plan.waitMs > 0) await sleep(plan.waitMs, signal);
    onStatus?.({ status: 'writing' });
    if (extra.echo) {
      const prompt = echoOf(options, extra.topLogprobs ?? 0);
      yield { type: 'text-start', id: 'prompt' };
      yield { type: 'text-delta', id: 'prompt', delta: '', providerMetadata: { atelier: { prompt } } };
      yield { type: 'text-end', id: 'prompt' };
    }

    for (const [i, step] of plan.steps.entries()) {
      const block = `${i}`;
      if (step.type === 'fail') {
        yield { type: 'error', error: step.error };
        return;
      }
      if (full()) {
        reason = 'length';
        break;
      }
      if (step.type === 'turn') continue;
      if (step.type === 'tool') {
        // Unique over a conversation, and the same at every run.
        const toolCallId = `call_${options.prompt.length}_${i}_${step.name}`;
        yield { type: 'tool-input-start', id: toolCallId, toolName: step.name };
        for (const token of tokensOf(step.input)) {
          await beat();
          counts.text += 1;
          yield { type: 'tool-input-delta', id: toolCallId, delta: token };
        }
        yield { type: 'tool-input-end', id: toolCallId };
        yield { type: 'tool-call', toolCallId, toolName: step.name, input: step.input };
        calls += 1;
        continue;
      }
      const kind = step.type;
      const stops = kind === 'text' ? (options.stopSequences ?? []) : [];
      const { text, stop } = beforeStop(step.text, stops);
      const withLogprobs = kind === 'text' && (extra.logprobs || plan.logprobs);
      yield { type: `${kind}-start`, id: block };
      // A choice is written in one piece, so that its alternatives are the other choices.
      const whole = kind === 'text' && extra.choices?.includes(text);
      for (const token of whole ? [text] : tokensOf(text)) {
        if (full()) {
          reason = 'length';
          break;
        }
        await beat();
        counts[kind] += 1;
        yield {
          type: `${kind}-delta`,
          id: block,
          delta: token,
          ...(withLogprobs
            ? {
                providerMetadata: {
                  atelier: { logprobs: [logprobOf(token, extra.topLogprobs ?? 0, extra.choices)] },
                },
              }
            : {}),
        };
      }
      yield { type: `${kind}-end`, id: block };
      if (reason === 'length') break;
      if (stop !== null) {
        stopSequence = stop;
        break;
      }
    }
    if (calls > 0) reason = 'tool-calls';
    else if (plan.finish && reason === 'stop') reason = plan.finish;
    yield finish(reason, reason);
  } catch (error) {
    if (!signal.aborted) throw error;
    // The usage so far, then the abort itself, as a provider of the gateway is asked to (watch-stream.ts).
    yield finish('other', 'cancelled');
    throw signal.reason;
  }
}
