// What is kept of a classifier comes back from either store as it was.
import { expect, test } from 'vitest';
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import { createClassifierRows, type NewClassifier } from './classifier-rows.ts';

test('a classifier is kept, found, refused twice under one name, and removed', async () => {
  await using opened = await openPostgresStore();
  const rows = createClassifierRows(opened.store, () => 1_800_000_000_000);
  const made: NewClassifier = {
    userId: 'local',
    name: 'tickets',
    embeddingModel: 'scripted/embed',
    dimensions: 2,
    labels: ['été', 'b'],
    dataset: { id: 'ds', version: 3 },
    head: {
      weights: [
        [0.1, -1e-17],
        [2, 3],
      ],
      offsets: [0, 1 / 3],
      temperature: 0.7,
    },
    report: { strength: 1 } as NewClassifier['report'],
  };
  const classifier = await rows.add(made);
  expect(classifier).toMatchObject({ model: 'classifiers/tickets', createdAt: 1_800_000_000_000 });
  expect(await rows.find('tickets')).toEqual({ classifier, head: made.head });
  expect(await rows.list()).toEqual([classifier]);
  await expect(rows.add(made)).rejects.toMatchObject({ code: 'conflict' });
  await rows.remove('tickets');
  expect(await rows.find('tickets')).toBeNull();
});
