// What the gate is judged on: the evaluations, and how near the engine is to the trainer.
import type { Gate } from '../../contracts/evaluation.ts';
import type { TunedModel } from '../../contracts/tuned-model.ts';
import type { Store } from '../../store/store.ts';
import { createEvaluationRows } from '../evaluation/evaluation-rows.ts';
import { type Evidence, evidenceOf, type GateInput, type ParityEvidence } from '../evaluation/gate.ts';
import { createTunedModelRows, idsOf } from './tuned-model-rows.ts';

/** Of the very file that answers under the id. */
export function parityOf(tuned: TunedModel | undefined, model: string): ParityEvidence {
  if (tuned === undefined) return { reason: 'not_tuned' };
  const parity = tuned.files.find((file) => file.model === model)?.parity ?? null;
  return parity === null ? { reason: 'not_measured' } : { reason: null, parity };
}

export function createGateEvidence(store: Store) {
  const evaluations = createEvaluationRows(store);
  const tunedModels = createTunedModelRows(store);

  /** `learned`: the dataset that the new model was trained on. */
  async function read(
    id: string,
    from: string | null,
    to: string,
    learned: string | null,
  ): Promise<Evidence> {
    const evaluation = await evaluations.find(id);
    if (evaluation === null) return { reason: 'missing_evaluation' };
    const { dataset, split } = evaluation.input;
    // What it has learned by heart says nothing of what it can.
    if (split === 'train' && dataset.id === learned) return { reason: 'seen_in_training' };
    return evidenceOf(evaluation, await evaluations.scored(id), from, to);
  }

  return async (
    gate: Gate,
    { evaluationId, from, to }: { evaluationId: string; from: string | null; to: string },
  ): Promise<GateInput> => {
    const tuned = (await tunedModels.list()).find((model) => idsOf(model).includes(to));
    const learned = tuned === undefined ? null : await tunedModels.datasetOf(tuned.runId);
    const evidence = await read(evaluationId, from, to, learned);
    // Of an alias that names nothing, all sets are beside the same model.
    const base = from ?? (evidence.reason === null ? evidence.from : null);
    const regressions: Evidence[] = [];
    for (const set of gate.regressionSets) regressions.push(await read(set.evaluationId, base, to, learned));
    return { gate, evidence, regressions, parity: parityOf(tuned, to) };
  };
}
