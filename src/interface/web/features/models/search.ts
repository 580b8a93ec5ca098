// What the address of the models page may ask for: a dialog to open.
export interface ModelsSearch {
  add?: 'endpoint' | 'file';
}

export function readModelsSearch(search: Record<string, unknown>): ModelsSearch {
  return search.add === 'endpoint' || search.add === 'file' ? { add: search.add } : {};
}
