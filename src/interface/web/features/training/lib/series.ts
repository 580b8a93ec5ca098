// What happened in a training, sorted for the page: points for charts, samples by checkpoint, notes.
import type { StoredTrainingEvent, TrainingEvent, TrainingPoint } from '../../../../../contracts/training.ts';

type EventOf<T extends TrainingEvent['type']> = Extract<TrainingEvent, { type: T }>;

export interface Series {
  points: TrainingPoint[];
  evaluations: EventOf<'evaluation'>[];
  checkpoints: EventOf<'checkpoint'>[];
  samples: EventOf<'sample'>[];
  notes: { at: number; note: EventOf<'note'> | EventOf<'status'> }[];
  /** The word of what it does now. */
  status: string | null;
}

/**
 * After a kill a run goes on from its last checkpoint and writes the steps since then again: the later of two events
 * of one step stands.
 */
export function seriesOf(events: readonly StoredTrainingEvent[]): Series {
  const points = new Map<number, TrainingPoint>();
  const evaluations = new Map<number, EventOf<'evaluation'>>();
  const checkpoints = new Map<number, EventOf<'checkpoint'>>();
  const samples = new Map<string, EventOf<'sample'>>();
  const notes: Series['notes'] = [];
  let status: string | null = null;
  for (const { at, event } of events) {
    switch (event.type) {
      case 'point':
        points.set(event.step, event);
        break;
      case 'evaluation':
        evaluations.set(event.step, event);
        break;
      case 'checkpoint':
        checkpoints.set(event.step, event);
        break;
      case 'sample':
        samples.set(`${event.step} ${event.prompt}`, event);
        break;
      case 'note':
        notes.push({ at, note: event });
        break;
      case 'status':
        status = event.status;
        notes.push({ at, note: event });
        break;
    }
  }
  const byStep = <T extends { step: number }>(map: Map<unknown, T>): T[] =>
    [...map.values()].sort((a, b) => a.step - b.step);
  return {
    points: byStep(points),
    evaluations: byStep(evaluations),
    checkpoints: byStep(checkpoints),
    samples: byStep(samples),
    notes,
    status,
  };
}

/** What is there and what came, each number once. */
export function joinEvents(
  before: readonly StoredTrainingEvent[],
  more: readonly StoredTrainingEvent[],
): StoredTrainingEvent[] {
  const last = before.at(-1)?.seq ?? 0;
  if (more.every(({ seq }) => seq > last)) return [...before, ...more];
  const all = new Map([...before, ...more].map((one) => [one.seq, one]));
  return [...all.values()].sort((a, b) => a.seq - b.seq);
}

export interface LossRow {
  step: number;
  /** Mean of the steps that the row stands for. */
  loss: number | null;
  validation: number | null;
}

/** Means over stretches of steps, so that a chart draws no more than `most` points; each keeps its last step. */
export function thin(points: readonly TrainingPoint[], most: number): TrainingPoint[] {
  if (points.length <= most) return [...points];
  const size = Math.ceil(points.length / most);
  const rows: TrainingPoint[] = [];
  for (let from = 0; from < points.length; from += size) {
    const part = points.slice(from, from + size);
    const last = part.at(-1);
    if (!last) continue;
    const mean = (value: (point: TrainingPoint) => number) =>
      part.reduce((sum, point) => sum + value(point), 0) / part.length;
    rows.push({
      ...last,
      loss: mean(({ loss }) => loss),
      gradientNorm: mean(({ gradientNorm }) => gradientNorm),
      tokensPerSecond: mean(({ tokensPerSecond }) => tokensPerSecond),
      accuracy: part.every(({ accuracy }) => accuracy !== null)
        ? mean(({ accuracy }) => accuracy ?? 0)
        : last.accuracy,
    });
  }
  return rows;
}

/** Loss and validation on one axis of steps; a validation has a row of its own where no point has that step. */
export function lossRows(
  { points, evaluations }: Pick<Series, 'points' | 'evaluations'>,
  most = 400,
): LossRow[] {
  const rows = new Map<number, LossRow>();
  for (const { step, loss } of thin(points, most)) rows.set(step, { step, loss, validation: null });
  for (const { step, validationLoss } of evaluations)
    rows.set(step, { step, loss: rows.get(step)?.loss ?? null, validation: validationLoss });
  return [...rows.values()].sort((a, b) => a.step - b.step);
}

export interface SampleTable {
  steps: number[];
  rows: { prompt: string; answers: (string | null)[] }[];
}

/**
 * Columns are checkpoints, rows are prompts. Beyond `most` the first, the last and evenly some between are shown, and
 * always the one whose parameters the model has.
 */
export function sampleTable(
  samples: readonly EventOf<'sample'>[],
  kept: number | null = null,
  most = 5,
): SampleTable {
  const all = [...new Set(samples.map(({ step }) => step))].sort((a, b) => a - b);
  const spread =
    all.length <= most
      ? all
      : Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))] ?? 0);
  const steps = all.filter((step) => step === kept || spread.includes(step));
  const prompts = [...new Set(samples.map(({ prompt }) => prompt))];
  return {
    steps,
    rows: prompts.map((prompt) => ({
      prompt,
      answers: steps.map(
        (step) => samples.find((one) => one.step === step && one.prompt === prompt)?.answer ?? null,
      ),
    })),
  };
}

/** The points of a small line, `width` by `height`, the least value at the bottom. */
export function sparkline(values: readonly number[], width: number, height: number): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) return '';
  const low = Math.min(...finite);
  const range = Math.max(...finite) - low || 1;
  return finite
    .map((value, i) => {
      const x = (i / (finite.length - 1)) * width;
      const y = height - ((value - low) / range) * height;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

/** About as many round numbers from `low` to `high`: 0, 50, 100 and not 1, 56, 111. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const range = high - low;
  if (!Number.isFinite(range)) return [];
  if (range <= 0) return [low];
  const rough = range / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  // Counted in steps, so that no rounding adds up.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** As one would say it: to the minute beyond two of them, to five beyond two hours. */
export function roughly(seconds: number): number {
  const unit = seconds < 10 ? 1 : seconds < 120 ? 5 : seconds < 7200 ? 60 : 300;
  return Math.max(1, Math.round(seconds / unit) * unit);
}

/** Seconds that the rest takes at the pace of the last steps; null: nobody knows yet. */
export function secondsToGo(points: readonly TrainingPoint[], step: number, steps: number): number | null {
  const recent = points.slice(-20);
  const first = recent[0];
  const last = recent.at(-1);
  if (!first || !last || last.step <= first.step || steps <= step) return null;
  const pace = (last.seconds - first.seconds) / (last.step - first.step);
  return Number.isFinite(pace) && pace > 0 ? (steps - step) * pace : null;
}
