// What others do to an example while a review looks for personal data in it: neither undoes the other without a word.
import { expect, test } from 'vitest';
import { openTestStore } from '../../../test/open-test-store.ts';
import type { ExampleBody } from '../../contracts/dataset.ts';
import { localIdentity as who } from '../../contracts/identity.ts';
import { silentLog } from '../../lib/log.ts';
import { createDetection } from '../../safety/detect/detect.ts';
import { createBlobKeeper } from '../../store/blob-keeper.ts';
import { createDatasets } from './create-datasets.ts';
import { createNameRows } from './names/name-rows.ts';

const chat = (question: string, answer: string): ExampleBody => ({
  kind: 'chat',
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});

async function open() {
  const opened = await openTestStore();
  const { store } = opened;
  const detection = createDetection();
  let meanwhile: (() => Promise<unknown>) | null = null;
  const datasets = createDatasets({
    store,
    blobs: createBlobKeeper({ store, log: silentLog }),
    async find(texts) {
      const work = meanwhile;
      meanwhile = null;
      await work?.();
      return detection.find(texts);
    },
    consenting: async () => new Set(),
    flushLedger: async () => {},
  });
  const { id } = await datasets.create(who, { name: 'letters', kind: 'chat' });
  const { id: exampleId } = await datasets.addExample(who, id, chat('Qui est Léa ?', 'Écris à a@b.fr.'));
  return {
    [Symbol.asyncDispose]: () => opened.dispose(),
    id,
    exampleId,
    datasets,
    rows: createNameRows({ store, now: Date.now }),
    meanwhile(work: () => Promise<unknown>) {
      meanwhile = work;
    },
    example: async () => (await datasets.examples(who, id, { limit: 1 })).examples[0],
  };
}
const lea = { field: 'messages.0', type: 'person', start: 9, end: 12, text: 'Léa', certain: false };

test.each(['redact', 'replace'] as const)('names found during a %s are found again', async (how) => {
  await using on = await open();
  on.meanwhile(async () => {
    const row = await on.rows.nextUnread(on.id, 'local/reader', '');
    await on.rows.put(row!, 'local/reader', [...JSON.parse(row!.findings), lea]);
  });
  if (how === 'redact') await on.datasets.redact(who, on.id, {});
  else await on.datasets.replaceExample(who, on.id, on.exampleId, (await on.example())!.body);
  // Either its names are known, or it counts as not looked at.
  expect((await on.example())?.findings.map(({ type }) => type)).not.toContain('person');
  expect(await on.rows.counts(on.id, 'local/reader')).toMatchObject({ total: 1, read: 0 });
});

test.each([{ ids: true }, { ids: false }])(
  'what is reworded during a redaction stays so (%o)',
  async ({ ids }) => {
    await using on = await open();
    const reworded = chat('Qui est Léa ?', 'Une amie.');
    on.meanwhile(() => on.datasets.replaceExample(who, on.id, on.exampleId, reworded));
    const changed = await on.datasets.redact(who, on.id, ids ? { ids: [on.exampleId] } : {});
    expect((await on.example())?.body).toEqual(reworded);
    expect(changed).toBe(0);
  },
);
