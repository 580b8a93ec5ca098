// A text cut where personal data was found, so that each find can be marked. Finds that overlap become one.
import type { Finding } from '../../../../../contracts/dataset.ts';

export interface MarkedPiece {
  text: string;
  /** Where it starts in the whole text. */
  start: number;
  findings: readonly Finding[];
}

export function markFindings(text: string, findings: readonly Finding[]): MarkedPiece[] {
  const sorted = findings
    .filter(({ start, end }) => start >= 0 && end > start && start < text.length)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const pieces: MarkedPiece[] = [];
  let at = 0;
  let index = 0;
  while (index < sorted.length) {
    const first = sorted[index];
    if (first === undefined) break;
    const group = [first];
    let end = Math.min(first.end, text.length);
    index += 1;
    for (let next = sorted[index]; next !== undefined && next.start < end; next = sorted[index]) {
      group.push(next);
      end = Math.max(end, Math.min(next.end, text.length));
      index += 1;
    }
    if (first.start > at) pieces.push({ text: text.slice(at, first.start), start: at, findings: [] });
    pieces.push({ text: text.slice(first.start, end), start: first.start, findings: group });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), start: at, findings: [] });
  return pieces;
}

/** Values of a type in one example: several are told apart by a number. */
function markOf({ type, text }: Finding, all: readonly Finding[]): string {
  const values = [...new Set(all.filter((one) => one.type === type).map((one) => one.text))];
  const name = type.toUpperCase();
  return values.length > 1 ? `[${name}_${values.indexOf(text) + 1}]` : `[${name}]`;
}

/** A text as it is once its finds are redacted. @param all those of the whole example */
export function redacted(text: string, findings: readonly Finding[], all: readonly Finding[]): string {
  return markFindings(text, findings)
    .map((piece) => (piece.findings[0] ? markOf(piece.findings[0], all) : piece.text))
    .join('');
}

/** Types with how often each was found, the commonest first. */
export function countTypes(findings: readonly Pick<Finding, 'type'>[]): { type: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { type } of findings) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .map(([type, count]) => ({ type, count }))
    .sort((a, b) => b.count - a.count || a.type.localeCompare(b.type));
}
