// What this machine has for a training: free memory and disk, cores, the runtime, and how fast it multiplies.
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { freeBytes } from '../../lib/disk.ts';
import { freeMemory } from '../../models/local/free-memory.ts';
import { product } from '../../numerics/graph/functions.ts';
import { Graph } from '../../numerics/graph/graph.ts';
import { startGraphSession } from '../../numerics/session/graph-session.ts';
import { sharedFloats } from '../../numerics/session/shared-array.ts';

export interface Machine {
  freeMemory(): number;
  /** Of the disk of that folder, which is made when it is not there. */
  freeDisk(folder: string): Promise<number>;
  cores(): number;
  /** Whether onnxruntime-node can be found. */
  hasRuntime(): boolean;
  /** Multiplications and additions of f32 a second, of one thread. */
  measureSpeed(signal: AbortSignal): Promise<number>;
}

export const thisMachine: Machine = {
  freeMemory,
  async freeDisk(folder) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return freeBytes(folder);
  },
  cores: availableParallelism,
  hasRuntime() {
    try {
      createRequire(import.meta.url).resolve('onnxruntime-node');
      return true;
    } catch {
      return false;
    }
  },
  async measureSpeed(signal) {
    // A projection of a small decoder, as most of a step is.
    const [M, K, N] = [512, 576, 1536];
    const graph = new Graph();
    const x = graph.input('x', [M, K]);
    const w = graph.input('w', [K, N]);
    graph.output('y', product(x, w));
    const session = startGraphSession({ signal });
    try {
      await session.ask({
        type: 'load',
        program: 'product',
        model: { bytes: graph.bytes() },
        options: { threads: 1, provider: 'cpu', prepack: true },
      });
      const tensors = {
        inputs: {
          x: { data: sharedFloats(M * K).fill(1), shape: [M, K] },
          w: { data: sharedFloats(K * N).fill(1), shape: [K, N] },
        },
        outputs: { y: { data: sharedFloats(M * N), shape: [M, N] } },
      };
      await session.ask({ type: 'bind', binding: 'product', program: 'product', tensors });
      await session.ask({ type: 'run', binding: 'product' });
      let best = 0;
      for (let run = 0; run < 5; run++) {
        const startedAt = performance.now();
        await session.ask({ type: 'run', binding: 'product' });
        best = Math.max(best, (2 * M * K * N * 1000) / (performance.now() - startedAt));
      }
      return best;
    } finally {
      await session.close();
    }
  },
};
