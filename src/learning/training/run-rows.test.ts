// Lists of trainings in pages, and what of a training goes with a person who is to be forgotten.
import { expect, test } from 'vitest';
import { openTestStore } from '../../../test/open-test-store.ts';
import { order } from '../../../test/open-trainings.ts';
import { localIdentity as identity } from '../../contracts/identity.ts';
import { createRunRows } from './run-rows.ts';

test('samples of a version go, other events and other versions stay', async () => {
  await using opened = await openTestStore();
  const { store } = opened;
  const rows = createRunRows(store);
  const run = (runId: string, version: number) =>
    rows.insert(
      {
        runId,
        identity,
        input: { ...order(), dataset: { id: 'dataset_1', version } },
        estimate: { steps: 1 } as never,
        createdAt: 0,
      },
      'task',
    );
  const event = (run_id: string, seq: number, type: string) =>
    store.db.insertInto('training_events').values({ run_id, seq, step: 1, at: 0, type, event: '{}' });
  await store.write([run('one', 1), run('eleven', 11)]);
  await store.write(['one', 'eleven'].flatMap((id) => [event(id, 1, 'sample'), event(id, 2, 'checkpoint')]));
  await store.write([rows.forgetSamples({ datasetId: 'dataset_1', version: 1 })]);
  const left = await store.db.selectFrom('training_events').select(['run_id', 'type']).execute();
  expect(left.map(({ run_id, type }) => `${run_id} ${type}`).sort()).toEqual([
    'eleven checkpoint',
    'eleven sample',
    'one checkpoint',
  ]);
});

test('the list goes on page after page, also among runs of one moment', async () => {
  await using opened = await openTestStore();
  const { store } = opened;
  const rows = createRunRows(store);
  const ids = ['train_a', 'train_b', 'train_c', 'train_d', 'train_e'];
  await store.write(
    ids.map((runId, index) =>
      rows.insert(
        {
          runId,
          identity,
          input: order(),
          estimate: { steps: 1 } as never,
          createdAt: Math.floor(index / 3),
        },
        'task',
      ),
    ),
  );
  const seen: string[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof rows.list>> = await rows.list({ cursor, limit: 2 });
    seen.push(page.runs.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual([['train_e', 'train_d'], ['train_c', 'train_b'], ['train_a']]);
  await expect(rows.list({ cursor: 'elsewhere' })).rejects.toMatchObject({ code: 'invalid_request' });
});
