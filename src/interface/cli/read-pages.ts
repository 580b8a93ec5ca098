// Every row of a list that the server gives a page at a time: in a terminal nothing ends silently.
import type { ApiClient } from './api-client.ts';

interface Page {
  nextCursor: string | null;
}

/** @param path without a query */
export async function readPages<P extends Page, Row>(
  client: ApiClient,
  path: string,
  rowsOf: (page: P) => readonly Row[],
): Promise<Row[]> {
  const all: Row[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = new URLSearchParams({ limit: '200', ...(cursor === '' ? {} : { cursor }) });
    const page: P = await client.json<P>('GET', `${path}?${query}`);
    all.push(...rowsOf(page));
    cursor = page.nextCursor;
  }
  return all;
}
