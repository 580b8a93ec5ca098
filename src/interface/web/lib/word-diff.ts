// What changed between two texts, word by word: the longest common subsequence of words and blanks (Myers' greedy way
// through the edit graph, "An O(ND) Difference Algorithm and Its Variations", 1986).

export interface DiffPart {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

const wordsOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];

/** Beyond this many edits the texts have next to nothing in common, and are shown one after the other. */
const MAX_EDITS = 1000;

/** For each number of edits, how far each diagonal reached before them; null when there are too many. */
function trace(from: readonly string[], to: readonly string[]): Map<number, number>[] | null {
  const reached = new Map<number, number>([[1, 0]]);
  const steps: Map<number, number>[] = [];
  const most = Math.min(from.length + to.length, MAX_EDITS);
  for (let edits = 0; edits <= most; edits++) {
    steps.push(new Map(reached));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && (reached.get(k - 1) ?? 0) < (reached.get(k + 1) ?? 0));
      let x = down ? (reached.get(k + 1) ?? 0) : (reached.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < from.length && y < to.length && from[x] === to[y]) {
        x += 1;
        y += 1;
      }
      reached.set(k, x);
      if (x >= from.length && y >= to.length) return steps;
    }
  }
  return null;
}

/** The edits from the end to the start. */
function walk(
  from: readonly string[],
  to: readonly string[],
  steps: readonly Map<number, number>[],
): DiffPart[] {
  const parts: DiffPart[] = [];
  let x = from.length;
  let y = to.length;
  for (let edits = steps.length - 1; edits >= 0; edits--) {
    const reached = steps[edits] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -edits || (k !== edits && (reached.get(k - 1) ?? 0) < (reached.get(k + 1) ?? 0));
    const before = down ? k + 1 : k - 1;
    const startX = edits === 0 ? 0 : (reached.get(before) ?? 0);
    const startY = edits === 0 ? 0 : startX - before;
    while (x > startX && y > startY && from[x - 1] === to[y - 1]) {
      x -= 1;
      y -= 1;
      parts.push({ kind: 'same', text: from[x] ?? '' });
    }
    if (edits === 0) break;
    if (down) parts.push({ kind: 'added', text: to[startY] ?? '' });
    else parts.push({ kind: 'removed', text: from[startX] ?? '' });
    x = startX;
    y = startY;
  }
  return parts.reverse();
}

export function diffWords(before: string, after: string): DiffPart[] {
  const from = wordsOf(before);
  const to = wordsOf(after);
  const steps = trace(from, to);
  const parts: DiffPart[] =
    steps === null
      ? [
          { kind: 'removed', text: before },
          { kind: 'added', text: after },
        ]
      : walk(from, to, steps);
  const joined: DiffPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.kind === part.kind) last.text += part.text;
    else if (part.text !== '') joined.push({ ...part });
  }
  return joined;
}
