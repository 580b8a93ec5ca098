// POST P/batch: every input a run of its own, some at a time. One that fails fails the whole, as on LangServe.
import type { ServeConfig } from './read-request.ts';

const AT_ONCE = 4;

export async function runBatch<T>(
  inputs: readonly unknown[],
  configs: readonly ServeConfig[],
  signal: AbortSignal,
  run: (input: unknown, config: ServeConfig, signal: AbortSignal) => Promise<T>,
): Promise<T[]> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const results: T[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    while (next < inputs.length && !both.aborted) {
      const index = next++;
      results[index] = await run(inputs[index], configs[index] ?? { tags: [], metadata: {} }, both);
    }
  }
  const width = Math.min(inputs.length, configs[0]?.maxConcurrency ?? AT_ONCE);
  const workers = Array.from({ length: width }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(workers);
    throw error;
  }
  signal.throwIfAborted();
  return results;
}
