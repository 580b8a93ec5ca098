// Writes the items of a Response from the contract's stream: each part becomes the events that open, fill and close an
// item, in the order in which clients insist on them.
import type { LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider';
import { AtelierError, toAtelierError } from '../../../../contracts/errors.ts';
import type { AtelierMetadata, TokenLogprob } from '../../../../contracts/model.ts';
import { toLogprobs } from '../response.ts';
import { itemId } from './item-ids.ts';
import { packReasoning } from './reasoning-text.ts';
import type { Item } from './schema.ts';
import type { ReadTools } from './tools.ts';

/** An event without its number. */
export type ItemEvent = { type: `response.${string}` } & Record<string, unknown>;

export interface ItemsFinish {
  type: 'finish';
  reason: 'completed' | 'max_output_tokens' | 'content_filter';
  usage: LanguageModelV4Usage;
}

export interface WriteItemsOptions {
  responseId: string;
  /** The Response's own list, which fills as items close. */
  output: Item[];
  wire: ReadTools['wire'];
  logprobs: boolean;
  /** The client asked for a summary of the thoughts: it reads them there and nowhere else. */
  summary: boolean;
  /** Thoughts are told once more in a form that comes back whole. */
  packed: boolean;
}

type Delta = Extract<LanguageModelV4StreamPart, { type: 'text-delta' }>;

interface OpenItem {
  write(delta: string, logprobs: readonly TokenLogprob[]): ItemEvent[];
  close(status: 'completed' | 'incomplete'): ItemEvent[];
}

const logprobsOf = (part: Delta): readonly TokenLogprob[] =>
  (part.providerMetadata?.atelier as AtelierMetadata | undefined)?.logprobs ?? [];

/** @throws AtelierError what the stream carried as an error; provider_failed when it ended without an end */
export async function* writeItems(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  options: WriteItemsOptions,
): AsyncGenerator<ItemEvent | ItemsFinish> {
  const { output, responseId, wire } = options;
  const open = new Map<string, OpenItem>();
  let items = 0;
  /** Its block is over; whether it is whole or was cut off is told by what comes next. */
  let over: string | null = null;

  /** Opens an item at the next place; `done` gives its final form, which takes its place in the output. */
  const place = (prefix: string) => {
    const output_index = items++;
    const item_id = itemId(prefix, responseId, output_index, 'out');
    const at = { item_id, output_index };
    const added = (item: Item): ItemEvent => {
      output[output_index] = { id: item_id, ...item };
      return {
        type: 'response.output_item.added',
        output_index,
        item: { id: item_id, ...item },
      };
    };
    const done = (item: Item): ItemEvent => {
      output[output_index] = { id: item_id, ...item };
      return { type: 'response.output_item.done', output_index, item: { id: item_id, ...item } };
    };
    return { at, added, done };
  };

  function openMessage(events: ItemEvent[]): OpenItem {
    const { at, added, done } = place('msg');
    const message = (status: string, content: Item[]): Item => ({
      type: 'message',
      status,
      role: 'assistant',
      content,
    });
    const textPart = (text: string, logprobs: unknown[]) => ({
      type: 'output_text',
      annotations: [],
      logprobs,
      text,
    });
    const here = { ...at, content_index: 0 };
    let text = '';
    const all: unknown[] = [];
    events.push(added(message('in_progress', [])));
    events.push({ type: 'response.content_part.added', ...here, part: textPart('', []) });
    return {
      write(delta, tokens) {
        text += delta;
        const logprobs = options.logprobs ? toLogprobs(tokens).content : [];
        all.push(...logprobs);
        return [{ type: 'response.output_text.delta', ...here, delta, logprobs }];
      },
      close(status) {
        const part = textPart(text, all);
        return [
          { type: 'response.output_text.done', ...here, text, logprobs: all },
          { type: 'response.content_part.done', ...here, part },
          done(message(status, [part])),
        ];
      },
    };
  }

  function openReasoning(events: ItemEvent[]): OpenItem {
    const { at, added, done } = place('rs');
    const { summary } = options;
    const kind = summary ? 'reasoning_summary_text' : 'reasoning_text';
    const partName = summary ? 'response.reasoning_summary_part' : 'response.content_part';
    const here = { ...at, ...(summary ? { summary_index: 0 } : { content_index: 0 }) };
    const part = (text: string) => ({ type: summary ? 'summary_text' : 'reasoning_text', text });
    const reasoning = (status: string, parts: Item[], text: string): Item => ({
      type: 'reasoning',
      status,
      summary: summary ? parts : [],
      ...(summary ? {} : { content: parts }),
      encrypted_content: options.packed && text !== '' ? packReasoning(text) : null,
    });
    let text = '';
    events.push(added(reasoning('in_progress', [], '')));
    events.push({ type: `${partName}.added`, ...here, part: part('') });
    return {
      write(delta) {
        text += delta;
        return [{ type: `response.${kind}.delta`, ...here, delta }];
      },
      close(status) {
        return [
          { type: `response.${kind}.done`, ...here, text },
          { type: `${partName}.done`, ...here, part: part(text) },
          done(reasoning(status, [part(text)], text)),
        ];
      },
    };
  }

  function openCall(callId: string, toolName: string, events: ItemEvent[]): OpenItem {
    const { at, added, done } = place('fc');
    let written = '';
    const call = (status: string, text: string): Item => ({
      type: 'function_call',
      status,
      call_id: callId,
      ...wire(toolName),
      arguments: text,
    });
    events.push(added(call('in_progress', '')));
    return {
      write(delta) {
        written += delta;
        return [{ type: 'response.function_call_arguments.delta', ...at, delta }];
      },
      close(status) {
        const { name } = wire(toolName);
        return [
          { type: 'response.function_call_arguments.done', ...at, name, arguments: written },
          done(call(status, written)),
        ];
      },
    };
  }

  const close = (key: string, status: 'completed' | 'incomplete'): ItemEvent[] => {
    const item = open.get(key);
    open.delete(key);
    return item?.close(status) ?? [];
  };
  const begun = (key: string, begin: (events: ItemEvent[]) => OpenItem) => {
    const events: ItemEvent[] = [];
    let item = open.get(key);
    if (item === undefined) {
      item = begin(events);
      open.set(key, item);
    }
    return { item, events };
  };

  try {
    for await (const part of stream) {
      if (over !== null && part.type !== 'finish') {
        yield* close(over, 'completed');
        over = null;
      }
      switch (part.type) {
        case 'text-delta': {
          const logprobs = logprobsOf(part);
          if (part.delta === '' && logprobs.length === 0) break;
          const { item, events } = begun(`text ${part.id}`, openMessage);
          yield* [...events, ...item.write(part.delta, logprobs)];
          break;
        }
        case 'reasoning-delta': {
          if (part.delta === '') break;
          const { item, events } = begun(`reasoning ${part.id}`, openReasoning);
          yield* [...events, ...item.write(part.delta, [])];
          break;
        }
        case 'text-end':
          over = `text ${part.id}`;
          break;
        case 'reasoning-end':
          over = `reasoning ${part.id}`;
          break;
        case 'tool-input-start':
          if (!part.providerExecuted)
            yield* begun(`call ${part.id}`, (events) => openCall(part.id, part.toolName, events)).events;
          break;
        case 'tool-input-delta': {
          const item = open.get(`call ${part.id}`);
          if (item !== undefined && part.delta !== '') yield* item.write(part.delta, []);
          break;
        }
        case 'tool-call': {
          if (part.providerExecuted) break;
          const { toolCallId: id, toolName, input } = part;
          const streamed = open.has(`call ${id}`);
          const { item, events } = begun(`call ${id}`, (into) => openCall(id, toolName, into));
          yield* [...events, ...(streamed || input === '' ? [] : item.write(input, []))];
          yield* close(`call ${id}`, 'completed');
          break;
        }
        case 'finish': {
          const { unified, raw } = part.finishReason;
          if (unified === 'error' || unified === 'interrupted')
            throw new AtelierError(
              'provider_failed',
              `The model's answer ended early (${raw ?? unified}) and may be incomplete. Try again.`,
              { retryable: true, data: { finishReason: unified } },
            );
          const reason =
            unified === 'length'
              ? 'max_output_tokens'
              : unified === 'content-filter'
                ? 'content_filter'
                : 'completed';
          // An answer without a word is an empty message, not none: clients look for one.
          if (items === 0) {
            const { events } = begun('text none', openMessage);
            yield* events;
          }
          for (const key of [...open.keys()])
            yield* close(key, reason === 'completed' ? 'completed' : 'incomplete');
          yield { type: 'finish', reason, usage: part.usage };
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
  } finally {
    // What was being written when it broke off is there as far as it came.
    for (const key of [...open.keys()]) close(key, 'incomplete');
  }
}
