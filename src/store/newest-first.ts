// Lists that begin with what was made last, a page at a time. A cursor is the place of the last row, so that rows which
// come or go meanwhile neither repeat one nor leave one out.
import { AtelierError } from '../contracts/errors.ts';

export interface NewestQuery {
  cursor?: string;
  /** 1 to 200. Default: 100. */
  limit?: number;
}
export interface NewestPlace {
  at: number;
  id: string;
}

const ROWS_A_PAGE = 100;

/** What to ask the store for: one row more than the page has, which says whether there is another page. */
export function readNewest({ cursor, limit = ROWS_A_PAGE }: NewestQuery): {
  after: NewestPlace | null;
  take: number;
} {
  if (cursor === undefined || cursor === '') return { after: null, take: limit + 1 };
  const [, at, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(cursor) ?? [];
  if (at !== undefined && id !== undefined) return { after: { at: Number(at), id }, take: limit + 1 };
  throw new AtelierError(
    'invalid_request',
    `The cursor ${JSON.stringify(cursor)} is not one that this list gave. Ask without a cursor.`,
    { data: { cursor } },
  );
}

export function newestPage<Row>(
  rows: readonly Row[],
  take: number,
  placeOf: (row: Row) => NewestPlace,
): { rows: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, take - 1);
  const last = page.at(-1);
  if (rows.length < take || last === undefined) return { rows: page, nextCursor: null };
  const { at, id } = placeOf(last);
  return { rows: page, nextCursor: `${at}.${id}` };
}
