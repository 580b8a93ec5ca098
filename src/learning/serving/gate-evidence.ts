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

  /** Datasets that it has learned from, its bases' among them; null: a run is gone, and nobody knows. */
  async function learnedBy(model: string, all: readonly TunedModel[]): Promise<ReadonlySet<string> | null> {
    const named = (id: string) => all.find((one) => idsOf(one).includes(id));
    const learned = new Set<string>();
    const seen = new Set<TunedModel>();
    for (let tuned = named(model); tuned && !seen.has(tuned); tuned = named(tuned.base)) {
      seen.add(tuned);
      const dataset = await tunedModels.datasetOf(tuned.runId);
      if (dataset === null) return null;
      learned.add(dataset);
    }
    return learned;
  }

  async function read(
    id: string,
    {
      from,
      to,
      learned,
      all,
    }: { from: string | null; to: string; learned: ReadonlySet<string> | null; all: readonly TunedModel[] },
  ): Promise<Evidence> {
    const evaluation = await evaluations.find(id);
    if (evaluation === null) return { reason: 'missing_evaluation' };
    const { dataset, split, subjects } = evaluation.input;
    // What it has learned by heart says nothing of what it can.
    if (split === 'train' && (learned?.has(dataset.id) ?? true)) return { reason: 'seen_in_training' };
    // Of a model that another one has taken the name of since.
    const names = [to, from ?? subjects[0]?.model];
    const younger = all.filter(({ createdAt }) => createdAt > evaluation.createdAt);
    if (younger.some((one) => idsOf(one).some((name) => names.includes(name))))
      return { reason: 'other_models' };
    return evidenceOf(evaluation, await evaluations.scored(id), from, to);
  }

  return async (
    gate: Gate,
    { evaluationId, from, to }: { evaluationId: string; from: string | null; to: string },
  ): Promise<GateInput> => {
    const all = await tunedModels.list();
    const learned = await learnedBy(to, all);
    const evidence = await read(evaluationId, { from, to, learned, all });
    // Of an alias that names nothing, all sets are beside the same model.
    const base = from ?? (evidence.reason === null ? evidence.from : null);
    const regressions: Evidence[] = [];
    for (const set of gate.regressionSets)
      regressions.push(await read(set.evaluationId, { from: base, to, learned, all }));
    const tuned = all.find((model) => idsOf(model).includes(to));
    return { gate, evidence, regressions, parity: parityOf(tuned, to) };
  };
}
