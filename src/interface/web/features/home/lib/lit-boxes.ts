// Which boxes are at work, out of the spans that begin and end. Pure: time comes as an argument.
import { type Box, boxOf } from '../../../lib/system-boxes.ts';

export interface SeenSpan {
  traceId: string;
  spanId: string;
  kind: string;
  startedAt: number;
  endedAt: number | null;
}

/** In the order of their starts. */
export type SeenSpans = readonly SeenSpan[];

/** How long a box stays lit after its span: a step of 5 ms must be seen as well. */
export const GLOW_MS = 900;
/** A span whose end was never heard of. */
const FORGET_MS = 10 * 60_000;

export function spanStarted(
  seen: SeenSpans,
  span: Omit<SeenSpan, 'startedAt' | 'endedAt'>,
  now: number,
): SeenSpans {
  return [...seen.filter((one) => one.spanId !== span.spanId), { ...span, startedAt: now, endedAt: null }];
}

export function spanEnded(seen: SeenSpans, spanId: string, now: number): SeenSpans {
  return seen.map((one) => (one.spanId === spanId ? { ...one, endedAt: now } : one));
}

/** Without what has gone out. The same list when nothing has. */
export function stillLit(seen: SeenSpans, now: number): SeenSpans {
  const lit = seen.filter((one) =>
    one.endedAt === null
      ? now - one.startedAt < FORGET_MS
      : now - Math.max(one.endedAt, one.startedAt) < GLOW_MS,
  );
  return lit.length === seen.length ? seen : lit;
}

/** The newest span of each lit box; monitoring sees every span. */
export function litBoxes(seen: SeenSpans): Partial<Record<Box, SeenSpan>> {
  const lit: Partial<Record<Box, SeenSpan>> = {};
  for (const span of seen) {
    lit[boxOf(span.kind)] = span;
    lit.monitoring = span;
  }
  return lit;
}
