// Finds the number of threads at which one token is decoded fastest. More is not better: on a 2-core virtual machine a
// tiny model ran 16 times slower on two threads than on one.
import type { NativeContext } from './native.ts';

export interface Calibration {
  threads: number;
  /** Threads -> milliseconds a token. */
  measured: Record<string, number>;
}

/** 1, 2, 4, ... and the most there are, with half of it: machines with two threads a core are best near half. */
export function threadCandidates(most: number): number[] {
  const candidates = new Set([1, Math.ceil(most / 2), most]);
  for (let threads = 2; threads < most; threads *= 2) candidates.add(threads);
  return [...candidates].sort((a, b) => a - b);
}

/** The fewest threads that are within 3 % of the fastest, so that a tie leaves cores to others. */
export function fewestNearBest(measured: Readonly<Record<string, number>>): number {
  const rows = Object.entries(measured).map(([threads, ms]) => ({ threads: Number(threads), ms }));
  const best = Math.min(...rows.map((row) => row.ms));
  return Math.min(...rows.filter((row) => row.ms <= best * 1.03).map((row) => row.threads));
}

/** Takes about a second with a model of 1.5 billion parameters; leaves sequence 0 empty. */
export async function calibrate(context: NativeContext, most: number, token: number): Promise<Calibration> {
  const measured: Record<string, number> = {};
  let position = 0;
  const decodeOne = async (): Promise<number> => {
    context.initBatch(1);
    context.addToBatch(0, position++, Uint32Array.of(token), Uint32Array.of(0));
    const start = performance.now();
    await context.decodeBatch();
    return performance.now() - start;
  };
  for (const threads of threadCandidates(most)) {
    context.setThreads(threads);
    await decodeOne();
    // The best of several: other programs can only make a run slower.
    let best = Number.POSITIVE_INFINITY;
    const end = performance.now() + 400;
    for (let runs = 0; runs < 12 && (runs < 3 || performance.now() < end); runs++)
      best = Math.min(best, await decodeOne());
    measured[threads] = best;
  }
  context.disposeSequence(0);
  const threads = fewestNearBest(measured);
  context.setThreads(threads);
  return { threads, measured };
}
