// The rows of classifiers.
import type { Classifier, ClassifierReport } from '../../contracts/classifier.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { newId } from '../../lib/ids.ts';
import type { Store } from '../../store/store.ts';

/** A calibrated head, as it is kept: logits over the temperature are the logarithms of probabilities. */
export interface KeptHead {
  /** One row a label. */
  weights: number[][];
  offsets: number[];
  temperature: number;
}

export interface KeptClassifier {
  classifier: Classifier;
  head: KeptHead;
}

export interface NewClassifier {
  userId: string;
  name: string;
  embeddingModel: string;
  dimensions: number;
  labels: readonly string[];
  dataset: { id: string; version: number };
  head: KeptHead;
  report: ClassifierReport;
}

export interface ClassifierRows {
  list(): Promise<Classifier[]>;
  find(name: string): Promise<KeptClassifier | null>;
  /** @throws AtelierError conflict when the name is taken */
  add(made: NewClassifier): Promise<Classifier>;
  remove(name: string): Promise<void>;
}

export const takenName = (name: string) =>
  new AtelierError(
    'conflict',
    `There is a classifier ${name} already. Choose another name, or delete that one first.`,
    { data: { name } },
  );

export function createClassifierRows(store: Store, now: () => number = Date.now): ClassifierRows {
  const { db } = store;
  type Row = Awaited<ReturnType<typeof all>>[number];
  const all = () => db.selectFrom('classifiers').selectAll().orderBy('name').execute();
  const read = (row: Row): Classifier => ({
    id: row.id,
    name: row.name,
    model: `classifiers/${row.name}`,
    labels: JSON.parse(row.labels) as string[],
    embeddingModel: row.embedding_model,
    dimensions: row.dimensions,
    dataset: { id: row.dataset_id, version: row.dataset_version },
    report: JSON.parse(row.report) as ClassifierReport,
    userId: row.user_id,
    createdAt: row.created_at,
  });

  return {
    list: async () => (await all()).map(read),
    async find(name) {
      const row = await db.selectFrom('classifiers').selectAll().where('name', '=', name).executeTakeFirst();
      return row === undefined ? null : { classifier: read(row), head: JSON.parse(row.weights) as KeptHead };
    },
    async add({ userId, name, embeddingModel, dimensions, labels, dataset, head, report }) {
      const row: Row = {
        id: newId('cls', now()),
        user_id: userId,
        name,
        embedding_model: embeddingModel,
        dimensions,
        labels: JSON.stringify(labels),
        dataset_id: dataset.id,
        dataset_version: dataset.version,
        weights: JSON.stringify(head),
        report: JSON.stringify(report),
        created_at: now(),
      };
      const [written] = await store.write([
        db
          .insertInto('classifiers')
          .values(row)
          .onConflict((conflict) => conflict.column('name').doNothing()),
      ]);
      if (written?.affected === 0) throw takenName(name);
      return read(row);
    },
    async remove(name) {
      await db.deleteFrom('classifiers').where('name', '=', name).execute();
    },
  };
}
