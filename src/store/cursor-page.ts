// Lists in the order of a time and then of an id, a page at a time. A cursor is the place of the last row, so that rows
// which come or go meanwhile neither repeat one nor leave one out.
import { AtelierError } from '../contracts/errors.ts';

export interface CursorQuery {
  cursor?: string | undefined;
  /** 1 to 200. Default: 100. */
  limit?: number;
}
export interface CursorPlace {
  at: number;
  id: string;
}

const ROWS_A_PAGE = 100;

/** What to ask the store for: one row more than the page has, which says whether there is another page. */
export function readCursor({ cursor, limit = ROWS_A_PAGE }: CursorQuery): {
  after: CursorPlace | null;
  take: number;
} {
  if (cursor === undefined || cursor === '') return { after: null, take: limit + 1 };
  const [, at, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(cursor) ?? [];
  if (at !== undefined && id !== undefined) return { after: { at: Number(at), id }, take: limit + 1 };
  throw foreignCursor(cursor);
}

export const foreignCursor = (cursor: string): AtelierError =>
  new AtelierError(
    'invalid_request',
    `The cursor ${JSON.stringify(cursor)} is not one that this list gave. Ask without a cursor.`,
    { data: { cursor } },
  );

export function pageOf<Row>(
  rows: readonly Row[],
  take: number,
  placeOf: (row: Row) => CursorPlace,
): { rows: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, take - 1);
  const last = page.at(-1);
  if (rows.length < take || last === undefined) return { rows: page, nextCursor: null };
  const { at, id } = placeOf(last);
  return { rows: page, nextCursor: `${at}.${id}` };
}
