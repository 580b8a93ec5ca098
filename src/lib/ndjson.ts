// Lines of JSON as a response body: one value a line, at the pace of the reader. A client that goes away aborts the signal
// that the source was given.

export interface NdjsonOptions {
  /** End the stream from outside: the request was aborted, the server stops. */
  signals?: readonly AbortSignal[];
  headers?: Record<string, string>;
}

const encoder = new TextEncoder();

export function ndjsonResponse(
  source: (signal: AbortSignal) => AsyncIterable<unknown>,
  { signals = [], headers = {} }: NdjsonOptions = {},
): Response {
  const gone = new AbortController();
  const iterator = source(AbortSignal.any([gone.signal, ...signals]))[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (gone.signal.aborted) return;
        if (next.done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
      } catch (error) {
        if (!gone.signal.aborted) controller.error(error);
      }
    },
    cancel() {
      gone.abort(new DOMException('The client went away.', 'AbortError'));
      // Not awaited: a generator that waits for its signal returns only after it saw it.
      iterator.return?.(undefined)?.then(undefined, () => {});
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      ...headers,
    },
  });
}
