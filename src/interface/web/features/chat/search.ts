// What the address of a chat may ask for: a collection or an agent to begin a new one with, and the document that is open beside it.
import { readPlace } from '../../lib/knowledge/place.ts';

export interface ChatSearch {
  /** A collection that a new chat begins with. */
  knowledge?: string;
  /** An agent that answers in a new chat. */
  agent?: string;
  /** The document beside the conversation. */
  document?: string;
  /** The passage in it: where it starts and ends in the plain text of the document. */
  at?: string;
}

export function readChatSearch(search: Record<string, unknown>): ChatSearch {
  const document = typeof search.document === 'string' ? search.document : undefined;
  return {
    ...(typeof search.knowledge === 'string' ? { knowledge: search.knowledge } : {}),
    ...(typeof search.agent === 'string' ? { agent: search.agent } : {}),
    ...(document ? { document } : {}),
    ...(document && typeof search.at === 'string' && readPlace(search.at) ? { at: search.at } : {}),
  };
}
