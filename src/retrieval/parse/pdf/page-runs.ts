// The pieces of text of a page, placed: in the frame that the page is shown in (for boxes) and in a frame in which the
// page's main text runs from left to right and down (for reading). Turned pages and vertical writing differ only here.
import type { TextItem } from 'pdfjs-dist/types/src/display/api.js';
import { cleanText } from '../clean-text.ts';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Run {
  text: string;
  font: string;
  size: number;
  rtl: boolean;
  /** Left end, baseline and right end in the reading frame. */
  left: number;
  right: number;
  baseline: number;
  /** In points on the page as shown. */
  shown: Rectangle;
}

type Turn = 0 | 1 | 2 | 3;

interface PlacedRun extends Run {
  /** Quarter turns clockwise of the direction of writing. */
  turn: Turn;
}

/** The runs of the page's main direction, and those of other directions (stamps, labels of axes) by direction. */
export function placeRuns(
  items: readonly TextItem[],
  viewport: readonly number[],
  vertical: (fontName: string) => boolean,
): Run[][] {
  const byTurn = new Map<Turn, PlacedRun[]>();
  for (const item of items) {
    const run = place(item, viewport, vertical(item.fontName));
    if (run) byTurn.set(run.turn, [...(byTurn.get(run.turn) ?? []), run]);
  }
  const weight = (runs: Run[]) => runs.reduce((sum, run) => sum + run.text.length, 0);
  return [...byTurn.values()].sort((a, b) => weight(b) - weight(a));
}

function place(item: TextItem, viewport: readonly number[], vertical: boolean): PlacedRun | null {
  const text = cleanText(item.str);
  if (text.trim() === '') return null;
  const [a, b, c, d, e, f] = multiply(viewport, item.transform as number[]);
  // Of vertical writing the text runs down, whatever way the letters stand.
  const [dx, dy] = vertical ? [-c, -d] : [a, b];
  const size = Math.hypot(c, d) || Math.hypot(a, b);
  const length = vertical ? item.height : item.width;
  const norm = Math.hypot(dx, dy);
  if (norm === 0 || size === 0) return null;
  const [ux, uy] = [dx / norm, dy / norm];
  const turn = ((Math.round(Math.atan2(uy, ux) / (Math.PI / 2)) + 4) % 4) as Turn;
  // "Up" of the line in the frame as shown, where y grows downwards.
  const [upX, upY] = [uy, -ux];
  const rise = vertical ? size / 2 : size * 0.8;
  const fall = vertical ? size / 2 : size * 0.22;
  const corners = [
    [e + upX * rise, f + upY * rise],
    [e - upX * fall, f - upY * fall],
    [e + ux * length + upX * rise, f + uy * length + upY * rise],
    [e + ux * length - upX * fall, f + uy * length - upY * fall],
  ] as const;
  const shown = around(corners);
  const [left, baseline] = unturn(e, f, turn);
  return {
    text,
    font: item.fontName,
    size,
    rtl: item.dir === 'rtl',
    left,
    right: left + length,
    baseline,
    shown,
    turn,
  };
}

function around(points: readonly (readonly [number, number])[]): Rectangle {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

export function union(a: Rectangle, b: Rectangle): Rectangle {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** A point as it would be if the writing were not turned. */
function unturn(x: number, y: number, turn: Turn): [number, number] {
  switch (turn) {
    case 0:
      return [x, y];
    case 1:
      return [y, -x];
    case 2:
      return [-x, -y];
    case 3:
      return [-y, x];
  }
}

type Matrix = [number, number, number, number, number, number];

function multiply(m: readonly number[], n: readonly number[]): Matrix {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = m;
  const [g = 1, h = 0, i = 0, j = 1, k = 0, l = 0] = n;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}
