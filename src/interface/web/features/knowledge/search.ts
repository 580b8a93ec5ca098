// What the addresses of the knowledge pages may ask for: a tab, a question to try, a place in a document.
import { readPlace } from '../../lib/knowledge/place.ts';

export const searchModes = ['hybrid', 'lexical', 'vector'] as const;
export type SearchMode = (typeof searchModes)[number];

export interface CollectionSearch {
  tab?: 'search';
  /** The question of the search test. */
  q?: string;
  mode?: Exclude<SearchMode, 'hybrid'>;
}

export function readCollectionSearch(search: Record<string, unknown>): CollectionSearch {
  return {
    ...(search.tab === 'search' ? { tab: 'search' as const } : {}),
    // The router reads a question that is a number as one.
    ...(typeof search.q === 'string' || typeof search.q === 'number' ? { q: String(search.q) } : {}),
    ...(search.mode === 'lexical' || search.mode === 'vector' ? { mode: search.mode } : {}),
  };
}

export interface DocumentSearch {
  /** A passage: where it starts and ends in the plain text of the document, such as 120-480. */
  at?: string;
}

export function readDocumentSearch(search: Record<string, unknown>): DocumentSearch {
  return typeof search.at === 'string' && readPlace(search.at) ? { at: search.at } : {};
}
