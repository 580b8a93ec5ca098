// Reads along with a relayed answer, for price, ledger and timing: what was written, how it ended and what it used.
// Until the first token each event is looked into as it passes; what follows is only kept, and read when the answer is over.
import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { WireDialect } from '../../model-call.ts';
import { createChatEvents } from './chat-events.ts';
import { createMessagesEvents } from './messages-events.ts';
import { createResponsesEvents } from './responses-events.ts';

export interface RelaySummary {
  text: string;
  reasoning: string;
  toolCalls: { id: string; name: string; arguments: string }[];
  /** Null when the answer did not come to its end. */
  finishReason: LanguageModelV4FinishReason | null;
  /** Null when the provider did not say. */
  usage: LanguageModelV4Usage | null;
  responseId: string | null;
  /** Events that could not be read. */
  malformed: number;
  /** An error within the answer, as it came; it may repeat secrets, which `toError` of the relay takes out. */
  error: unknown;
  /** Why the price of tokens is not the whole price: another service tier, searches that are charged a piece. */
  beyondTokens: string[];
}

export interface RelayReader {
  push(chunk: Uint8Array): void;
  end(): RelaySummary;
  /** Whether anything that the model wrote has passed. */
  readonly firstTokenSeen: boolean;
}

/** What one dialect makes of its events. */
export interface EventReader {
  readonly summary: RelaySummary;
  /** Whether the event carries something that the model wrote. */
  event(data: Record<string, unknown>): boolean;
  /** The whole answer at once. */
  whole(body: Record<string, unknown>): void;
}

const readers: Record<WireDialect, () => EventReader> = {
  'openai-chat': createChatEvents,
  'openai-responses': createResponsesEvents,
  'anthropic-messages': createMessagesEvents,
};
/** Kept unread at most. */
const MOST_KEPT = 512 * 1024;

export function createRelayReader(dialect: WireDialect, contentType: string): RelayReader {
  const reader = readers[dialect]();
  return contentType.includes('text/event-stream') ? readEvents(reader) : readWhole(reader);
}

function readEvents(reader: EventReader): RelayReader {
  const decoder = new TextDecoder();
  let kept: Uint8Array[] = [];
  let size = 0;
  let rest = '';
  let seen = false;

  function read(block: string): void {
    const data = dataOf(block);
    if (data === '' || data === '[DONE]') return;
    const parsed = parse(data);
    if (parsed === null) reader.summary.malformed += 1;
    else if (reader.event(parsed)) seen = true;
  }

  function drain(over: boolean): void {
    for (const chunk of kept) rest += decoder.decode(chunk, { stream: true });
    kept = [];
    size = 0;
    if (rest.includes('\r')) rest = rest.replaceAll('\r\n', '\n');
    const blocks = rest.split('\n\n');
    rest = over ? '' : (blocks.pop() ?? '');
    for (const block of blocks) read(block);
  }

  return {
    push(chunk) {
      kept.push(chunk);
      size += chunk.length;
      if (!seen || size > MOST_KEPT) drain(false);
    },
    end() {
      drain(true);
      return reader.summary;
    },
    get firstTokenSeen() {
      return seen;
    },
  };
}

function readWhole(reader: EventReader): RelayReader {
  const kept: Uint8Array[] = [];
  return {
    push(chunk) {
      kept.push(chunk);
    },
    end() {
      const parsed = kept.length > 0 ? parse(Buffer.concat(kept).toString('utf8')) : null;
      if (parsed) reader.whole(parsed);
      else if (kept.length > 0) reader.summary.malformed += 1;
      return reader.summary;
    },
    get firstTokenSeen() {
      return kept.length > 0;
    },
  };
}

/** The data of one event; comments and names are of no use here, since each event says in its data what it is. */
function dataOf(block: string): string {
  if (block.startsWith('data: ') && !block.includes('\n')) return block.slice(6);
  let data = '';
  for (const line of block.split('\n')) {
    if (!line.startsWith('data:')) continue;
    const value = line.slice(line.startsWith('data: ') ? 6 : 5);
    data = data === '' ? value : `${data}\n${value}`;
  }
  return data.trim();
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
