// The search for names: what a model found stands with the examples, what came later or was reworded is looked at again,
// and no text goes to another machine.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../../../test/open-test-store.ts';
import type { ExampleBody } from '../../../contracts/dataset.ts';
import { localIdentity as who } from '../../../contracts/identity.ts';
import { createJobs } from '../../../jobs/create-jobs.ts';
import type { Jobs } from '../../../jobs/queue.ts';
import { silentLog } from '../../../lib/log.ts';
import type { ModelRegistry } from '../../../models/registry.ts';
import { createLedger } from '../../../monitoring/create-ledger.ts';
import { createDetection } from '../../../safety/detect/detect.ts';
import { createBlobKeeper } from '../../../store/blob-keeper.ts';
import { createMeasurements } from '../../../store/measurements.ts';
import { createDatasets, type DatasetService } from '../create-datasets.ts';
import { createNameSearch, type NameSearches } from './create-name-search.ts';

let opened: TestStore;
let jobs: Jobs;
let datasets: DatasetService;
let names: NameSearches;
const asked: string[] = [];
const chat = (question: string, answer: string): ExampleBody => ({
  kind: 'chat',
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});
const info = (id: string, kind: 'local' | 'remote') => ({
  id,
  provider: id.split('/')[0],
  kind: 'chat',
  state: 'loaded',
  parameters: 1.5e9,
  place: { kind, host: null },
});
// An app that is served as a model is local, and asks whichever model it is set to.
const models = [info('local/reader', 'local'), info('far/reader', 'remote'), info('apps/chatbot', 'local')];

beforeAll(async () => {
  opened = await openTestStore();
  const { store } = opened;
  jobs = createJobs({ store, log: silentLog });
  datasets = createDatasets({
    store,
    blobs: createBlobKeeper({ store, log: silentLog }),
    find: createDetection().find,
    consenting: async () => new Set(),
    flushLedger: async () => {},
  });
  names = createNameSearch({
    store,
    jobs,
    datasets,
    registry: {
      list: async () => models,
      resolve: async (id: string) => ({ info: models.find((one) => one.id === id) }),
    } as unknown as ModelRegistry,
    decider: {
      async weigh({ prompt }, { keepInput }) {
        const words =
          /Is "(.+?)" the proper name/.exec(JSON.stringify(prompt).replaceAll('\\"', '"'))?.[1] ?? '';
        asked.push(words);
        expect(keepInput).toBe(false);
        return ['Ana Ruiz', 'Léa'].includes(words) ? [0.9, 0.1] : [0.1, 0.9];
      },
    },
    ledger: createLedger({ store, log: silentLog, keepContent: () => true, flushMs: 5 }),
    measurements: createMeasurements(store),
  });
  await jobs.start();
});
afterAll(async () => {
  await jobs.stop();
  await opened.dispose();
});

test('names stand with the examples, stay through changes, and are taken out like the rest', async () => {
  const { id } = await datasets.create(who, { name: 'letters', kind: 'chat' });
  const first = await datasets.addExample(who, id, chat('Ana Ruiz vit à Paris ?', 'Oui, a@b.fr.'));
  await datasets.addExample(who, id, chat('Qui est Léa ?', 'Une amie.'));
  const state = async () => (await names.state(who, id)).models;
  // Only what answers here is offered.
  expect(await state()).toEqual([{ model: 'local/reader', read: 0, small: false, minutes: null }]);

  const task = await jobs.wait((await names.start(who, id, 'local/reader')).id);
  expect(task).toMatchObject({ status: 'complete', result: { looked: 2, names: 2 } });
  expect(asked.toSorted()).toEqual(['Ana Ruiz', 'Léa', 'Paris']);
  expect(await state()).toMatchObject([{ read: 2, minutes: 0 }]);
  const findings = async () =>
    (await datasets.examples(who, id, { limit: 10 })).examples.map((one) =>
      one.findings.map(({ type, text, certain }) => [type, text, certain]),
    );
  expect(await findings()).toEqual([
    [
      ['person', 'Ana Ruiz', false],
      ['email', 'a@b.fr', true],
    ],
    [['person', 'Léa', false]],
  ]);

  // Reworded: the known name stays marked, and the new words count as not looked at.
  await datasets.replaceExample(who, id, first.id, chat('Où vit Ana Ruiz ?', 'À Rome, a@b.fr.'));
  expect((await findings())[0]).toEqual([
    ['person', 'Ana Ruiz', false],
    ['email', 'a@b.fr', true],
  ]);
  expect(await state()).toMatchObject([{ read: 1 }]);
  // Of one type only: the name is still there to be taken out.
  await datasets.redact(who, id, { types: ['email'] });
  expect((await findings())[0]).toEqual([['person', 'Ana Ruiz', false]]);
  await datasets.redact(who, id, {});
  expect(await findings()).toEqual([[], []]);
  const { examples } = await datasets.examples(who, id, { limit: 10 });
  expect(examples.map(({ body }) => body.kind === 'chat' && body.messages[0]?.content)).toEqual([
    'Où vit [PERSON] ?',
    'Qui est [PERSON] ?',
  ]);
});

test('no text goes to another machine, and none to whoever may not read it', async () => {
  const { id } = await datasets.create(who, { name: 'others', kind: 'chat' });
  for (const far of ['far/reader', 'apps/chatbot'])
    await expect(names.start(who, id, far)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('do not leave this one'),
    });
  const member = { ...who, role: 'member' as const };
  await expect(names.start(member, id, 'local/reader')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(names.state(member, id)).rejects.toMatchObject({ code: 'forbidden' });
});
