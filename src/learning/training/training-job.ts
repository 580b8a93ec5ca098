// A run from its order to its model, as a durable job. Everything that a restart needs lies in the run's folder; what can
// be computed again (rows, order, references) is.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import type { TaskProgress } from '../../contracts/task.ts';
import type { TrainingConcern, TrainingInput } from '../../contracts/training.ts';
import type { JobContext, JobHandler } from '../../jobs/queue.ts';
import type { Emitter } from '../../lib/emitter.ts';
import type { Log } from '../../lib/log.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { DecoderSession, DecoderSessionOptions } from '../../numerics/decoder/decoder.ts';
import { writeInitialValues } from '../../numerics/decoder/initial-values.ts';
import type { Measurements } from '../../store/measurements.ts';
import type { Store } from '../../store/store.ts';
import type { Datasets, FrozenDataset } from '../datasets/datasets.ts';
import type { ModelExporter, Trained, TunedRegistrar } from '../serving/export-port.ts';
import type { TunedModels } from '../serving/tuned-models.ts';
import type { BaseModel, BaseModels } from './base-model.ts';
import { createCheckpoints } from './checkpoints.ts';
import { chooseThreads } from './choose-threads.ts';
import type { TrainingEngine } from './engine-port.ts';
import { planRun, type RunPlan } from './estimate.ts';
import { type EventWriter, openEventWriter } from './event-log.ts';
import { exportFolder, removeExports } from './exports.ts';
import { finishRun } from './finish-run.ts';
import { localTeacher } from './local-teacher.ts';
import type { Machine } from './machine.ts';
import { createDpo, referenceLogProbabilities } from './methods/dpo.ts';
import type { Method, MethodOptions } from './methods/method.ts';
import { createSft } from './methods/sft.ts';
import { createOptimiser } from './optimiser.ts';
import { kindOf, prepareData } from './prepare-data.ts';
import { adaptationOf } from './reckon.ts';
import { type RunRows, runState, TRAINING_KIND, type TrainingPayload } from './run-rows.ts';
import { requireSameBase } from './same-base.ts';
import { createSampler, samplePrompts } from './samples.ts';
import { type Speeds, stepKey } from './speed.ts';
import { teacherAnswers } from './teacher-answers.ts';
import { teacherProbabilities } from './teacher-probabilities.ts';
import { type LoopState, trainLoop } from './train-loop.ts';
import { asFailure } from './training-failure.ts';

export interface TrainingPorts {
  store: Store;
  log: Log;
  /** The data folder. */
  dataDir: string;
  datasets: Pick<Datasets, 'read'>;
  bases: BaseModels;
  engine: TrainingEngine;
  exporter: ModelExporter;
  registrar: TunedRegistrar;
  tunedModels: Pick<TunedModels, 'put'>;
  gateway: Pick<Gateway, 'generate'>;
  registry: Pick<ModelRegistry, 'resolve'>;
  measurements: Measurements;
  machine: Machine;
  openSession: (options: DecoderSessionOptions) => Promise<DecoderSession>;
  now: () => number;
}

export interface TrainingJobOptions extends TrainingPorts {
  rows: RunRows;
  speeds: Speeds;
  changes: Emitter<string>;
}

/** Steps after which a run's speed says more than its start does. */
const SETTLED_STEPS = 5;

export const runFolder = (dataDir: string, runId: string) => join(dataDir, 'training', runId);

export function createTrainingJob(options: TrainingJobOptions): JobHandler<TrainingPayload> {
  const { store, rows } = options;

  async function run(context: JobContext<TrainingPayload>) {
    const { payload, signal } = context;
    const { runId } = payload;
    const folder = runFolder(options.dataDir, runId);
    await store.write([rows.insert(payload, context.id)]);
    await store.write([rows.update(runId, { status: 'running', error: null })]);
    let state: LoopState | null = null;
    let steps = payload.estimate.steps;
    const events = await openEventWriter({
      store,
      runId,
      changes: options.changes,
      state: () => JSON.stringify(runState(steps, state)),
      now: options.now,
      onError: (error) => options.log.warn('events of a training wait', { runId, error: String(error) }),
    });
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const model = await train({
        context,
        folder,
        events,
        onPlan: (plan) => {
          steps = plan.steps;
        },
        onState: (now) => {
          state = now;
        },
      });
      await events.flush();
      await store.write([rows.update(runId, { status: 'complete', model, ended_at: options.now() })]);
      await rm(folder, { recursive: true, force: true });
      return { runId, model };
    } catch (error) {
      await events
        .flush()
        .catch((fault: unknown) =>
          options.log.warn('events of a training are lost', { runId, error: String(fault) }),
        );
      if (!signal.aborted) {
        const failure = JSON.stringify(asFailure(error).toJSON());
        await store.write([
          rows.update(runId, { status: 'failed', error: failure, ended_at: options.now() }),
        ]);
        throw asFailure(error);
      }
      if (signal.reason === 'cancel') {
        await store.write([rows.update(runId, { status: 'cancelled', ended_at: options.now() })]);
        await rm(folder, { recursive: true, force: true });
        await removeExports(options, payload.input.name);
      }
      throw error;
    } finally {
      options.changes.emit(runId);
    }
  }

  interface Run {
    context: JobContext<TrainingPayload>;
    folder: string;
    events: EventWriter;
    onPlan: (plan: RunPlan) => void;
    onState: (state: LoopState) => void;
  }

  /** @returns local/{name} */
  async function train({ context, folder, events, onPlan, onState }: Run): Promise<string> {
    const { payload, signal } = context;
    const { runId, identity, input } = payload;
    const checkpoints = createCheckpoints(join(folder, 'checkpoints'));
    const isFresh = !(await checkpoints.any());
    // Without a checkpoint everything is told anew; with one, all that was told before it stands.
    if (isFresh) await events.backTo(0);
    const phase = (status: string, done: number, total: number | null) => {
      context.progress({ done, total, unit: 'items', perSecond: null, note: status });
    };
    const begin = (status: string) => {
      if (isFresh) events.emit({ type: 'status', step: 0, status });
      phase(status, 0, null);
    };

    begin('preparing');
    const base = await options.bases.prepare(input.base, {
      signal,
      onProgress: (done) => phase('preparing', Math.round(done * 100), 100),
    });
    await requireSameBase(folder, base, isFresh);
    const { dataset, plan, soft } = await readData({
      ...options,
      context,
      folder,
      base,
      begin,
      phase,
      note(code, message) {
        if (isFresh) events.emit({ type: 'note', step: 0, code, message });
      },
    });
    onPlan(plan);
    const { shape, steps } = plan;
    const adaptation = adaptationOf(input);
    begin('loading');
    const open = (threads: number) =>
      options.openSession({
        config: base.config,
        weights: base.weights,
        adaptation,
        rows: shape.rows,
        length: shape.length,
        ...(soft !== undefined && { soft }),
        gradientCheckpointing: input.hyperparameters.gradientCheckpointing,
        threads,
        signal,
      });
    const threads =
      input.hyperparameters.threads ??
      (await chooseThreads({
        measurements: options.measurements,
        key: stepKey(base.model, shape, input),
        cores: options.machine.cores(),
        open,
        rows: plan.rows,
        shape,
        ...(soft !== undefined && { soft }),
      }));
    const session = await open(threads);
    try {
      await writeInitialValues(session.values, session.parameters, {
        adaptation,
        seed: input.hyperparameters.seed,
        weights: base.weights,
      });
      const method = await methodOf(input, plan, { session, shape, signal }, soft);
      const trained: Trained = { base, adaptation, parameters: session.parameters, values: session.values };
      const optimiser = createOptimiser(session.values.length, input.hyperparameters, steps);
      const end = await trainLoop({
        session,
        method,
        optimiser,
        rows: plan.rows,
        validation: plan.validation,
        shape,
        hyperparameters: input.hyperparameters,
        steps,
        checkpoints,
        events,
        signal,
        clock: () => performance.now(),
        afterCheckpoint: createSampler({
          engine: options.engine,
          exporter: options.exporter,
          trained,
          prompts: samplePrompts(input, dataset),
          folder,
          events,
          signal,
        }),
        onState(state) {
          onState(state);
          context.progress(progressOf(state, steps));
        },
      });
      if (end.step >= SETTLED_STEPS && end.seconds > 0) {
        const places = (end.step * shape.rows * shape.accumulated * shape.length) / end.seconds;
        await options.speeds.keep(base.model, shape, input, threads, places);
      }
      const files = await finishRun({
        name: input.name,
        trained,
        session,
        shape,
        dataset,
        engine: options.engine,
        exporter: options.exporter,
        registrar: options.registrar,
        folder: exportFolder(options.dataDir, input.name),
        signal,
        onStep(status) {
          events.emit({ type: 'status', step: end.step, status });
          context.progress({ ...progressOf(end, steps), note: status });
        },
      });
      const model = `local/${input.name}`;
      // A kill between this and the job's end comes by here again.
      if ((await rows.tuned(input.name))?.runId !== runId)
        await options.tunedModels.put({
          name: input.name,
          model,
          base: base.model,
          runId,
          files,
          userId: identity.userId,
        });
      events.emit({ type: 'status', step: end.step, status: 'complete' });
      return model;
    } finally {
      await session.close();
    }
  }

  return { kind: TRAINING_KIND, canPause: true, run };
}

interface ReadData
  extends Pick<TrainingJobOptions, 'datasets' | 'engine' | 'bases' | 'registry' | 'gateway'> {
  context: JobContext<TrainingPayload>;
  folder: string;
  base: BaseModel;
  begin: (status: string) => void;
  phase: (status: string, done: number, total: number | null) => void;
  note: (code: string, message: string) => void;
}

/** The dataset as tokens in rows; of a distillation what the teacher says of them. */
async function readData(
  options: ReadData,
): Promise<{ dataset: FrozenDataset; plan: RunPlan; soft?: number }> {
  const { context, base, folder, phase, begin, engine } = options;
  const { identity, input } = context.payload;
  const { sequenceLength, topK } = input.hyperparameters;
  const { signal } = context;
  let dataset = await options.datasets.read(identity, input.dataset, [kindOf[input.method]]);
  const teacher = input.method === 'distillation' ? input.teacher : null;
  if (teacher !== null) {
    begin('asking');
    const taught = await teacherAnswers({
      ...options,
      teacher,
      identity,
      dataset,
      path: join(folder, 'answers.jsonl'),
      maxTokens: sequenceLength,
      signal,
      onProgress: (done, total) => phase('asking', done, total),
    });
    dataset = taught.dataset;
    for (const { id, reason } of taught.leftOut)
      options.note('teacher_left_out', `The example ${id} is not learned from: ${reason}.`);
  }
  begin('reading');
  const tokenizer = await engine.openTokenizer(base.path);
  const data = await prepareData({
    input,
    dataset,
    tokenizer,
    signal,
    onProgress: (done) => phase('reading', Math.round(done * 100), 100),
  }).finally(() => tokenizer.close());
  // How long a teacher's answers are is known only now: those that fill more than a row are named and left out.
  const isLate = ({ code }: TrainingConcern) => teacher !== null && code === 'too_long';
  for (const concern of data.concerns.filter(isLate)) options.note('teacher_left_out', concern.message);
  if (teacher !== null && data.train.length === 0)
    throw new AtelierError(
      'training_failed',
      `No answer of ${teacher} is left to learn from: each was empty, or longer than a row of ${sequenceLength} tokens has room for. Choose another teacher or a greater sequence length.`,
      { data: { step: 0, reason: 'no_examples', teacher, sequenceLength } },
    );
  requireNone(data.concerns.filter((concern) => concern.blocks && !isLate(concern)));

  const local = teacher === null ? null : await localTeacher(options, teacher, base);
  if (local === null) return { dataset, plan: planRun(input, data.train, data.validation) };
  const taught = await teacherProbabilities([...data.train, ...data.validation], {
    openTeacher: () => engine.openModel({ path: local.path, contextLength: sequenceLength }),
    k: topK,
    path: join(folder, 'probabilities.bin'),
    signal,
    onProgress: (done, total) => phase('asking', done, total),
  });
  const train = taught.slice(0, data.train.length);
  return { dataset, plan: planRun(input, train, taught.slice(train.length)), soft: topK };
}

async function methodOf(
  input: TrainingInput,
  { rows, validation }: RunPlan,
  options: MethodOptions,
  soft: number | undefined,
): Promise<Method> {
  if (input.method !== 'dpo') return createSft({ ...options, ...(soft !== undefined && { soft }) });
  // Before a checkpoint is read, the session holds the base whatever is trained: computed anew, the numbers are the same.
  const all = [...rows, ...validation];
  const reference = await referenceLogProbabilities(
    all,
    options,
    input.adaptation === 'lora' ? 'base' : 'current',
  );
  return createDpo({ ...options, beta: input.hyperparameters.beta, rows: all, reference });
}

/** @throws AtelierError invalid_request with all of them */
export function requireNone(blocking: readonly TrainingConcern[]): void {
  if (blocking.length === 0) return;
  throw new AtelierError('invalid_request', blocking.map(({ message }) => message).join(' '), {
    data: { concerns: blocking },
  });
}

const progressOf = ({ step, last }: LoopState, steps: number): TaskProgress => ({
  done: step,
  total: steps,
  unit: 'steps',
  perSecond: last && last.seconds > 0 ? step / last.seconds : null,
  note: 'training',
});
