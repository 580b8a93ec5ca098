// Calls a pass over the queue whenever something changed or falls due; never two at once, and none is forgotten.

export interface Pump {
  /** Something changed: a pass begins now, or right after the one under way. */
  nudge(): void;
  start(): void;
  /** Resolves when no pass is under way. */
  stop(): Promise<void>;
}

export interface PumpOptions {
  /** Does what is due and returns when something will be due next, epoch milliseconds. */
  pass: () => Promise<number | null>;
  now: () => number;
  longestSleepMs: number;
  onError: (error: unknown) => void;
}

/** What is due and yet not begun waits for a run to let go of it, which nudges; this keeps the wait from spinning. */
const SHORTEST_SLEEP_MS = 50;
const SLEEP_AFTER_ERROR_MS = 1_000;

export function createPump({ pass, now, longestSleepMs, onError }: PumpOptions): Pump {
  let on = false;
  let again = false;
  let working: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function work(): Promise<void> {
    let sleepMs = longestSleepMs;
    do {
      again = false;
      try {
        const next = await pass();
        sleepMs = Math.min(longestSleepMs, Math.max(SHORTEST_SLEEP_MS, (next ?? Infinity) - now()));
      } catch (error) {
        onError(error);
        sleepMs = SLEEP_AFTER_ERROR_MS;
      }
    } while (on && again);
    working = null;
    if (!on) return;
    timer = setTimeout(nudge, sleepMs);
    timer.unref();
  }

  function nudge(): void {
    if (!on) return;
    again = true;
    if (working) return;
    clearTimeout(timer);
    working = work();
  }

  return {
    nudge,
    start() {
      on = true;
      nudge();
    },
    async stop() {
      on = false;
      clearTimeout(timer);
      await working;
    },
  };
}
