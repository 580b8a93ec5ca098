// Contrast of the tokens in both themes (WCAG 2.2 AA): text 4.5 to 1, borders of controls and marks 3 to 1.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

function token(name: string, theme: 'light' | 'dark'): [number, number, number] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  if (!found) throw new Error(`tokens.css has no --${name}: light-dark(#rrggbb, #rrggbb)`);
  const hex = (theme === 'light' ? found[1] : found[2])!;
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
}

function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string, theme: 'light' | 'dark'): number {
  const [low, high] = [luminance(token(a, theme)), luminance(token(b, theme))].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

const grounds = ['paper', 'raised', 'sunken'];
const pairs: [string, string, number][] = [
  ...grounds.flatMap((ground): [string, string, number][] => [
    ['ink', ground, 4.5],
    ['quiet', ground, 4.5],
    ['accent', ground, 4.5],
    ['ready', ground, 4.5],
    ['needs', ground, 4.5],
    ['failed', ground, 4.5],
    ['control', ground, 3],
  ]),
  ['quiet', 'pressed', 4.5],
  ['ink', 'pressed', 4.5],
  ['ink', 'mark', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-strong', 4.5],
  ...['accent', 'ready', 'needs', 'failed'].map((tone): [string, string, number] => [
    tone,
    `${tone}-soft`,
    4.5,
  ]),
  ...['accent-soft', 'ready-soft', 'needs-soft', 'failed-soft'].map((soft): [string, string, number] => [
    'ink',
    soft,
    4.5,
  ]),
  ...[1, 2, 3, 4, 5, 6].map((chart): [string, string, number] => [`chart-${chart}`, 'raised', 3]),
];

describe.each(['light', 'dark'] as const)('contrast in the %s theme', (theme) => {
  test.each(pairs)('%s on %s reaches %d', (front, back, least) => {
    expect(contrast(front, back, theme)).toBeGreaterThanOrEqual(least);
  });
});
