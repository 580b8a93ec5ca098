// Classifiers: trained by a durable job, kept as rows, asked through the decision call.
import { type ClassifierInput, classifierInputSchema } from '../../contracts/classifier.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Jobs } from '../../jobs/queue.ts';
import { createEmitter } from '../../lib/emitter.ts';
import { newId } from '../../lib/ids.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { Ledger } from '../../monitoring/ledger.ts';
import type { Embedder } from '../../retrieval/embedder.ts';
import type { Store } from '../../store/store.ts';
import type { Datasets } from '../datasets/datasets.ts';
import { askClassifier } from './ask-classifier.ts';
import { checkExamples } from './check-examples.ts';
import { createClassifierRows, type KeptClassifier, takenName } from './classifier-rows.ts';
import type { Classifiers } from './classifiers.ts';
import { CLASSIFIER_KIND, type ClassifierOrder, createTrainJob } from './train-job.ts';

export interface CreateClassifiersOptions {
  store: Store;
  jobs: Jobs;
  gateway: Pick<Gateway, 'embed'>;
  registry: Pick<ModelRegistry, 'resolve'>;
  ledger: Pick<Ledger, 'startSpan'>;
  embedder: Pick<Embedder, 'model' | 'ready'>;
  datasets: Pick<Datasets, 'read'>;
}

/** Registers the job: call it before the jobs start. */
export function createClassifiers(options: CreateClassifiersOptions): Classifiers {
  const { store, jobs, gateway, registry, ledger, embedder, datasets } = options;
  const rows = createClassifierRows(store);
  const changes = createEmitter<void>((error) => process.emitWarning(String(error)));
  jobs.register(createTrainJob({ gateway, embedder, datasets, rows, onTrained: () => changes.emit() }));

  async function required(name: string): Promise<KeptClassifier> {
    const found = await rows.find(name);
    if (found) return found;
    const known = (await rows.list()).map(({ model }) => model);
    throw new AtelierError(
      'model_not_found',
      `There is no classifier ${name}. ${known.length === 0 ? 'None has been trained yet.' : `There are ${known.slice(0, 10).join(', ')}.`}`,
      { data: { asked: `classifiers/${name}`, known: known.slice(0, 10) } },
    );
  }

  return {
    async train(who: Identity, unchecked: ClassifierInput) {
      const input = classifierInputSchema.parse(unchecked);
      if (await rows.find(input.name)) throw takenName(input.name);
      const frozen = await datasets.read(who, input.dataset, ['labels']);
      checkExamples(frozen, input);
      const embeddingModel = input.embeddingModel ?? embedder.model;
      if (embeddingModel !== embedder.model) {
        const { info } = await registry.resolve(embeddingModel);
        if (info.kind !== 'embedding')
          throw new AtelierError(
            'invalid_request',
            `${info.id} gives no embeddings. Choose an embedding model, or none for ${embedder.model}.`,
            { data: { model: info.id, kind: info.kind } },
          );
      }
      const order: ClassifierOrder = {
        id: newId('order'),
        identity: who,
        // What is newest now is what is trained from, whenever the job begins.
        input: {
          ...input,
          dataset: { id: frozen.dataset.id, version: frozen.version.version },
          embeddingModel,
        },
      };
      const task = await jobs.enqueue(
        CLASSIFIER_KIND,
        { ...order },
        { title: input.name, uniqueKey: `classifier:${input.name}` },
      );
      // Another one of the name is on its way, and was given in place of this one.
      if (task.payload.id === order.id) return task;
      throw new AtelierError('conflict', `A classifier ${input.name} is being trained already.`, {
        data: { name: input.name, taskId: task.id },
      });
    },
    list: () => rows.list(),
    get: async (_who, name) => (await required(name)).classifier,
    async remove(who, name) {
      const { classifier } = await required(name);
      if (classifier.userId !== who.userId && who.role !== 'admin')
        throw new AtelierError(
          'forbidden',
          `${classifier.model} is another person's. Ask them or an admin to delete it.`,
          { data: { name } },
        );
      await rows.remove(name);
      changes.emit();
    },
    async classify(name, texts, context, signal) {
      const kept = await required(name);
      return askClassifier(
        { gateway, ledger },
        kept,
        { texts, asked: kept.classifier.model },
        context,
        signal,
      );
    },
    async decide(name, { input, question, model }, context, signal) {
      const [decision] = await askClassifier(
        { gateway, ledger },
        await required(name),
        { texts: [input], question, asked: model },
        context,
        signal,
      );
      if (decision === undefined) throw new AtelierError('internal', 'A classifier gave no decision.');
      return decision;
    },
    onChange: changes.on,
  };
}
