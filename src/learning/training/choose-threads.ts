// How many threads a step is quickest with: measured once for a model and a shape, and kept, because a small model is many
// times slower on two threads than on one. A run that goes on takes the number that it began with.
import type { DecoderSession } from '../../numerics/decoder/decoder.ts';
import type { Measurements } from '../../store/measurements.ts';
import { type BatchShape, layBatch } from './batches.ts';
import type { Row } from './pack.ts';

export interface ChooseThreadsOptions {
  measurements: Measurements;
  /** Of the model, what is trained of it, and the shape. */
  key: string;
  cores: number;
  open: (threads: number) => Promise<Pick<DecoderSession, 'gradient' | 'close'>>;
  rows: readonly Row[];
  shape: BatchShape;
  soft?: number;
}

/** What was measured before, or null. */
export async function knownThreads(measurements: Measurements, key: string): Promise<number | null> {
  const known = await measurements.get(`training:threads:${key}`);
  return typeof known === 'number' && known >= 1 ? known : null;
}

export async function chooseThreads(options: ChooseThreadsOptions): Promise<number> {
  const { measurements, key, cores, open, rows, shape, soft } = options;
  const known = await knownThreads(measurements, key);
  if (known !== null) return known;
  let best = { threads: 1, ms: Number.POSITIVE_INFINITY };
  for (const threads of new Set([1, Math.max(1, cores >> 1), cores])) {
    const session = await open(threads);
    try {
      const { batch } = layBatch(rows.slice(0, shape.rows), shape, soft);
      // The first one also makes room.
      await session.gradient(batch);
      const startedAt = performance.now();
      await session.gradient(batch);
      const ms = performance.now() - startedAt;
      if (ms < best.ms) best = { threads, ms };
    } finally {
      await session.close();
    }
  }
  await measurements.set(`training:threads:${key}`, best.threads);
  return best.threads;
}
