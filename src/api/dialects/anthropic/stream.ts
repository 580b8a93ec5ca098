// The streamed message: named events, because clients drop those without a name. The usage of message_delta is of the
// whole message, and clients put it in place of what message_start said.
import { isAtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { SseMessage } from '../../../lib/sse.ts';
import type { BlockEvent } from './blocks.ts';
import { anthropicErrorBody } from './errors.ts';
import { deltaUsage, type EndingFacts, endingOf, type MessageHead, messageStart } from './response.ts';

const event = <Body extends { type: string }>(body: Body): SseMessage => ({
  event: body.type,
  data: JSON.stringify(body),
});

export interface StreamOptions extends EndingFacts {
  inputTokens: number | null;
  requestId: string;
  onError(error: unknown): void;
}

/** A failure in the middle is `event: error`, and nothing follows it. */
export async function* messageEvents(
  head: MessageHead,
  events: AsyncIterable<BlockEvent>,
  options: StreamOptions,
): AsyncGenerator<SseMessage> {
  try {
    yield event({
      type: 'message_start',
      message: messageStart(head, options.inputTokens),
    });
    yield event({ type: 'ping' });
    for await (const one of events) {
      switch (one.type) {
        case 'start':
          yield event({ type: 'content_block_start', index: one.index, content_block: one.block });
          break;
        case 'delta':
          yield event({ type: 'content_block_delta', index: one.index, delta: one.delta });
          break;
        case 'stop':
          yield event({ type: 'content_block_stop', index: one.index });
          break;
        case 'finish':
          yield event({
            type: 'message_delta',
            delta: { ...endingOf(one, options), container: null },
            usage: deltaUsage(one.usage),
          });
          yield event({ type: 'message_stop' });
      }
    }
  } catch (error) {
    // A client that went away reads no error.
    if (isAtelierError(error) && error.code === 'cancelled') return;
    options.onError(error);
    yield event(anthropicErrorBody(toAtelierError(error), options.requestId));
  }
}
