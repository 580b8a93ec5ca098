// The job that trains a classifier: examples, vectors, head, row. It takes minutes at most, so after a crash it begins anew.
import { type Classifier, type ClassifierInput, classifierInputSchema } from '../../contracts/classifier.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import { noticeOf } from '../../contracts/notice.ts';
import type { JobHandler } from '../../jobs/queue.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { Embedder } from '../../retrieval/embedder.ts';
import type { Datasets } from '../datasets/datasets.ts';
import { checkExamples } from './check-examples.ts';
import type { ClassifierRows, KeptHead } from './classifier-rows.ts';
import { embedTexts } from './embed-texts.ts';
import { fitInWorker } from './fit-in-worker.ts';
import type { TrainedHead } from './train-head.ts';

export const CLASSIFIER_KIND = 'learning.classifier';

/** The payload: what was asked, with the version and the model that were meant. */
export interface ClassifierOrder {
  /** Tells it from another order of the same name. */
  id: string;
  identity: Identity;
  input: ClassifierInput;
}

export interface TrainJobOptions {
  gateway: Pick<Gateway, 'embed'>;
  embedder: Pick<Embedder, 'model' | 'ready'>;
  datasets: Pick<Datasets, 'read'>;
  rows: ClassifierRows;
  onTrained(classifier: Classifier): void;
}

export function createTrainJob({
  gateway,
  embedder,
  datasets,
  rows,
  onTrained,
}: TrainJobOptions): JobHandler<ClassifierOrder> {
  return {
    kind: CLASSIFIER_KIND,
    canPause: false,
    async run({ payload, signal, progress }) {
      const who = payload.identity;
      const input = classifierInputSchema.parse(payload.input);
      const model = input.embeddingModel ?? embedder.model;
      const frozen = await datasets.read(who, input.dataset, ['labels']);
      const { labels, train, test, notes } = checkExamples(frozen, input);
      const examples = [...train, ...test];
      if (model === embedder.model) await embedder.ready(progress, signal);

      const startedAt = performance.now();
      const perSecond = (done: number) => (done * 1000) / Math.max(1, performance.now() - startedAt);
      const told = (done: number) =>
        progress({
          done,
          total: examples.length,
          unit: 'items',
          perSecond: done === 0 ? null : perSecond(done),
          note: 'embedding',
        });
      told(0);
      const { vectors, dimensions, inParts } = await embedTexts(
        gateway,
        model,
        examples.map(({ text }) => text),
        { identity: who, source: 'job', keepInput: false, name: `classifier ${input.name}` },
        { signal, onProgress: told },
      );
      const embeddedAt = performance.now();

      const rowsOf = (from: number, to: number) => ({
        vectors: vectors.slice(from * dimensions, to * dimensions),
        labels: Int32Array.from(examples.slice(from, to), ({ label }) => labels.indexOf(label)),
      });
      const trained = await fitInWorker(
        {
          train: rowsOf(0, train.length),
          test: test.length === 0 ? null : rowsOf(train.length, examples.length),
          dimensions,
          labelNames: labels,
          strength: input.strength,
          folds: input.folds,
          seed: input.seed,
        },
        (done, total) => progress({ done, total, unit: 'steps', perSecond: null, note: 'fitting' }),
        signal,
      ).catch((thrown: unknown) => {
        // The reason of a pause or a stop is a word.
        if (signal.aborted)
          throw new AtelierError('cancelled', 'The training was stopped.', { cause: thrown });
        throw thrown;
      });

      const parts = noticeOf(
        'texts_in_parts',
        `${inParts} texts are longer than the embedding model reads at once: the vector is the mean over their parts.`,
        { texts: inParts },
      );
      const made = await rows.add({
        userId: who.userId,
        name: input.name,
        embeddingModel: model,
        dimensions,
        labels,
        dataset: { id: frozen.dataset.id, version: frozen.version.version },
        head: keptHead(trained, dimensions),
        report: {
          ...trained.report,
          seconds: {
            embedding: (embeddedAt - startedAt) / 1000,
            fitting: (performance.now() - embeddedAt) / 1000,
          },
          notes: inParts > 0 ? [...notes, parts] : notes,
        },
      });
      onTrained(made);
      return { name: made.name, model: made.model };
    },
  };
}

function keptHead({ weights, offsets, temperature }: TrainedHead, dimensions: number): KeptHead {
  const row = (label: number) => Array.from(weights.slice(label * dimensions, (label + 1) * dimensions));
  return {
    weights: Array.from(offsets, (_, label) => row(label)),
    offsets: Array.from(offsets),
    temperature,
  };
}
