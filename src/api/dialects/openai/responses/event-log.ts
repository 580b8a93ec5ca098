// The events of a response that goes on without its client: any number of readers follow them, from any number on.
import type { ResponseEvent } from './write-response.ts';

/** Above this the events are not kept with the response: it can be read, and no longer followed from its beginning. */
const MOST_BYTES = 4 * 1024 * 1024;

export interface EventLog {
  push(event: ResponseEvent): void;
  /** No more will come. */
  end(): void;
  /** What to keep for later readers; null when it is too much. */
  kept(): ResponseEvent[] | null;
  follow(after: number, signal: AbortSignal): AsyncGenerator<ResponseEvent>;
}

export function createEventLog(): EventLog {
  const events: ResponseEvent[] = [];
  let bytes = 0;
  let ended = false;
  let wake = Promise.withResolvers<void>();
  const stir = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  return {
    push(event) {
      events.push(event);
      bytes += event.json.length;
      stir();
    },
    end() {
      ended = true;
      stir();
    },
    kept: () => (bytes > MOST_BYTES ? null : [...events]),
    async *follow(after, signal) {
      // An event's number is its place.
      let next = Math.max(0, after + 1);
      const gone = new Promise<void>((resolve) =>
        signal.addEventListener('abort', () => resolve(), { once: true }),
      );
      for (;;) {
        if (signal.aborted) return;
        const event = events[next];
        if (event !== undefined) {
          next++;
          yield event;
        } else if (ended) return;
        else await Promise.race([wake.promise, gone]);
      }
    },
  };
}
