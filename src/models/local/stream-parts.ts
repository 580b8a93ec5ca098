// The events of one answer as the AI SDK's stream parts: blocks opened and closed in order, calls of tools, usage.

import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';
import type { AtelierMetadata, TokenLogprob } from '../../contracts/model.ts';
import { type Notice, noticeOf, saidOf } from '../../contracts/notice.ts';
import { newId } from '../../lib/ids.ts';
import { type AnswerParser, type AnswerPart, createAnswerParser } from './answer-parser.ts';
import type { GenerationEvent } from './engine-protocol.ts';
import type { ReadCall } from './read-call.ts';

type Part = LanguageModelV4StreamPart;
type Accepted = Extract<GenerationEvent, { type: 'accepted' }>;
type Finished = Extract<GenerationEvent, { type: 'finish' }>;
type Taken = Extract<GenerationEvent, { type: 'delta' | 'prompt-logprobs' | 'finish' }>;

export interface StreamParts {
  start(event: Accepted): Part[];
  take(event: Taken): Part[];
  fail(error: AtelierError): Part[];
}

export interface StreamPartsOptions {
  call: ReadCall;
  modelId: string;
  responseId: string;
  loadMs: number | null;
  /** What is wrong with a finished JSON answer; null when no schema was asked for. */
  faultsOf: ((text: string) => string[]) | null;
}

export function createStreamParts({
  call,
  modelId,
  responseId,
  loadMs,
  faultsOf,
}: StreamPartsOptions): StreamParts {
  let parser: AnswerParser | null = null;
  let open: { kind: 'text' | 'reasoning'; id: string } | null = null;
  let blocks = 0;
  let called = false;
  let whole = '';
  const said: Notice[] = [];
  let pending: TokenLogprob[] = [];

  /** Of a raw prompt the answer is its continuation, in which nothing is a thought or a call. */
  const raw = call.prompt.kind !== 'chat';

  const closeBlock = (): Part[] => {
    if (open === null) return [];
    const { kind, id } = open;
    open = null;
    return [{ type: `${kind}-end`, id }];
  };

  const block = (kind: 'text' | 'reasoning', delta: string): Part[] => {
    const parts: Part[] = [];
    if (open?.kind !== kind) {
      parts.push(...closeBlock());
      open = { kind, id: String(blocks++) };
      parts.push({ type: `${kind}-start`, id: open.id });
    }
    const logprobs = pending;
    pending = [];
    const metadata =
      logprobs.length === 0 ? {} : { providerMetadata: { atelier: { logprobs } satisfies AtelierMetadata } };
    parts.push({ type: `${kind}-delta`, id: open.id, delta, ...metadata });
    return parts;
  };

  const written = (part: AnswerPart): Part[] => {
    if (part.type === 'reasoning') return block('reasoning', part.text);
    if (part.type === 'text') {
      whole += part.text;
      return block('text', part.text);
    }
    called = true;
    pending = [];
    const id = newId('call');
    const { name, input } = part.call;
    return [
      ...closeBlock(),
      { type: 'tool-input-start', id, toolName: name },
      { type: 'tool-input-delta', id, delta: input },
      { type: 'tool-input-end', id },
      { type: 'tool-call', toolCallId: id, toolName: name, input },
    ];
  };

  const finish = (event: Finished): Part[] => {
    const parts = [...(parser?.end() ?? []).flatMap(written)];
    if (pending.length > 0) parts.push(...block('text', ''));
    parts.push(...closeBlock());
    if (event.reason === 'end' && faultsOf !== null && !called) {
      const faults = faultsOf(whole);
      if (faults.length > 0) {
        const message = `The answer does not satisfy the JSON schema: ${faults.join('; ')}. Ask again, or loosen the schema.`;
        parts.push({
          type: 'error',
          error: new AtelierError('model_failed', message, { data: { faults }, retryable: true }),
        });
      }
    }
    const { promptTokens, cachedTokens, outputTokens } = event.usage;
    const { queueMs, readMs, writeMs } = event.timings;
    const atelier: AtelierMetadata = {
      timings: { queueMs, readMs, writeMs, ...(loadMs === null ? {} : { loadMs }) },
      ...(event.stop === undefined ? {} : { stopSequence: event.stop }),
      ...(said.length === 0 ? {} : saidOf(said)),
    };
    parts.push({
      type: 'finish',
      usage: {
        inputTokens: {
          total: promptTokens,
          noCache: promptTokens - cachedTokens,
          cacheRead: cachedTokens,
          cacheWrite: 0,
        },
        outputTokens: { total: outputTokens, text: undefined, reasoning: undefined },
      },
      finishReason: {
        unified: called && event.reason !== 'cancelled' ? 'tool-calls' : unified[event.reason],
        raw: event.reason,
      },
      providerMetadata: { atelier },
    });
    return parts;
  };

  return {
    start(event) {
      parser = createAnswerParser({
        tools: call.tools,
        thinking: call.spec.grammar === null && !raw,
        promptEnd: event.promptEnd,
      });
      if (event.capped) {
        said.push(
          noticeOf(
            'max_tokens_lowered',
            `max_tokens of ${call.spec.maxOutputTokens} was lowered to ${event.maxOutputTokens}, the room that the prompt of ${event.promptTokens} tokens leaves.`,
            { asked: call.spec.maxOutputTokens ?? 0, room: event.maxOutputTokens },
          ),
        );
      }
      return [
        { type: 'stream-start', warnings: call.warnings },
        { type: 'response-metadata', id: responseId, modelId, timestamp: new Date() },
      ];
    },
    take(event) {
      if (event.type === 'finish') return finish(event);
      if (event.type === 'prompt-logprobs') {
        const [begin, delta] = block('text', '');
        const providerMetadata = { atelier: { prompt: event.tokens } satisfies AtelierMetadata };
        return begin === undefined || delta === undefined
          ? []
          : [begin, { ...delta, providerMetadata } as Part];
      }
      if (event.logprobs !== undefined) pending.push(...event.logprobs);
      return (parser?.push(event.text) ?? []).flatMap(written);
    },
    fail: (error) => [...closeBlock(), { type: 'error', error }],
  };
}

const unified = { end: 'stop', stop: 'stop', length: 'length', cancelled: 'other' } as const;
