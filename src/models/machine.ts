// What this machine offers to a model: memory, cores, an accelerator, free disk.
import { availableParallelism, totalmem } from 'node:os';
import { freeBytes } from '../lib/disk.ts';

export interface Machine {
  /** Memory that a model may take without pushing everything else out. */
  memoryBytes: number;
  cores: number;
  /** Whether something faster than the processor computes. */
  accelerated: boolean;
  freeDiskBytes: number;
}

/** The share of all memory that a model may take; the rest belongs to the system, the browser and this program. */
const SHARE = 0.6;

export async function readMachine(folder: string, accelerated: boolean): Promise<Machine> {
  return {
    memoryBytes: usableMemory(
      totalmem(),
      process.constrainedMemory(),
      process.platform === 'linux' ? process.availableMemory() : null,
    ),
    cores: availableParallelism(),
    accelerated,
    freeDiskBytes: await freeBytes(folder),
  };
}

/**
 * `limit` is that of a container (0 or beyond the total: none). `available` is what could be had at once; null where the
 * system's figure leaves out caches (macOS, Windows) and would make every machine look full.
 */
export function usableMemory(total: number, limit: number, available: number | null): number {
  const all = limit > 0 ? Math.min(limit, total) : total;
  return Math.floor(Math.min(all * SHARE, available === null ? Number.POSITIVE_INFINITY : available * 0.9));
}
