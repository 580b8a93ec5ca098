// Examples out of the ledger on any store: what a rating, a correction, two answers make; whose words may be taken.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Example } from '../../src/contracts/dataset.ts';
import { type Identity, localIdentity } from '../../src/contracts/identity.ts';
import { createDatasets, type DatasetService } from '../../src/learning/datasets/create-datasets.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createLedger } from '../../src/monitoring/create-ledger.ts';
import type { Ledger } from '../../src/monitoring/ledger.ts';
import { createBlobKeeper } from '../../src/store/blob-keeper.ts';
import type { TestStore } from '../open-test-store.ts';

const admin: Identity = { userId: 'ada', role: 'admin' };
const builder: Identity = { userId: 'bea', role: 'builder' };

interface Call {
  userId?: string;
  said: string | unknown[];
  answer: string | unknown[];
  rating?: 1 | -1;
  correction?: string;
  app?: string;
  name?: string;
  source?: string;
}

export function collectSuite(name: string, openStore: () => Promise<TestStore>): void {
  describe(`collecting from the ledger on ${name}`, () => {
    let opened: TestStore;
    let ledger: Ledger;
    let datasets: DatasetService;
    let agreed = new Set<string>();
    let made = 0;

    async function call({
      userId = 'ada',
      said,
      answer,
      rating,
      correction,
      ...more
    }: Call): Promise<string> {
      const span = ledger.startSpan({
        name: more.name ?? 'chat scripted/echo',
        kind: 'model',
        userId,
        app: more.app ?? null,
        source: more.source ?? 'page',
        input: typeof said === 'string' ? [{ role: 'user', content: [{ type: 'text', text: said }] }] : said,
      });
      span.end({
        status: 'ok',
        model: 'scripted/echo',
        output: typeof answer === 'string' ? [{ type: 'text', text: answer }] : answer,
      });
      if (rating !== undefined) {
        await ledger.flush();
        await ledger.rate(span.spanId, span.traceId, userId, {
          value: rating,
          ...(correction === undefined ? {} : { correction }),
        });
      }
      return span.traceId;
    }

    beforeAll(async () => {
      opened = await openStore();
      ledger = createLedger({ store: opened.store, log: silentLog, keepContent: () => true, flushMs: 5 });
      datasets = createDatasets({
        store: opened.store,
        blobs: createBlobKeeper({ store: opened.store, log: silentLog }),
        find: async (texts) => texts.map(() => []),
        consenting: async () => agreed,
        flushLedger: ledger.flush,
      });
      const long = [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm' },
            { type: 'text', text: 'Hi' },
          ],
        },
        { role: 'user', content: [{ type: 'text', text: 'Capital of France?' }] },
      ];
      await call({
        said: long,
        answer: [
          { type: 'reasoning', text: '?' },
          { type: 'text', text: 'Paris' },
        ],
        rating: 1,
      });
      await call({ said: 'Capital of Italy?', answer: 'Milan', rating: -1, correction: 'Rome' });
      await call({ said: 'Capital of Spain?', answer: 'Lisbon', rating: -1 });
      await call({ said: 'Capital of Spain?', answer: 'Madrid', rating: 1, app: 'chatbot' });
      await call({ said: 'Look', answer: [{ type: 'tool-call', toolName: 'x' }], rating: 1 });
      await call({ said: 'Not rated', answer: 'Indeed', source: 'api' });
      await call({ said: 'Name this', answer: 'Title', name: 'title' });
      await call({ said: 'Judged?', answer: 'Yes', source: 'job' });
      await call({ userId: 'bea', said: 'Of Bea?', answer: 'Yes, Bea', rating: 1 });
      await call({ userId: 'mia', said: 'Of Mia?', answer: 'Yes, Mia', rating: 1 });
    });
    afterAll(async () => {
      await ledger.close();
      await opened.dispose();
    });
    beforeEach(() => {
      agreed = new Set();
    });

    const make = async (kind: 'chat' | 'preference' | 'labels' = 'chat') =>
      (await datasets.create(localIdentity, { name: `set ${++made}`, kind })).id;
    const all = async (id: string): Promise<Example[]> =>
      (await datasets.examples(admin, id, { limit: 200 })).examples;
    const answers = (examples: Example[]) =>
      examples.map(({ body }) => (body.kind === 'chat' ? body.messages.at(-1)?.content : body.kind));

    test('good answers and corrections, with what stood before read and not learned', async () => {
      const id = await make();
      expect(await datasets.collect(admin, id, { from: 'ratings' })).toMatchObject({
        added: 3,
        withoutConsent: 2,
        faultCount: 1,
        faults: [{ line: null, code: 'tools' }],
        shape: null,
      });
      const examples = await all(id);
      expect(answers(examples)).toEqual(['Paris', 'Rome', 'Madrid']);
      expect(examples[0]).toMatchObject({
        status: 'pending',
        consent: true,
        source: { kind: 'rating', userId: 'ada', model: 'scripted/echo' },
        body: {
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'Hello' },
            { role: 'assistant', content: 'Hi', weight: 0 },
            { role: 'user', content: 'Capital of France?' },
            { role: 'assistant', content: 'Paris' },
          ],
        },
      });
      expect(await datasets.collect(admin, id, { from: 'ratings' })).toMatchObject({ added: 0, known: 3 });
      await expect(datasets.freeze(admin, id, '')).rejects.toMatchObject({
        message: expect.stringContaining('3 wait for review'),
      });
    });

    test('a correction beats what it corrects, and the good answer the bad one to the same question', async () => {
      const id = await make('preference');
      expect(await datasets.collect(admin, id, { from: 'ratings' })).toMatchObject({ added: 2 });
      expect((await all(id)).map(({ body }) => body)).toMatchObject([
        { chosen: 'Rome', rejected: 'Milan' },
        { chosen: 'Madrid', rejected: 'Lisbon' },
      ]);
    });

    test('answers of traces, but no titles, no jobs; by app', async () => {
      const id = await make();
      expect(await datasets.collect(admin, id, { from: 'traces' })).toMatchObject({
        added: 5,
        faultCount: 1,
      });
      expect(answers(await all(id)).sort()).toEqual(['Indeed', 'Lisbon', 'Madrid', 'Milan', 'Paris']);
      const chatbot = await make();
      await datasets.collect(admin, chatbot, { from: 'traces', app: 'chatbot' });
      expect(answers(await all(chatbot))).toEqual(['Madrid']);
      const later = await make();
      expect(
        await datasets.collect(admin, later, { from: 'traces', since: Date.now() + 1000 }),
      ).toMatchObject({
        added: 0,
        faultCount: 0,
      });
    });

    test('a builder takes their own, an admin also of who agrees; who takes it back is left out', async () => {
      const id = await make();
      agreed = new Set(['mia']);
      expect(await datasets.collect(builder, id, { from: 'ratings' })).toMatchObject({
        added: 1,
        withoutConsent: 0,
      });
      expect(await datasets.collect(admin, id, { from: 'ratings' })).toMatchObject({
        added: 4,
        withoutConsent: 1,
      });
      await datasets.changeExamples(admin, id, { filter: {} }, { status: 'approved' });
      expect(await datasets.freeze(admin, id, '')).toMatchObject({ version: 1, examples: 5 });

      agreed = new Set();
      expect(await datasets.freeze(admin, id, '')).toMatchObject({
        version: 2,
        examples: 4,
        leftOut: { withoutConsent: 1 },
      });
      expect((await datasets.get(admin, id)).counts.withoutConsent).toBe(1);
      agreed = new Set(['mia']);
      await datasets.syncConsent();
      expect((await datasets.get(admin, id)).counts.withoutConsent).toBe(0);

      // Forgotten: the examples and the version that holds them; the other version stays.
      expect(await datasets.forgetPerson('mia')).toEqual({ examples: 1, versions: 1 });
      const { counts, versions } = await datasets.get(admin, id);
      expect(counts.total).toBe(4);
      expect(versions.map(({ version }) => version)).toEqual([2]);
      expect((await datasets.read(admin, { id }, ['chat'])).examples).toHaveLength(4);
    });

    test('labels are not collected, and pairs only from ratings', async () => {
      const labels = await make('labels');
      await expect(datasets.collect(admin, labels, { from: 'ratings' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
      const pairs = await make('preference');
      await expect(datasets.collect(admin, pairs, { from: 'traces' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    });
  });
}
