// Chooses, while a model writes, between its best number of threads and half of it. llama.cpp's threads wait for each
// other by spinning, so on a machine where other programs take the cores, the best number of a quiet one may be ten
// times slower than half of it. A slowdown is noticed within three tokens, and whether it is over is tried now and then.

export interface ThreadGovernor {
  /** Told how long a batch of `tokens` took; returns the number of threads for the next one. */
  took(tokens: number, ms: number): number;
  readonly threads: number;
}

export interface ThreadGovernorOptions {
  /** The best number when nothing else runs. */
  best: number;
  /** Begin with a comparison, because the best number was measured another time. */
  compareFirst: boolean;
  now?: () => number;
}

/** Batches to compare by; the first after a change is not counted. */
const SAMPLES = 3;
const SLOWER = 2;
const CLEARLY_FASTER = 0.9;
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 32_000;

export function createThreadGovernor(options: ThreadGovernorOptions): ThreadGovernor {
  const high = options.best;
  const low = Math.max(1, Math.floor(high / 2));
  const now = options.now ?? (() => performance.now());
  let threads = high;
  let size = 0;
  let recent: number[] = [];
  let skip = 0;
  /** The usual time of a batch of this many tokens at the best number of threads. */
  const usual = new Map<number, number>();
  /** A comparison under way: what the other number took. */
  let compared: { from: number; ms: number } | null = null;
  let retryAfter = FIRST_RETRY_MS;
  let retryAt = 0;
  let compareFirst = options.compareFirst;

  const change = (to: number) => {
    threads = to;
    recent = [];
    skip = 1;
  };

  const decide = (mean: number) => {
    if (compared === null) return;
    const { from, ms } = compared;
    compared = null;
    const stay = mean < ms * CLEARLY_FASTER;
    if (!stay) {
      recent = [];
      threads = from;
      skip = 1;
    }
    if (threads === high) {
      // Slow as it is, it is what is usual now: a long context takes its time too.
      usual.set(size, stay ? mean : ms);
      retryAfter = FIRST_RETRY_MS;
    } else {
      retryAt = now() + retryAfter;
      retryAfter = Math.min(retryAfter * 2, LAST_RETRY_MS);
    }
  };

  const compare = (mean: number) => {
    compared = { from: threads, ms: mean };
    change(threads === high ? low : high);
  };

  return {
    get threads() {
      return threads;
    },
    took(tokens, ms) {
      if (high === low) return threads;
      if (tokens !== size) {
        // Times of other batches say nothing about this one.
        if (compared !== null) threads = compared.from;
        compared = null;
        size = tokens;
        recent = [];
        skip = 1;
        return threads;
      }
      if (skip > 0) {
        skip--;
        return threads;
      }
      recent.push(ms);
      if (recent.length < SAMPLES) return threads;
      const mean = recent.reduce((sum, x) => sum + x, 0) / recent.length;
      recent.shift();
      if (compared !== null) {
        recent = [];
        decide(mean);
      } else if (threads === high) {
        const before = usual.get(size);
        if (compareFirst || (before !== undefined && mean > before * SLOWER)) {
          compareFirst = false;
          compare(mean);
        } else usual.set(size, Math.min(before ?? mean, mean));
      } else if (now() >= retryAt) compare(mean);
      return threads;
    },
  };
}
