// How much memory a model may take now.
import { totalmem } from 'node:os';

const KEEP_FREE = 0.1;

/**
 * What may be taken now, less a tenth. macOS reports only what was never used, although it gives back what it merely
 * remembers; half of all memory is the least that is assumed there.
 */
export function freeMemory(): number {
  const stated = process.availableMemory();
  return (process.platform === 'darwin' ? Math.max(stated, totalmem() / 2) : stated) * (1 - KEEP_FREE);
}
