// The loop: gradient, clip, update; looks at the validation rows, keeps checkpoints and the best step. It goes on from the
// newest whole checkpoint, and with one thread ends with the same bits as a run that nothing disturbed.
import { AtelierError } from '../../contracts/errors.ts';
import type { Hyperparameters, TrainingPoint } from '../../contracts/training.ts';
import type { DecoderSession } from '../../numerics/decoder/decoder.ts';
import { type BatchShape, createRowOrder, rowsOfStep } from './batches.ts';
import type { CheckpointState, Checkpoints } from './checkpoints.ts';
import type { EventWriter } from './event-log.ts';
import type { Method } from './methods/method.ts';
import { type Row, unitLength } from './pack.ts';
import { mixSeed } from './seeded-order.ts';
import { asFailure } from './training-failure.ts';

export interface Optimiser {
  /** Its moments, which a checkpoint keeps. */
  readonly state: readonly Float32Array[];
  /** Clips and applies the gradients. @returns their norm before clipping, and the rate that was used */
  update(values: Float32Array, gradients: Float32Array, step: number): { norm: number; learningRate: number };
}

export type LoopState = Omit<CheckpointState, 'seq' | 'told'>;

export interface TrainLoopOptions {
  session: Pick<DecoderSession, 'values' | 'gradients'>;
  method: Method;
  optimiser: Optimiser;
  rows: readonly Row[];
  validation: readonly Row[];
  shape: BatchShape;
  hyperparameters: Hyperparameters;
  steps: number;
  checkpoints: Checkpoints;
  events: EventWriter;
  signal: AbortSignal;
  /** Milliseconds that only go forward. */
  clock: () => number;
  /** Samples, with the session at rest. */
  afterCheckpoint: (step: number) => Promise<void>;
  onState: (state: LoopState) => void;
}

/** Evaluations and checkpoints of a run, when nothing else was said. */
const TIMES_A_RUN = 10;

export const everyOf = (every: number | null, steps: number) =>
  every ?? Math.max(1, Math.ceil(steps / TIMES_A_RUN));

/** @returns the state at the end; the session then holds the parameters of the best step. @throws AtelierError training_failed */
export async function trainLoop(options: TrainLoopOptions): Promise<LoopState> {
  const { session, method, optimiser, rows, validation, shape, hyperparameters, steps } = options;
  const { checkpoints, events, signal, clock } = options;
  const rowsAt = createRowOrder(rows, shape, hyperparameters.seed);
  const arrays = [session.values, ...optimiser.state];
  const evaluateEvery = everyOf(hyperparameters.evaluateEvery, steps);
  const checkpointEvery = everyOf(hyperparameters.checkpointEvery, steps);
  let state: LoopState = {
    step: 0,
    seconds: 0,
    trainedTokens: 0,
    last: null,
    validationLoss: null,
    evaluatedStep: -1,
    best: null,
  };
  let keptStep = 0;
  const become = (next: Partial<LoopState>) => {
    state = { ...state, ...next };
    options.onState(state);
  };

  async function restore(): Promise<boolean> {
    const damaged: { file: string; reason: string }[] = [];
    const initial = session.values.slice();
    const found = await checkpoints.read(arrays, (file, reason) => damaged.push({ file, reason }));
    if (found) {
      const { seq, told, ...rest } = found;
      become(rest);
      await events.backTo(seq);
      events.emit({
        type: 'note',
        step: state.step,
        code: 'resumed',
        message: `The run goes on from its checkpoint of step ${state.step}.`,
      });
      for (const { file, reason } of damaged) noteDamaged(file, reason);
      keptStep = state.step;
      if (told) await tellCheckpoint();
      else await afterStep();
      return true;
    }
    session.values.set(initial);
    for (const moment of optimiser.state) moment.fill(0);
    for (const { file, reason } of damaged) noteDamaged(file, reason);
    return false;
  }
  const noteDamaged = (file: string, reason: string) =>
    events.emit({
      type: 'note',
      step: state.step,
      code: 'checkpoint_damaged',
      message: `The checkpoint ${file} is damaged (${reason}); the run goes on from step ${state.step}.`,
    });

  async function evaluate(): Promise<void> {
    if (validation.length === 0) return;
    const { loss, tokens, accuracy } = await method.evaluate(validation);
    requireFinite(loss, 'loss on the validation split', state.step, hyperparameters);
    events.emit({ type: 'evaluation', step: state.step, validationLoss: loss, tokens, accuracy });
    become({ validationLoss: loss, evaluatedStep: state.step });
    if (state.step === 0 || (state.best && state.best.validationLoss <= loss)) return;
    await checkpoints.writeBest(state.step, session.values);
    become({ best: { step: state.step, validationLoss: loss } });
  }

  async function keep(told: boolean): Promise<void> {
    // What the checkpoint takes as written must be stored before it is.
    await events.flush();
    await checkpoints.write({ ...state, seq: events.seq, told }, arrays);
    keptStep = state.step;
    if (told) await tellCheckpoint();
  }
  async function tellCheckpoint(): Promise<void> {
    events.emit({ type: 'checkpoint', step: state.step, validationLoss: state.validationLoss });
    await options.afterCheckpoint(state.step);
  }

  async function trainStep(): Promise<void> {
    const step = state.step + 1;
    const startedAt = clock();
    const batches = rowsAt(step);
    const { loss, tokens, accuracy } = await method.step(batches, mixSeed(hyperparameters.seed, step));
    requireFinite(loss, 'loss', step, hyperparameters);
    const { norm, learningRate } = optimiser.update(session.values, session.gradients, step);
    requireFinite(norm, 'norm of the gradient', step, hyperparameters);
    const took = (clock() - startedAt) / 1000;
    const read = batches.flat(2).reduce((sum, unit) => sum + unitLength(unit), 0);
    const point: TrainingPoint = {
      step,
      epoch: (step * rowsOfStep(shape)) / rows.length,
      loss,
      learningRate,
      gradientNorm: norm,
      tokensPerSecond: took > 0 ? read / took : 0,
      accuracy,
      seconds: state.seconds + took,
    };
    events.emit({ type: 'point', ...point });
    become({ step, seconds: point.seconds, trainedTokens: state.trainedTokens + tokens, last: point });
  }

  /** Looks and keeps, where it is time to. */
  async function afterStep(): Promise<void> {
    const due = (every: number) => state.step === steps || state.step % every === 0;
    if (due(evaluateEvery) && state.evaluatedStep !== state.step) await evaluate();
    if (due(checkpointEvery)) await keep(true);
  }

  try {
    if (!(await restore())) {
      events.emit({ type: 'status', step: 0, status: 'training' });
      await evaluate();
    }
    while (state.step < steps) {
      signal.throwIfAborted();
      await trainStep();
      await afterStep();
    }
  } catch (error) {
    if (!signal.aborted) throw atStep(error, state.step);
    // Stopped between two steps or within one, whose gradient is then lost: what is done is kept.
    if (signal.reason !== 'cancel' && state.step > keptStep) await keep(false);
    throw error;
  }
  if (
    state.best &&
    state.best.step !== state.step &&
    !(await checkpoints.readBest(state.best.step, session.values))
  ) {
    events.emit({
      type: 'note',
      step: state.step,
      code: 'best_damaged',
      message: `The parameters of step ${state.best.step}, the best one, cannot be read; the last step is exported.`,
    });
    become({ best: null });
  }
  return state;
}

/** The same failure with the step at which it came. */
function atStep(thrown: unknown, step: number): AtelierError {
  const error = asFailure(thrown);
  const { code, message, data, retryable } = error;
  if ('step' in data) return error;
  return new AtelierError(code, `After step ${step}: ${message}`, {
    cause: thrown,
    data: { ...data, step },
    retryable,
  });
}

function requireFinite(
  value: number,
  what: string,
  step: number,
  { learningRate, clipNorm }: Hyperparameters,
): void {
  if (Number.isFinite(value)) return;
  throw new AtelierError(
    'training_failed',
    `At step ${step} the ${what} is no number (${value}). Start again with a learning rate under ${learningRate}${clipNorm === null ? ', and with clipping' : ''}.`,
    { data: { step, reason: 'not_finite', learningRate, clipNorm } },
  );
}
