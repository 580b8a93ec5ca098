// What stands in a stored row: the Response as the wire has it, the events of one that went on in the background, or only
// the word that the provider keeps it. And what a row tells once its process is gone.
import { AtelierError } from '../../../../contracts/errors.ts';
import type { StoredResponse, StoredResponses } from '../../../../store/stored-responses.ts';
import { responseOfItem } from './item-ids.ts';
import type { ResponseObject } from './response-object.ts';
import type { StoredItem } from './schema.ts';
import type { ResponseEvent } from './write-response.ts';

export type KeptBody =
  | { relayed?: false; response: ResponseObject; events: ResponseEvent[] | null }
  /** Written and kept by the provider of the row's model. */
  | { relayed: true };

export const bodyOf = (row: StoredResponse): KeptBody => row.body as KeptBody;

export const interrupted = {
  code: 'server_error',
  message: 'The server ended before the response was written. Ask again.',
};

/**
 * A row that says it is being written, when nobody writes it, was left by a process that ended.
 * `elsewhere`: another living server on the same store writes it.
 */
export function settled(response: ResponseObject, elsewhere: boolean): ResponseObject {
  if (response.status !== 'queued' && response.status !== 'in_progress') return response;
  if (elsewhere) return response;
  return { ...response, status: 'failed', error: interrupted };
}

function notFound(id: string, message: string): AtelierError {
  return new AtelierError('invalid_request', message, {
    data: { param: 'previous_response_id', id, wireCode: 'previous_response_not_found' },
  });
}

export function livesElsewhere(row: StoredResponse): AtelierError {
  return new AtelierError(
    'invalid_request',
    `The response ${row.id} is kept by the provider of ${row.model}. It can only be gone on from: name it as previous_response_id in a call of ${row.model}, without background and prompt.`,
    { data: { param: 'previous_response_id', id: row.id, model: row.model } },
  );
}

const usable = (item: StoredItem) => item.type === 'message' || item.status !== 'incomplete';

/**
 * What was sent and answered from the first response of a chain to the one named.
 * @throws AtelierError previous_response_not_found (on the wire) where a link is missing: nothing is silently left out
 */
export async function chainItems(
  stored: StoredResponses,
  userId: string,
  previousId: string,
): Promise<StoredItem[]> {
  const turns: StoredItem[][] = [];
  for (let id: string | null = previousId; id !== null; ) {
    const row: StoredResponse | null = await stored.get(userId, id);
    if (row === null)
      throw notFound(
        id,
        id === previousId
          ? `Previous response with id '${id}' not found. It may have been deleted, have expired after 30 days, or not have been stored.`
          : `The response ${previousId} goes on from ${id}, which was deleted or has expired. Send the whole conversation as input.`,
      );
    const body = bodyOf(row);
    if (body.relayed) throw livesElsewhere(row);
    if (body.response.status === 'queued' || body.response.status === 'in_progress')
      throw new AtelierError(
        'invalid_request',
        `The response ${id} is still being written. Wait for its end.`,
        {
          data: { param: 'previous_response_id', id },
        },
      );
    turns.unshift([
      ...(row.inputItems as StoredItem[]),
      ...(body.response.output as StoredItem[]).filter(usable),
    ]);
    id = row.previousId;
  }
  return turns.flat();
}

/** An item by its id alone, whose response the id itself names. */
export async function findItem(
  stored: StoredResponses,
  userId: string,
  id: string,
): Promise<StoredItem | null> {
  const responseId = responseOfItem(id);
  const row = responseId === null ? null : await stored.get(userId, responseId);
  if (row === null) return null;
  const body = bodyOf(row);
  const output = body.relayed ? [] : (body.response.output as StoredItem[]);
  return [...(row.inputItems as StoredItem[]), ...output].find((item) => item.id === id) ?? null;
}
