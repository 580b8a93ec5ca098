// What the address of the classifiers may ask for: a new one, made of a version of a dataset.
export interface ClassifiersSearch {
  /** The dataset that a new one is made of; an empty word opens the dialog without one. */
  new?: string;
  version?: number;
}

export function readClassifiersSearch(search: Record<string, unknown>): ClassifiersSearch {
  const version = Number(search.version);
  return {
    ...(typeof search.new === 'string' ? { new: search.new } : {}),
    ...(Number.isInteger(version) && version > 0 ? { version } : {}),
  };
}
