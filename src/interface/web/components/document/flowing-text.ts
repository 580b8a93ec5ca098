// A passage's text for a width that its document did not know: lines that were only wrapped there flow together, lists,
// verses and code keep their lines.

/** A line shorter than this was ended by its writer. */
const WRAPPED = 45;
const listMark = /^\s*(?:[-*•–—>|]|\d+[.)]|[a-z][.)])\s/i;
/** Kinds whose lines are rows. */
const rowKinds = new Set(['csv', 'xlsx', 'ods', 'code']);

export function flowingText(text: string, kind: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (rowKinds.has(kind)) return lines.join('\n');
  return lines.reduce((flowing, line, at) => {
    const before = lines[at - 1] ?? '';
    const isWrapped = before.length >= WRAPPED && !listMark.test(line) && !/^\s{4}/.test(line);
    return at === 0 ? line : `${flowing}${isWrapped ? ' ' : '\n'}${isWrapped ? line.trimStart() : line}`;
  }, '');
}
