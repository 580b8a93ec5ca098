// What must stay while something needs it: a dataset or a base that is removed would end the work that reads it, of a model
// that is evaluated every answer would be a failure, and a tuned model is removed with its files where aliases and
// promotions are looked after.
import { z } from 'zod';
import { AtelierError } from '../contracts/errors.ts';
import type { TunedModel } from '../contracts/tuned-model.ts';
import type { Jobs } from '../jobs/queue.ts';
import type { Store } from '../store/store.ts';
import { createTunedModelRows, idsOf } from './serving/tuned-model-rows.ts';

/** Of the payloads of trainings, evaluations and classifiers. */
const readsSchema = z.object({
  input: z.object({
    name: z.string().default(''),
    dataset: z.object({ id: z.string() }).optional(),
    base: z.string().optional(),
    teacher: z.string().nullish(),
    subjects: z.object({ model: z.string() }).array().default([]),
    judge: z.object({ model: z.string().optional() }).optional(),
    embeddingModel: z.string().nullish(),
  }),
});
type Reads = z.infer<typeof readsSchema>['input'];

const asks = ({ base, teacher, subjects, judge, embeddingModel }: Reads, model: string): boolean =>
  [base, teacher, judge?.model, embeddingModel, ...subjects.map((one) => one.model)].includes(model);

const OPEN_TASKS = 10_000;

export function createInUse({ store, jobs }: { store: Store; jobs: Pick<Jobs, 'list'> }) {
  const tunedModels = createTunedModelRows(store);

  async function requireNoneReads(what: string, reads: (input: Reads) => boolean): Promise<void> {
    for (const { id, kind, payload } of await jobs.list({ open: true, limit: OPEN_TASKS })) {
      const read = kind.startsWith('learning.') ? readsSchema.safeParse(payload).data : undefined;
      if (read === undefined || !reads(read.input)) continue;
      throw new AtelierError(
        'conflict',
        `${read.input.name} has not ended and reads ${what}. Cancel it, or wait for its end.`,
        { data: { taskId: id, name: read.input.name } },
      );
    }
  }

  return {
    /** @throws AtelierError conflict */
    requireIdleDataset: ({ id, name }: { id: string; name: string }) =>
      requireNoneReads(`the dataset ${name}`, ({ dataset }) => dataset?.id === id),
    /** @throws AtelierError conflict */
    async requireRemovableModel(model: string): Promise<void> {
      const tuned = (await tunedModels.list()).find((one) => idsOf(one).includes(model));
      if (tuned !== undefined)
        throw new AtelierError(
          'conflict',
          `${model} was tuned here. Remove it among the tuned models (Improve), with its files and once nothing asks it.`,
          { data: { model, tunedModel: tuned.id } },
        );
      await requireNoneReads(model, (input) => asks(input, model));
    },
    /** @throws AtelierError conflict */
    async requireIdleTuned(tuned: TunedModel): Promise<void> {
      for (const model of idsOf(tuned)) await requireNoneReads(model, (input) => asks(input, model));
    },
  };
}
