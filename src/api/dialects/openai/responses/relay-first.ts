// A Responses request whose provider speaks the wire itself goes there as it is, and the provider keeps what it answers:
// a row here says whose it is and where it lives, so that nobody else goes on from it.
import { createMiddleware } from 'hono/factory';
import type { CallContext, WireAnswer } from '../../../../models/model-call.ts';
import type { StoredResponses } from '../../../../store/stored-responses.ts';
import type { ApiEnv, ApiServices } from '../../../services.ts';
import { contextOf, toResponse, tryRelay, type WireBody, wireBody } from '../relay.ts';
import { bodyOf, type KeptBody, livesElsewhere } from './kept.ts';

/** The first event or the head of the JSON holds the id; whatever comes after this much is not looked at. */
const MOST_HEAD = 65_536;
const ID = /"id"\s*:\s*"(resp_[\w-]{1,200})"/;

interface RelayServices {
  gateway: ApiServices['gateway'];
  responses: StoredResponses;
  log: ApiServices['log'];
}

/** Passes every byte on, and gives the id of the Response as soon as it is seen. */
function watchId(body: WireAnswer['body'], seen: (id: string) => Promise<void>): WireAnswer['body'] {
  const decoder = new TextDecoder();
  let head = '';
  let found = false;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      async transform(chunk, controller) {
        if (!found && head.length < MOST_HEAD) {
          head += decoder.decode(chunk, { stream: true });
          const id = ID.exec(head)?.[1];
          if (id !== undefined) {
            found = true;
            head = '';
            // Before the client can know the id, the row is there.
            await seen(id);
          }
        }
        controller.enqueue(chunk);
      },
    }),
  );
}

const keepRow =
  ({ responses, log }: RelayServices, body: WireBody, { identity }: CallContext, answer: WireAnswer) =>
  async (id: string) => {
    const previous = body.previous_response_id;
    try {
      await responses.put({
        id,
        userId: identity.userId,
        model: answer.model.id,
        status: 'relayed',
        body: { relayed: true } satisfies KeptBody,
        inputItems: [],
        previousId: typeof previous === 'string' ? previous : null,
        traceId: answer.traceId,
        createdAt: Date.now(),
      });
    } catch (error) {
      // The answer is worth more than going on from it.
      log.error('where a relayed response lives could not be kept', { id, error: String(error) });
    }
  };

export const relayFirst = (services: RelayServices) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const body = await wireBody(c);
    // Those two need what is kept here: the run that outlives its client, and the prompt.
    if (body === null || body.background === true || (body.prompt ?? null) !== null) return next();
    // A conversation there belongs to the key of this house, so to everybody who knows its name.
    if ((body.conversation ?? null) !== null) return next();
    const context = contextOf(c);
    const { previous_response_id: previous } = body;
    // What is no text cannot be looked up, and is refused by the validator.
    if (previous != null && typeof previous !== 'string') return next();
    const row =
      typeof previous === 'string' ? await services.responses.get(context.identity.userId, previous) : null;
    // What is unknown here may be another person's there; what was written here is gone on from here.
    const elsewhere = row !== null && bodyOf(row).relayed === true;
    if (typeof previous === 'string' && !elsewhere) return next();
    const answer = await tryRelay(c, services.gateway, 'openai-responses', body);
    if (answer === null) {
      if (row !== null && elsewhere) throw livesElsewhere(row);
      return next();
    }
    if (body.store === false) return toResponse(answer);
    return toResponse(answer, watchId(answer.body, keepRow(services, body, context, answer)));
  });
