// Reads server-sent events from a response body, one `data` at a time.

/** The `data` of each event. Ends with the body, or when the signal fires. */
export async function* eventData(
  body: ReadableStream<Uint8Array> | null,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  if (body === null) return;
  const reader = body.getReader();
  // A cancelled reader ends the loop below; why a body could not be cancelled is of no interest by then.
  const stop = () => void reader.cancel().catch(() => {});
  signal?.addEventListener('abort', stop, { once: true });
  const decoder = new TextDecoder();
  let pending = '';
  try {
    while (signal?.aborted !== true) {
      const { done, value } = await reader.read();
      if (done) return;
      pending += decoder.decode(value, { stream: true });
      const events = pending.split(/\r?\n\r?\n/);
      pending = events.pop() ?? '';
      for (const event of events) {
        const data = event
          .split(/\r?\n/)
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5).replace(/^ /, ''))
          .join('\n');
        if (data !== '') yield data;
      }
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
