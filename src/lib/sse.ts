// Server-sent events: writes an async iterable as a response body, as the WHATWG HTML standard (9.2) words the format.
// The reader sets the pace; a client that goes away aborts the signal that the source was given.

export interface SseMessage {
  /** Absent: an event that is only its name. */
  data?: string;
  event?: string;
  id?: string;
}

export interface SseOptions {
  /** Ends the stream from outside: the request was aborted, the server stops. */
  signals?: readonly AbortSignal[];
  headers?: Record<string, string>;
  /** A comment is sent after this much silence, so that proxies keep the connection. */
  pingMs?: number;
  /** Some clients were written against servers that end lines with CRLF. */
  lineEnd?: LineEnd;
}

type LineEnd = '\n' | '\r\n';

const encoder = new TextEncoder();

/** A line break within `data` starts another `data:` line, so that no content can end the event early. */
export function formatSse({ data, event, id }: SseMessage, lineEnd: LineEnd = '\n'): string {
  const name = event === undefined ? '' : `event: ${event}${lineEnd}`;
  const key = id === undefined ? '' : `id: ${id}${lineEnd}`;
  if (data === undefined) return `${name}${key}${lineEnd}`;
  const body = /[\r\n]/.test(data) ? data.split(/\r\n|\r|\n/).join(`${lineEnd}data: `) : data;
  return `${name}${key}data: ${body}${lineEnd}${lineEnd}`;
}

export function sseResponse(
  source: (signal: AbortSignal) => AsyncIterable<SseMessage>,
  { signals = [], headers = {}, pingMs = 15_000, lineEnd = '\n' }: SseOptions = {},
): Response {
  const gone = new AbortController();
  const ping = encoder.encode(`: ping${lineEnd}${lineEnd}`);
  const signal = AbortSignal.any([gone.signal, ...signals]);
  const iterator = source(signal)[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => {
        // Only when the client has read everything: a slow one needs no comments on top.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(ping);
      }, pingMs);
      timer.unref();
    },
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (gone.signal.aborted) return;
        timer?.refresh();
        if (!next.done) return controller.enqueue(encoder.encode(formatSse(next.value, lineEnd)));
        clearInterval(timer);
        controller.close();
      } catch (error) {
        clearInterval(timer);
        if (!gone.signal.aborted) controller.error(error);
      }
    },
    cancel() {
      clearInterval(timer);
      gone.abort(new DOMException('The client went away.', 'AbortError'));
      // Not awaited: a generator that waits for its signal returns only after it saw it.
      iterator.return?.(undefined)?.then(undefined, () => {});
    },
  });
  return new Response(body, { headers: sseHeaders(headers) });
}

export function sseHeaders(more: Record<string, string> = {}): Record<string, string> {
  return {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    ...more,
  };
}
