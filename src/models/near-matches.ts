// The ids that a mistyped one most likely meant.

/** Edit distance (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** At most `limit` of `known`, nearest first: those that contain the text, then by edit distance. */
export function nearMatches(asked: string, known: readonly string[], limit: number): string[] {
  const wanted = asked.toLowerCase().slice(0, 128);
  const tail = wanted.slice(wanted.indexOf('/') + 1);
  const score = (id: string) => {
    const own = id.toLowerCase();
    if (tail !== '' && own.includes(tail)) return 0;
    return 1 + distance(wanted, own.slice(0, 128));
  };
  return [...new Set(known)]
    .map((id) => ({ id, score: score(id) }))
    .sort((a, b) => a.score - b.score)
    .slice(0, limit)
    .map(({ id }) => id);
}
