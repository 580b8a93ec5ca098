// What the gate is judged on: the evaluations, and how near the engine is to the trainer.
import { datasetKinds } from '../../contracts/dataset.ts';
import { isAtelierError } from '../../contracts/errors.ts';
import type { Evaluation, Gate } from '../../contracts/evaluation.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { TunedModel } from '../../contracts/tuned-model.ts';
import type { Store } from '../../store/store.ts';
import type { Datasets, FrozenExample } from '../datasets/datasets.ts';
import { questionHashOf } from '../datasets/example-body.ts';
import { createEvaluationRows } from '../evaluation/evaluation-rows.ts';
import { type Evidence, evidenceOf, type GateInput, type ParityEvidence } from '../evaluation/gate.ts';
import { createTunedModelRows, idsOf } from './tuned-model-rows.ts';

/** Of the very file that answers under the id. */
export function parityOf(tuned: TunedModel | undefined, model: string): ParityEvidence {
  if (tuned === undefined) return { reason: 'not_tuned' };
  const parity = tuned.files.find((file) => file.model === model)?.parity ?? null;
  return parity === null ? { reason: 'not_measured' } : { reason: null, parity };
}

/** What a model has learned from. */
interface Learned {
  datasets: ReadonlySet<string>;
  questions: ReadonlySet<string>;
}

export function createGateEvidence(store: Store, datasets: Pick<Datasets, 'read'>) {
  const evaluations = createEvaluationRows(store);
  const tunedModels = createTunedModelRows(store);

  /** None of a version that is gone with its dataset, or with somebody who was forgotten. */
  async function examplesOf(
    who: Identity,
    choice: { id: string; version: number },
  ): Promise<readonly FrozenExample[]> {
    try {
      return (await datasets.read(who, choice, datasetKinds)).examples;
    } catch (thrown) {
      if (isAtelierError(thrown) && thrown.code === 'not_found') return [];
      throw thrown;
    }
  }

  /** What it has learned from, its bases' too; null: a run is gone, and nobody knows. */
  async function learnedBy(
    who: Identity,
    model: string,
    all: readonly TunedModel[],
  ): Promise<Learned | null> {
    const named = (id: string) => all.find((one) => idsOf(one).includes(id));
    const learned = { datasets: new Set<string>(), questions: new Set<string>() };
    const seen = new Set<TunedModel>();
    for (let tuned = named(model); tuned && !seen.has(tuned); tuned = named(tuned.base)) {
      seen.add(tuned);
      const dataset = await tunedModels.datasetOf(tuned.runId);
      if (dataset === null) return null;
      learned.datasets.add(dataset.id);
      for (const { split, body } of await examplesOf(who, dataset))
        if (split === 'train') learned.questions.add(questionHashOf(body));
    }
    return learned;
  }

  /** Of an evaluation the examples whose question was learned, such as one that was moved from one split to another since. */
  async function seenIn(
    who: Identity,
    { input, datasetVersion }: Evaluation,
    { questions }: Learned,
  ): Promise<ReadonlySet<string>> {
    if (questions.size === 0) return new Set();
    const asked = await examplesOf(who, { id: input.dataset.id, version: datasetVersion });
    return new Set(asked.flatMap(({ id, body }) => (questions.has(questionHashOf(body)) ? [id] : [])));
  }

  async function read(
    id: string,
    {
      who,
      from,
      to,
      learned,
      all,
    }: {
      who: Identity;
      from: string | null;
      to: string;
      learned: Learned | null;
      all: readonly TunedModel[];
    },
  ): Promise<Evidence> {
    const evaluation = await evaluations.find(id);
    if (evaluation === null) return { reason: 'missing_evaluation' };
    const { dataset, split, subjects } = evaluation.input;
    // What it has learned by heart says nothing of what it can.
    if (split === 'train' && (learned?.datasets.has(dataset.id) ?? true))
      return { reason: 'seen_in_training' };
    // Of a model that another one has taken the name of since.
    const names = [to, from ?? subjects[0]?.model];
    const younger = all.filter(({ createdAt }) => createdAt > evaluation.createdAt);
    if (younger.some((one) => idsOf(one).some((name) => names.includes(name))))
      return { reason: 'other_models' };
    const seen = learned === null ? new Set<string>() : await seenIn(who, evaluation, learned);
    const scored = await evaluations.scored(id);
    const unseen = scored.filter(({ exampleId }) => !seen.has(exampleId));
    if (unseen.length === 0 && scored.length > 0) return { reason: 'seen_in_training' };
    return evidenceOf(evaluation, unseen, from, to);
  }

  return async (
    who: Identity,
    gate: Gate,
    { evaluationId, from, to }: { evaluationId: string; from: string | null; to: string },
  ): Promise<GateInput> => {
    const all = await tunedModels.list();
    const learned = await learnedBy(who, to, all);
    const evidence = await read(evaluationId, { who, from, to, learned, all });
    // Of an alias that names nothing, all sets are beside the same model.
    const base = from ?? (evidence.reason === null ? evidence.from : null);
    const regressions: Evidence[] = [];
    for (const set of gate.regressionSets)
      regressions.push(await read(set.evaluationId, { who, from: base, to, learned, all }));
    const tuned = all.find((model) => idsOf(model).includes(to));
    return { gate, evidence, regressions, parity: parityOf(tuned, to) };
  };
}
