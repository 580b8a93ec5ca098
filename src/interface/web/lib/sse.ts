// Reads a text/event-stream body as messages. Knows the wire format only (WHATWG HTML, "Server-sent events").

export interface SseMessage {
  id: string | null;
  event: string;
  data: string;
}

/** A push parser: feed it text in any cuts, it returns the messages that became whole. */
export function createSseParser(): (chunk: string) => SseMessage[] {
  let rest = '';
  let data: string[] = [];
  let id: string | null = null;
  let event = 'message';

  function line(text: string, out: SseMessage[]): void {
    if (text === '') {
      if (data.length > 0) out.push({ id, event, data: data.join('\n') });
      data = [];
      event = 'message';
      return;
    }
    if (text.startsWith(':')) return;
    const colon = text.indexOf(':');
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(text.startsWith(' ', colon + 1) ? colon + 2 : colon + 1);
    if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
    else if (field === 'event') event = value;
  }

  return (chunk) => {
    const out: SseMessage[] = [];
    rest += chunk;
    let from = 0;
    for (;;) {
      let end = from;
      while (end < rest.length && rest[end] !== '\n' && rest[end] !== '\r') end += 1;
      // A lone CR at the very end may be the first half of CRLF: wait for more.
      if (end >= rest.length || (rest[end] === '\r' && end + 1 === rest.length)) break;
      line(rest.slice(from, end), out);
      from = rest[end] === '\r' && rest[end + 1] === '\n' ? end + 2 : end + 1;
    }
    rest = rest.slice(from);
    return out;
  };
}

/** The messages of a response body, as they come. */
export async function* readSse(body: ReadableStream<Uint8Array>): AsyncGenerator<SseMessage[]> {
  const parse = createSseParser();
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const messages = parse(decoder.decode(value, { stream: true }));
      if (messages.length > 0) yield messages;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
