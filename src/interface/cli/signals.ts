// Ctrl+C and its kin: the first asks to stop, a later one ends the program at once.
// One keystroke can arrive several times, because the terminal signals the whole group while npm and the launcher pass it
// on as well; so what follows within a second is the same wish.
import { constants } from 'node:os';

const ECHO_MS = 1000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `stop` once. It listens to the end of the program, so that the echo does not cut what still has to be closed. */
export function onStopSignal(stop: () => void): void {
  let askedAt: number | null = null;
  for (const signal of signals) {
    process.on(signal, () => {
      const now = performance.now();
      if (askedAt !== null && now - askedAt > ECHO_MS) process.exit(128 + constants.signals[signal]);
      if (askedAt !== null) return;
      askedAt = now;
      stop();
    });
  }
}
