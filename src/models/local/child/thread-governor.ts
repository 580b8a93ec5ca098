// Chooses, while a model writes, between its best number of threads and half of it. llama.cpp's threads wait for each
// other by spinning, so on a machine where other programs take the cores, the best number of a quiet one may be ten
// times slower than half of it. A lasting slowdown is noticed within a few tokens, a hiccup is not one, and whether it
// is over is tried now and then.

export interface ThreadGovernor {
  /** The number of threads for the batch that comes now. */
  begin(): number;
  /** Told how long a batch of `tokens`, one of each answer, took. */
  took(tokens: number, ms: number): void;
}

export interface ThreadGovernorOptions {
  /** The best number when nothing else runs. */
  best: number;
  /** Begin with a comparison, because the best number was measured another time. */
  compareFirst: boolean;
  now?: () => number;
}

/** Batches that show a slowdown, of which most must be slow; and batches to compare two numbers of threads by. */
const WATCHED = 5;
const COMPARED = 3;
const SLOWER = 2;
const CLEARLY_FASTER = 0.9;
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 20_000;
/** After a pause as long as this, nothing is known of what else runs. */
const PAUSE_MS = 1000;

export function createThreadGovernor(options: ThreadGovernorOptions): ThreadGovernor {
  const high = options.best;
  const low = Math.max(1, Math.floor(high / 2));
  const now = options.now ?? (() => performance.now());
  let threads = high;
  let size = 0;
  let recent: number[] = [];
  /** The first batch after a change is not counted. */
  let skip = false;
  /** The usual time of a batch of this many tokens at the best number of threads. */
  const usual = new Map<number, number>();
  /** A comparison under way: the number that was left for it, and what it took. */
  let compared: { from: number; ms: number } | null = null;
  let retryAfter = FIRST_RETRY_MS;
  let retryAt = 0;
  let compareFirst = options.compareFirst;
  let lastAt = now();

  const change = (to: number) => {
    threads = to;
    recent = [];
    skip = true;
  };

  const compare = () => {
    compared = { from: threads, ms: mean(recent) };
    change(threads === high ? low : high);
  };

  const decide = ({ from, ms }: { from: number; ms: number }) => {
    const other = mean(recent);
    compared = null;
    const stays = other < ms * CLEARLY_FASTER;
    if (stays) recent = [];
    else change(from);
    if (threads === high) {
      // Slow as it is, it is what is usual now: a long context takes its time too.
      usual.set(size, stays ? other : ms);
      retryAfter = FIRST_RETRY_MS;
    } else {
      retryAt = now() + retryAfter;
      retryAfter = Math.min(retryAfter * 2, LAST_RETRY_MS);
    }
  };

  return {
    begin() {
      const at = now();
      if (threads === low && high !== low && at - lastAt > PAUSE_MS) {
        compared = null;
        compareFirst = true;
        change(high);
      }
      lastAt = at;
      return threads;
    },
    took(tokens, ms) {
      lastAt = now();
      if (high === low) return;
      if (tokens !== size) {
        // Times of other batches say nothing about this one.
        if (compared !== null) threads = compared.from;
        compared = null;
        size = tokens;
        recent = [];
        skip = true;
      } else if (skip) {
        skip = false;
      } else {
        recent.push(ms);
        if (compared !== null) {
          if (recent.length === COMPARED) decide(compared);
        } else if (recent.length >= WATCHED) {
          watch();
          if (recent.length >= WATCHED) recent.shift();
        } else if (compareFirst && recent.length === COMPARED) {
          compareFirst = false;
          compare();
        }
      }
    },
  };

  function watch(): void {
    if (threads === low) {
      if (now() >= retryAt) compare();
      return;
    }
    const before = usual.get(size);
    const middle = median(recent);
    if (before !== undefined && middle > before * SLOWER) compare();
    else usual.set(size, Math.min(before ?? middle, middle));
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
