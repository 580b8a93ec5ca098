// A training run in the words of OpenAI's fine-tuning wire: job, events, checkpoints, and the table of its steps.
import type { StoredTrainingEvent, TrainingPoint, TrainingRun } from '../../../../contracts/training.ts';
import { seconds } from '../lists.ts';
import { type Kept, keptSchema } from './order.ts';

const PREFIX = 'ftjob-';
export const jobIdOf = (runId: string): string => PREFIX + runId;
export const runIdOf = (jobId: string): string =>
  jobId.startsWith(PREFIX) ? jobId.slice(PREFIX.length) : jobId;

/** Null: the run was not ordered on this wire. */
export function keptOf({ input }: TrainingRun): Kept | null {
  const kept = keptSchema.safeParse(input.wire?.openai);
  return kept.success ? kept.data : null;
}

const statuses: Record<TrainingRun['status'], string> = {
  queued: 'queued',
  running: 'running',
  paused: 'paused',
  complete: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** What was asked, `auto` for what was left open. */
function toldHyperparameters({ method, hyperparameters }: Kept) {
  const { n_epochs, batch_size, learning_rate_multiplier, beta } = hyperparameters;
  return {
    n_epochs: n_epochs ?? 'auto',
    batch_size: batch_size ?? 'auto',
    learning_rate_multiplier: learning_rate_multiplier ?? 'auto',
    ...(method === 'dpo' ? { beta: beta ?? 'auto' } : {}),
  };
}

export function jobToWire(run: TrainingRun, kept: Kept, resultFiles: readonly string[]) {
  const hyperparameters = toldHyperparameters(kept);
  const isDone = run.status === 'complete';
  const left = run.estimate.seconds * (1 - run.step / Math.max(1, run.steps));
  return {
    id: jobIdOf(run.id),
    object: 'fine_tuning.job' as const,
    model: kept.model,
    created_at: seconds(run.createdAt),
    finished_at: run.endedAt === null ? null : seconds(run.endedAt),
    estimated_finish: run.status === 'running' ? seconds(Date.now() + left * 1000) : null,
    fine_tuned_model: isDone ? run.model : null,
    organization_id: 'atelier',
    result_files: [...resultFiles],
    status: statuses[run.status],
    trained_tokens: isDone ? run.trainedTokens : null,
    training_file: kept.trainingFile,
    validation_file: kept.validationFile,
    hyperparameters,
    method: { type: kept.method, [kept.method]: { hyperparameters } },
    seed: run.input.hyperparameters.seed,
    metadata: kept.metadata,
    integrations: [],
    error:
      run.error === null
        ? null
        : { code: run.error.code, message: run.error.message, param: paramOf(run.error.code) },
  };
}

const paramOf = (code: string): string | null => (code === 'invalid_request' ? 'training_file' : null);

interface Said {
  /** Its place; those of the wire's own stand before and after the stored ones. */
  place: number;
  at: number;
  level?: 'info' | 'warn' | 'error';
  message: string;
  data?: Record<string, unknown>;
}

const four = (value: number) => value.toFixed(4);

function ofEvent({ seq, at, event }: StoredTrainingEvent, steps: number): Said | null {
  const place = seq * 2;
  switch (event.type) {
    case 'point':
      return {
        place,
        at,
        message: `Step ${event.step}/${steps}: training loss=${four(event.loss)}`,
        data: {
          step: event.step,
          total_steps: steps,
          train_loss: event.loss,
          ...(event.accuracy === null ? {} : { train_accuracy: event.accuracy }),
        },
      };
    case 'evaluation':
      return {
        place,
        at,
        message: `Step ${event.step}/${steps}: validation loss=${four(event.validationLoss)}`,
        data: {
          step: event.step,
          total_steps: steps,
          valid_loss: event.validationLoss,
          ...(event.accuracy === null ? {} : { valid_accuracy: event.accuracy }),
        },
      };
    case 'checkpoint':
      return { place, at, message: `Checkpoint created at step ${event.step}` };
    case 'note':
      return { place, at, level: 'warn', message: event.message };
    case 'status':
      return event.status === 'training' ? { place, at, message: 'Fine-tuning job started' } : null;
    case 'sample':
      return null;
  }
}

/** The last first, as on that wire. */
export function eventsToWire(run: TrainingRun, kept: Kept, stored: readonly StoredTrainingEvent[]) {
  const { createdAt: at, status, error } = run;
  const first: Said[] = [
    { place: -9, at, message: `Created fine-tuning job: ${jobIdOf(run.id)}` },
    { place: -8, at, message: `Validating training file: ${kept.trainingFile}` },
    ...(kept.validationFile === null
      ? []
      : [{ place: -7, at, message: `Validating validation file: ${kept.validationFile}` }]),
    ...(kept.repeated === 0
      ? []
      : [
          {
            place: -6,
            at,
            level: 'warn' as const,
            message: `${kept.repeated} lines are there more than once; each is learned once an epoch`,
          },
        ]),
    { place: -5, at, message: 'Files validated, moving job to queued state' },
  ];
  const end = Number.MAX_SAFE_INTEGER;
  const endedAt = run.endedAt ?? at;
  const last: Said[] =
    status === 'complete'
      ? [
          { place: end - 1, at: endedAt, message: `New fine-tuned model created: ${run.model}` },
          { place: end, at: endedAt, message: 'The job has successfully completed' },
        ]
      : status === 'failed'
        ? [
            {
              place: end,
              at: endedAt,
              level: 'error',
              message: `The job failed: ${error?.message ?? 'the reason is not known'}`,
            },
          ]
        : status === 'cancelled'
          ? [{ place: end, at: endedAt, message: 'The job was cancelled' }]
          : [];
  const middle = stored.map((one) => ofEvent(one, run.steps)).filter((said) => said !== null);
  return [...first, ...middle, ...last].reverse().map(({ place, at: time, level, message, data }) => ({
    id: `ftevent-${run.id}-${place}`,
    object: 'fine_tuning.job.event' as const,
    created_at: seconds(time),
    level: level ?? ('info' as const),
    message,
    type: data === undefined ? ('message' as const) : ('metrics' as const),
    data: data ?? {},
  }));
}

/** The last first. Only the best one is exported, under the job's own model; the others cannot be asked. */
export function checkpointsToWire(run: TrainingRun, stored: readonly StoredTrainingEvent[]) {
  const losses = new Map<number, number>();
  for (const { event } of stored) if (event.type === 'point') losses.set(event.step, event.loss);
  return stored
    .flatMap(({ at, event }) => (event.type === 'checkpoint' ? [{ at, ...event }] : []))
    .reverse()
    .map(({ at, step, validationLoss }) => ({
      id: `ftckpt-${run.id}-${step}`,
      object: 'fine_tuning.job.checkpoint' as const,
      created_at: seconds(at),
      fine_tuned_model_checkpoint:
        run.model !== null && step === run.bestStep ? run.model : `local/${run.name}:ckpt-step-${step}`,
      fine_tuning_job_id: jobIdOf(run.id),
      step_number: step,
      metrics: {
        step,
        ...(losses.has(step) ? { train_loss: losses.get(step) } : {}),
        ...(validationLoss === null ? {} : { valid_loss: validationLoss, full_valid_loss: validationLoss }),
      },
    }));
}

/** One row a step, with the columns of OpenAI's result files that are known here. */
export function resultsCsv(stored: readonly StoredTrainingEvent[]): string {
  const rows = new Map<number, { point?: TrainingPoint; valid?: number; accuracy?: number | null }>();
  const row = (step: number) => {
    const found = rows.get(step) ?? {};
    rows.set(step, found);
    return found;
  };
  for (const { event } of stored) {
    if (event.type === 'point') row(event.step).point = event;
    if (event.type === 'evaluation')
      Object.assign(row(event.step), { valid: event.validationLoss, accuracy: event.accuracy });
  }
  const lines = [...rows]
    .sort(([a], [b]) => a - b)
    .map(([step, { point, valid, accuracy }]) => {
      const values = [step, point?.loss, point?.accuracy, valid, accuracy, point?.learningRate];
      return values.map((value) => value ?? '').join(',');
    });
  return `${['step,train_loss,train_accuracy,valid_loss,valid_accuracy,learning_rate', ...lines].join('\n')}\n`;
}
