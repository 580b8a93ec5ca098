// A wall clock in whole microseconds: the system's time with the fraction that Date lacks, so that spans of one
// millisecond keep their order. It follows the system's clock when that is set or the machine slept.

export type Clock = () => number;

const DRIFT_MS = 2;

export function createClock(): Clock {
  let offset = Date.now() - performance.now();
  return () => {
    const ticks = performance.now();
    const wall = Date.now();
    // Date cuts the fraction off, so that the running clock may be up to 1 ms ahead of it.
    if (Math.abs(wall + 0.5 - (offset + ticks)) > DRIFT_MS) offset = wall - ticks;
    return Math.round((offset + ticks) * 1000);
  };
}
