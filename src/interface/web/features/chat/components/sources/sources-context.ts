// The sources of the answer in which something is drawn, by their number.
import { createContext } from 'react';
import type { MessagePart } from '../../../../../../contracts/conversation.ts';
import type { Source } from '../../../../../../contracts/knowledge.ts';

export type SourcesByNumber = ReadonlyMap<number, Source>;

export const noSources: SourcesByNumber = new Map();
export const SourcesContext = createContext<SourcesByNumber>(noSources);

const known = new WeakMap<readonly Source[], SourcesByNumber>();

/** The same map for the same list, so that an answer that grows does not draw its marks anew. */
export function sourcesOf(parts: readonly MessagePart[]): SourcesByNumber {
  const sources = parts.findLast((part) => part.type === 'sources')?.sources;
  if (!sources) return noSources;
  let map = known.get(sources);
  if (!map) {
    map = new Map(sources.map((source) => [source.number, source]));
    known.set(sources, map);
  }
  return map;
}
