// Trainings as a person orders and follows them; the work itself is the job's.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type {
  StoredTrainingEvent,
  TrainingConcern,
  TrainingEstimate,
  TrainingInput,
  TrainingRun,
} from '../../contracts/training.ts';
import type { Jobs } from '../../jobs/queue.ts';
import { createEmitter } from '../../lib/emitter.ts';
import { newId } from '../../lib/ids.ts';
import { openDecoderSession } from '../../numerics/decoder/open-decoder-session.ts';
import type { FrozenDataset } from '../datasets/datasets.ts';
import type { BaseFacts } from './base-model.ts';
import { estimateTraining } from './estimate.ts';
import { followEvents, readEvents } from './event-log.ts';
import { isHalfRegistered, removeExports } from './exports.ts';
import { forgetWords } from './forget-words.ts';
import { localTeacher } from './local-teacher.ts';
import { thisMachine } from './machine.ts';
import { kindOf } from './prepare-data.ts';
import { createRunRows, TRAINING_KIND, type TrainingPayload } from './run-rows.ts';
import { createSpeeds } from './speed.ts';
import { createTrainingJob, requireNone, runFolder, type TrainingPorts } from './training-job.ts';
import type { Trainings } from './trainings.ts';

export interface CreateTrainingsOptions
  extends Omit<TrainingPorts, 'machine' | 'openSession' | 'now'>,
    Partial<Pick<TrainingPorts, 'machine' | 'openSession' | 'now'>> {
  jobs: Jobs;
}

const OPEN_TASKS = 10_000;
const ended: readonly TrainingRun['status'][] = ['complete', 'failed', 'cancelled'];

/** Registers the job: call it before the jobs start. */
export function createTrainings({
  machine = thisMachine,
  openSession = openDecoderSession,
  now = Date.now,
  ...rest
}: CreateTrainingsOptions): Trainings {
  const options = { ...rest, machine, openSession, now };
  const { store, jobs, bases, datasets, engine, log } = options;
  const rows = createRunRows(store);
  const speeds = createSpeeds(options);
  const changes = createEmitter<string>((error) =>
    log.error('a reader of a training failed', { error: String(error) }),
  );
  jobs.register(createTrainingJob({ ...options, rows, speeds, changes }));
  // Paused, cancelled, resumed: also from the tray of tasks.
  jobs.onChange(({ kind, payload, status }) => {
    if (kind !== TRAINING_KIND || status === 'running') return;
    changes.emit(String(payload.runId));
  });

  interface Read {
    facts: BaseFacts;
    dataset: FrozenDataset;
    input: TrainingInput;
  }
  /** The order with what it leaves open: the dataset's version, the base's id. @throws not_found, invalid_request */
  async function read(who: Identity, order: TrainingInput): Promise<Read> {
    mayTrain(who);
    if (order.method === 'distillation' && order.teacher === null)
      throw new AtelierError('invalid_request', 'Distillation needs a teacher: name a model in `teacher`.', {
        data: { method: order.method },
      });
    if (order.method === 'distillation' && order.teacher !== null) await requireAnswers(order.teacher);
    const facts = await bases.describe(order.base);
    const dataset = await datasets.read(who, order.dataset, [kindOf[order.method]]);
    if (dataset.dataset.purpose === 'evaluation')
      throw new AtelierError(
        'invalid_request',
        `The dataset ${dataset.dataset.name} is for evaluation: what a model has learned from can no longer judge it. Choose a training dataset.`,
        { data: { dataset: dataset.dataset.id } },
      );
    const { id, version } = dataset.version
      ? { id: dataset.dataset.id, version: dataset.version.version }
      : order.dataset;
    return { facts, dataset, input: { ...order, base: facts.model, dataset: { id, version } } };
  }

  async function reckon({ facts, dataset, input }: Read, signal: AbortSignal): Promise<TrainingEstimate> {
    const estimate = await estimateTraining({
      input,
      facts,
      dataset,
      openTokenizer: () => engine.openTokenizer(facts.path),
      isPrepared: facts.config !== null && (await bases.isPrepared(facts.model)),
      folder: join(options.dataDir, 'training'),
      machine,
      measurements: options.measurements,
      speeds,
      signal,
    });
    const teacher =
      facts.config && input.teacher !== null ? await teacherConcern(input.teacher, facts) : null;
    return teacher ? { ...estimate, concerns: [...estimate.concerns, teacher] } : estimate;
  }

  /** @throws AtelierError model_not_found, invalid_request (a model that writes no answer) */
  async function requireAnswers(teacher: string): Promise<void> {
    const { id, kind } = (await options.registry.resolve(teacher)).info;
    if (kind === 'chat') return;
    throw new AtelierError(
      'invalid_request',
      `${id} is of the kind ${kind} and writes no answers to learn from. Choose a chat model as the teacher.`,
      { data: { param: 'teacher', teacher: id, kind } },
    );
  }

  async function teacherConcern(teacher: string, facts: BaseFacts): Promise<TrainingConcern | null> {
    if ((await localTeacher(options, teacher, facts)) !== null) return null;
    return {
      code: 'teacher_answers_only',
      message: `Of ${teacher} the answers are learned and not the probabilities: it is no model of this machine that reads the same tokens as ${facts.model}.`,
      data: { teacher, base: facts.model },
      blocks: false,
    };
  }

  async function requireFreeName(name: string, ownRun: string | null): Promise<void> {
    const tuned = await rows.tuned(name);
    const installed = await options.registry
      .resolve(`local/${name}`)
      .then(({ info }) => info.id === `local/${name}`)
      .catch(() => false);
    // A run that stopped between its model's name and its row has the name already.
    const isOwn =
      tuned === null
        ? ownRun !== null && (await isHalfRegistered({ ...options, rows }, name))
        : tuned.runId === ownRun;
    if ((tuned !== null && !isOwn) || (installed && !isOwn)) throw nameTaken(name);
  }

  /** Datasets, and what is made of them, are seen by whoever may build with them. */
  async function seen(who: Identity, id: string): Promise<TrainingRun> {
    mayTrain(who);
    return rows.get(id);
  }
  /** Stopped and removed by whoever started it, and by admins. */
  async function own(who: Identity, id: string): Promise<TrainingRun> {
    const run = await seen(who, id);
    if (who.role === 'admin' || run.userId === who.userId) return run;
    throw new AtelierError(
      'forbidden',
      `The training ${id} is somebody else’s: they or an admin may change it.`,
      { data: { id } },
    );
  }
  async function changed(who: Identity, id: string, change: (taskId: string) => Promise<unknown>) {
    await change((await own(who, id)).taskId);
    return rows.get(id);
  }

  /** What was exported under a name, unless another run of the name may be writing there. */
  async function removeUnused(name: string): Promise<void> {
    const open = await jobs.list({ open: true, limit: OPEN_TASKS });
    if (!open.some(({ kind, title }) => kind === TRAINING_KIND && title === name))
      await removeExports({ ...options, rows }, name);
  }

  return {
    async estimate(who, order, signal = new AbortController().signal) {
      return reckon(await read(who, order), signal);
    },
    async start(who, order) {
      const found = await read(who, order);
      const { input } = found;
      await requireFreeName(input.name, null);
      const estimate = await reckon(found, new AbortController().signal);
      requireNone(estimate.concerns.filter(({ blocks }) => blocks));
      const payload: TrainingPayload = {
        runId: newId('train', now()),
        // Whole: a key's own budget counts what the teacher is asked, and its scope says whether it may be.
        identity: who,
        input,
        estimate,
        createdAt: now(),
      };
      const task = await jobs.enqueue(TRAINING_KIND, payload, {
        title: input.name,
        uniqueKey: `training:${input.name}`,
      });
      // Another run of the name is under way, and was given in place of this one.
      if (task.payload.runId !== payload.runId) throw nameTaken(input.name);
      await store.write([rows.insert(payload, task.id)]);
      return rows.get(payload.runId);
    },
    async list(who, query = {}) {
      mayTrain(who);
      return rows.list(query);
    },
    get: seen,
    pause: (who, id) => changed(who, id, jobs.pause),
    async resume(who, id) {
      const { name } = await own(who, id);
      await requireFreeName(name, id);
      return changed(who, id, jobs.resume);
    },
    async cancel(who, id) {
      const run = await changed(who, id, jobs.cancel);
      // One that does not run has nobody else to clean up behind it.
      await rm(runFolder(options.dataDir, id), { recursive: true, force: true });
      await removeExports({ ...options, rows }, run.name);
      await store.write([rows.update(id, { status: 'cancelled', ended_at: now() })]);
      return run;
    },
    async remove(who, id) {
      const { status, name } = await own(who, id);
      if (!ended.includes(status))
        throw new AtelierError('conflict', `The training ${id} is ${status}: cancel it first.`, {
          data: { id, status },
        });
      await store.write(rows.remove(id));
      await rm(runFolder(options.dataDir, id), { recursive: true, force: true });
      await removeUnused(name);
      changes.emit(id);
    },
    forgetWords: () => forgetWords({ rows, jobs, dataDir: options.dataDir, removeExports: removeUnused }),
    async events(who, id, after = 0) {
      await seen(who, id);
      const all: StoredTrainingEvent[] = [];
      for (;;) {
        const some = await readEvents(store, id, all.at(-1)?.seq ?? after);
        if (some.length === 0) return all;
        all.push(...some);
      }
    },
    async *watch(who, id, after, signal) {
      await seen(who, id);
      yield* followEvents({
        store,
        runId: id,
        after,
        changes,
        signal,
        async ended() {
          try {
            return ended.includes((await rows.get(id)).status);
          } catch {
            // Removed meanwhile: there is nothing more to come.
            return true;
          }
        },
      });
    },
  };
}

const nameTaken = (name: string) =>
  new AtelierError('conflict', `The name ${name} is taken. Choose another one for the tuned model.`, {
    data: { name },
  });

function mayTrain({ role }: Identity): void {
  if (role === 'admin' || role === 'builder') return;
  throw new AtelierError(
    'forbidden',
    `The role ${role} has no access to training. Ask an admin or a builder.`,
    {
      data: { role, needs: ['admin', 'builder'] },
    },
  );
}
