import { expect, test } from 'vitest';
import { boxes } from '../../../lib/system-boxes.ts';
import { drawingLayout } from './drawing-layout.ts';

test.each([280, 328, 500, 719, 720, 960, 1600])(
  'at %d pixels no box leaves the drawing or covers another',
  (width) => {
    const layout = drawingLayout(width);
    for (const box of boxes) {
      const a = layout.boxes[box];
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width).toBeLessThanOrEqual(width + 0.01);
      expect(a.y + a.height).toBeLessThanOrEqual(layout.height);
      expect(a.width).toBeGreaterThan(110);
      for (const other of boxes) {
        if (other === box) continue;
        const b = layout.boxes[other];
        const apart =
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart, `${box} and ${other}`).toBe(true);
      }
    }
    expect(new Set(layout.arrows.map(({ to }) => to)).size).toBe(6);
  },
);
