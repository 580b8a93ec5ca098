// Whether some words are found in a name, as a person types them: without accents, in any order.

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function namesWith(search: string, ...names: readonly string[]): boolean {
  const text = plain(names.join(' '));
  return plain(search)
    .split(/\s+/)
    .every((word) => text.includes(word));
}
