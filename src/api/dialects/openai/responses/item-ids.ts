// Ids of items tell which response they belong to, so that an `item_reference` alone leads to its row.

const BODY = /^[a-z]+_([0-9a-z]{26})_(?:in)?\d+$/;

/** `msg_<response>_0`; `in` marks what the caller sent. */
export function itemId(prefix: string, responseId: string, place: number, from: 'in' | 'out'): string {
  return `${prefix}_${responseId.replace(/^resp_/, '')}_${from === 'in' ? 'in' : ''}${place}`;
}

/** Null for an id that is none of ours. */
export function responseOfItem(id: string): string | null {
  const body = BODY.exec(id)?.[1];
  return body === undefined ? null : `resp_${body}`;
}
