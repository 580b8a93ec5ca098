// A tool: one of several things, drawn by a seed, so that the same question gives the same answer.
import { defineTool } from 'atelier';
import { z } from 'zod';

export const drawLot = defineTool({
  name: 'draw_lot',
  description: 'Draws one of the given options.',
  effect: 'read',
  inputSchema: z.object({
    options: z.array(z.string()).min(1).describe('What to draw from'),
    seed: z.number().int().describe('The same seed draws the same option'),
  }),
  execute: ({ options, seed }) => options[Math.abs(seed) % options.length],
});
