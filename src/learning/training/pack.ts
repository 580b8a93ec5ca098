// Sequences laid side by side into rows of one length, so that little of a step is padding. Nothing is cut: what does not
// fit into a row was refused before.
import type { EncodedSequence } from './engine-port.ts';
import { seededOrder } from './seeded-order.ts';

/** What stays in one row: a conversation, or both answers of a pair. */
export interface Unit {
  /** Of the dataset's version. */
  exampleId: string;
  sequences: readonly EncodedSequence[];
  /** Distillation: of each sequence k tokens a place, flat. */
  soft?: readonly { ids: Int32Array; probabilities: Float32Array }[];
}

export type Row = readonly Unit[];

export const unitLength = ({ sequences }: Unit) => sequences.reduce((sum, { ids }) => sum + ids.length, 0);

/** Tokens that a sequence is trained to foresee: the first of all has nothing before it. */
export function learnedTokens({ learned }: EncodedSequence): number {
  let count = 0;
  for (let place = 1; place < learned.length; place++) count += learned[place] ?? 0;
  return count;
}

export const learnedOfRows = (rows: readonly Row[]): number =>
  rows.reduce(
    (sum, row) => sum + row.flatMap(({ sequences }) => sequences).reduce((n, s) => n + learnedTokens(s), 0),
    0,
  );

/**
 * Best fit, longest first: each unit goes into the row that it leaves the least room in.
 * Among units of one length the seed decides.
 */
export function packRows(units: readonly Unit[], length: number, seed: number): Row[] {
  const order = seededOrder(units.length, seed, units.length)
    .flatMap((index) => units[index] ?? [])
    .map((unit) => ({ unit, size: unitLength(unit) }))
    .sort((a, b) => b.size - a.size);
  const rows: Unit[][] = [];
  /** Rows by the room that they have left. */
  const open: Unit[][][] = Array.from({ length: length + 1 }, () => []);
  for (const { unit, size } of order) {
    let room = size;
    while (room <= length && open[room]?.length === 0) room++;
    const row = room <= length ? open[room]?.pop() : undefined;
    const into = row ?? [];
    if (row === undefined) {
      rows.push(into);
      room = length;
    }
    into.push(unit);
    open[room - size]?.push(into);
  }
  return rows;
}
