// What of the learning loop stands in the record of changes, in the same words from every door.
import type { Audit } from '../access/audit.ts';
import type { Evaluation } from '../contracts/evaluation.ts';
import type { Identity } from '../contracts/identity.ts';
import type { TrainingRun } from '../contracts/training.ts';

export function recordTraining(
  audit: Audit,
  who: Identity,
  verb: 'start' | 'cancel' | 'remove',
  { id, name, input }: TrainingRun,
): Promise<void> {
  const { base, method, dataset } = input;
  return audit.record(who, `training.${verb}`, name, {
    id,
    ...(verb === 'start' && { base, method, dataset: dataset.id, version: dataset.version ?? null }),
  });
}

export function recordEvaluation(
  audit: Audit,
  who: Identity,
  verb: 'start' | 'cancel' | 'remove',
  { id, input, datasetVersion }: Evaluation,
): Promise<void> {
  return audit.record(who, `evaluation.${verb}`, input.name, {
    id,
    ...(verb === 'start' && {
      models: input.subjects.map(({ model }) => model),
      dataset: input.dataset.id,
      version: datasetVersion,
    }),
  });
}
