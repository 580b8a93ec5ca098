// An answer of the playground or of a prompt as server-sent events.

import { toAtelierError } from '../contracts/errors.ts';
import type { AnswerEvent } from '../contracts/playground.ts';
import { sseResponse } from '../lib/sse.ts';

/** What fails before the first event is an ordinary error with its status; later it is the event `error`, and the last. */
export async function answerResponse(
  answer: AsyncIterable<AnswerEvent>,
  leave: AbortController,
  signal: AbortSignal,
): Promise<Response> {
  const events = answer[Symbol.asyncIterator]();
  const first = await events.next();
  return sseResponse(
    async function* (gone) {
      gone.addEventListener('abort', () => leave.abort(gone.reason), { once: true });
      try {
        for (let next = first; !next.done; next = await events.next())
          yield { data: JSON.stringify(next.value) };
      } catch (thrown) {
        yield { event: 'error', data: JSON.stringify(toAtelierError(thrown).toJSON()) };
      } finally {
        leave.abort();
        await events.return?.(undefined);
      }
    },
    { signals: [signal] },
  );
}
