// Datasets on any store: filled, kept apart from what judges, reviewed, frozen in versions.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetInput, ExampleBody } from '../../src/contracts/dataset.ts';
import { type Identity, localIdentity as who } from '../../src/contracts/identity.ts';
import { createDatasets, type DatasetService } from '../../src/learning/datasets/create-datasets.ts';
import { silentLog } from '../../src/lib/log.ts';
import { type BlobKeeper, createBlobKeeper } from '../../src/store/blob-keeper.ts';
import type { TestStore } from '../open-test-store.ts';

const chat = (question: string, answer: string): ExampleBody => ({
  kind: 'chat',
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});
const jsonLines = (...bodies: unknown[]) =>
  new TextEncoder().encode(bodies.map((body) => JSON.stringify(body)).join('\n'));
const questions = (count: number) =>
  jsonLines(
    ...Array.from({ length: count }, (_, n) => ({
      messages: [
        { role: 'user', content: `Question number ${n}?` },
        { role: 'assistant', content: `Answer ${n}.` },
      ],
    })),
  );

/** Stands for the rules: every word with an @ in it. */
const find = async (texts: readonly string[]) =>
  texts.map((text) =>
    [...text.matchAll(/\S+@\S+/g)].map((match) => ({
      type: 'email',
      start: match.index,
      end: match.index + match[0].length,
      text: match[0],
      certain: true,
    })),
  );

export function datasetsSuite(name: string, openStore: () => Promise<TestStore>): void {
  describe(`datasets on ${name}`, () => {
    let opened: TestStore;
    let blobs: BlobKeeper;
    let datasets: DatasetService;
    let clock = 1000;
    beforeAll(async () => {
      opened = await openStore();
      blobs = createBlobKeeper({ store: opened.store, log: silentLog });
      datasets = createDatasets({
        store: opened.store,
        blobs,
        find,
        consenting: async () => new Set(),
        flushLedger: async () => {},
        now: () => clock++,
      });
    });
    afterEach(() => opened.store.write([opened.store.db.deleteFrom('datasets')]));
    afterAll(() => opened.dispose());

    const make = async (input: Partial<DatasetInput> = {}) =>
      (await datasets.create(who, { name: 'tone', kind: 'chat', ...input })).id;
    const importLines = (id: string, bytes: Uint8Array) =>
      datasets.importFile(who, id, { name: 'file.jsonl', bytes });

    test('a file is taken in once, split by its questions, and frozen', async () => {
      const id = await make();
      expect(await importLines(id, questions(300))).toMatchObject({
        added: 300,
        known: 0,
        faultCount: 0,
        shape: 'openai',
      });
      // As after a crash in the middle of it.
      expect(await importLines(id, questions(310))).toMatchObject({ added: 10, known: 300 });
      const { counts } = await datasets.get(who, id);
      expect(counts).toMatchObject({ total: 310, approved: 310, pending: 0 });
      expect(counts.splits.train).toBeGreaterThan(220);
      expect(counts.splits.validation).toBeGreaterThan(10);
      expect(counts.splits.test).toBeGreaterThan(10);

      const version = await datasets.freeze(who, id, 'first');
      expect(version).toMatchObject({ version: 1, examples: 310, splits: counts.splits });
      const frozen = await datasets.read(who, { id }, ['chat']);
      expect(frozen.dataset).toEqual({ id, name: 'tone', kind: 'chat', purpose: 'training' });
      expect(frozen.examples).toHaveLength(310);
      expect(frozen.examples.map(({ hash }) => hash)).toEqual(frozen.examples.map(({ hash }) => hash).sort());
      await expect(datasets.read(who, { id }, ['labels'])).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(datasets.read(who, { id, version: 7 }, ['chat'])).rejects.toMatchObject({
        code: 'not_found',
        message: expect.stringContaining('it has 1'),
      });
    });

    test('the same content is the same version, in another dataset the same hash and ids', async () => {
      const id = await make();
      await importLines(id, questions(20));
      const first = await datasets.freeze(who, id, 'first');
      expect(await datasets.freeze(who, id, 'again')).toEqual(first);
      await datasets.addExample(who, id, chat('More?', 'Yes.'));
      expect(await datasets.freeze(who, id, 'more')).toMatchObject({ version: 2, examples: 21 });
      const other = await make({ name: 'copy' });
      await importLines(other, questions(20));
      expect((await datasets.freeze(who, other, '')).sha256).toBe(first.sha256);
      const one = await datasets.read(who, { id, version: 1 }, ['chat']);
      expect(one.examples).toEqual((await datasets.read(who, { id: other }, ['chat'])).examples);
    });

    test('a question is on one side, however it is written and answered, and in every dataset of the same shares', async () => {
      const one = await make();
      const other = await make({ name: 'other' });
      for (let n = 0; n < 20; n++) {
        const a = await datasets.addExample(who, one, chat(`Où est l’élève ${n} ?`, 'Ici.'));
        const b = await datasets.addExample(who, one, chat(`OU EST L'ELEVE ${n}`, 'Là.'));
        const c = await datasets.addExample(who, other, chat(`où est l' élève ${n} ?!`, 'Non.'));
        expect([b.split, c.split]).toEqual([a.split, a.split]);
      }
    });

    test('an evaluation set keeps its questions to itself, before and after, until it goes', async () => {
      const training = await make();
      const judge = await make({ name: 'judge', purpose: 'evaluation' });
      await datasets.addExample(who, judge, chat('Capital of France?', 'Paris'));
      await expect(
        datasets.addExample(who, training, chat('capital of france', 'It is Paris.')),
      ).rejects.toMatchObject({ code: 'conflict', data: { evaluationSet: 'judge' } });
      const report = await importLines(
        training,
        jsonLines(
          chat('Capital of France?', 'Paris.'),
          chat('Capital of Spain?', 'Madrid.'),
          chat('Capital of Italy?', 'Rome.'),
        ),
      );
      expect(report).toMatchObject({ added: 2, duplicates: 1, heldBackBy: ['judge'] });

      await datasets.addExample(who, judge, chat('Capital of Italy ?', 'Rome'));
      const { examples } = await datasets.examples(who, training, { limit: 10 });
      expect(examples.map(({ duplicateOf }) => duplicateOf)).toEqual([null, 'judge']);
      expect(await datasets.freeze(who, training, '')).toMatchObject({
        examples: 1,
        leftOut: { duplicates: 1, pending: 0, withoutConsent: 0 },
      });
      await datasets.remove(who, judge);
      expect(await datasets.freeze(who, training, '')).toMatchObject({
        version: 2,
        examples: 2,
        leftOut: { duplicates: 0 },
      });
    });

    test('review: pages, words without accents, bulk changes, a moved question stays moved', async () => {
      const id = await make();
      await importLines(id, questions(25));
      await datasets.addExample(who, id, chat('Où est l’Élève 100% sûr ?', 'Ici.'));
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await datasets.examples(who, id, { limit: 10, ...(cursor === '' ? {} : { cursor }) });
        seen.push(...page.examples.map((example) => example.id));
        cursor = page.nextCursor;
      }
      expect(new Set(seen).size).toBe(26);
      const found = async (query: string) => (await datasets.examples(who, id, { query, limit: 5 })).examples;
      expect(await found('eleve 100%')).toHaveLength(1);
      expect(await found('role')).toHaveLength(0);

      expect(
        await datasets.changeExamples(who, id, { filter: { query: 'number 1' } }, { status: 'rejected' }),
      ).toBe(11);
      expect((await datasets.get(who, id)).counts).toMatchObject({ rejected: 11, approved: 15 });
      const [eleve] = await found('eleve');
      const split = eleve!.split === 'test' ? 'train' : 'test';
      await datasets.addExample(who, id, chat('Ou est l eleve 100 sur', 'Là.'));
      expect(await datasets.changeExamples(who, id, { ids: [eleve!.id] }, { split })).toBe(2);
      await datasets.addExample(who, id, chat('ou est l eleve 100 sur', 'Partout.'));
      expect((await found('eleve')).map((example) => example.split)).toEqual([split, split, split]);
      expect(
        await datasets.changeExamples(who, id, { filter: { split } }, { split: 'validation' }),
      ).toBeGreaterThan(2);
      expect((await datasets.get(who, id)).counts.splits[split]).toBe(0);
    });

    test('findings are marked, taken out alike all through an example, and two that become equal are one', async () => {
      const id = await make();
      const example = await datasets.addExample(
        who,
        id,
        chat('Write to ada@x.fr and bob@x.fr', 'Dear ada@x.fr'),
      );
      expect(example.findings.map(({ field, text }) => [field, text])).toEqual([
        ['messages.0', 'ada@x.fr'],
        ['messages.0', 'bob@x.fr'],
        ['messages.1', 'ada@x.fr'],
      ]);
      await datasets.addExample(who, id, chat('Mail eve@x.fr', 'Done'));
      await datasets.addExample(who, id, chat('Mail mal@x.fr', 'Done'));
      expect((await datasets.get(who, id)).counts.withFindings).toBe(3);
      expect(await datasets.redact(who, id, { types: ['iban'] })).toBe(0);
      expect(await datasets.redact(who, id, {})).toBe(3);
      const { examples } = await datasets.examples(who, id, { limit: 10 });
      expect(examples.map(({ body }) => body)).toEqual([
        chat('Write to [EMAIL_1] and [EMAIL_2]', 'Dear [EMAIL_1]'),
        chat('Mail [EMAIL]', 'Done'),
      ]);
      expect((await datasets.get(who, id)).counts).toMatchObject({ total: 2, withFindings: 0 });
      // What is found later is somebody else than those whose marks stand there.
      const [first] = examples;
      await datasets.replaceExample(who, id, first!.id, chat('[EMAIL_2] and zoe@x.fr', 'Dear zoe@x.fr'));
      await datasets.redact(who, id, { ids: [first!.id] });
      expect((await datasets.examples(who, id, { limit: 1 })).examples[0]!.body).toEqual(
        chat('[EMAIL_2] and [EMAIL_3]', 'Dear [EMAIL_3]'),
      );
    });

    test('a redacted question stays the question it was when its answer is reworded', async () => {
      const judge = await make({ name: 'judge', purpose: 'evaluation' });
      const training = await make();
      const asked = (name: string) => chat(`Who is ${name}@x.fr?`, 'A friend.');
      const one = await datasets.addExample(who, training, asked('ada'));
      await datasets.redact(who, training, {});
      await datasets.changeExamples(who, training, { ids: [one.id] }, { split: 'validation' });
      const reworded = chat('Who is [EMAIL]?', 'A good friend.');
      expect((await datasets.replaceExample(who, training, one.id, reworded)).split).toBe('validation');
      await datasets.addExample(who, judge, asked('ada'));
      const { examples } = await datasets.examples(who, training, { limit: 1 });
      expect(examples[0]).toMatchObject({ body: reworded, duplicateOf: 'judge' });
    });

    test('no text of an example breaks a store, and a label is redacted like any other text', async () => {
      const id = await make({ name: 'labels', kind: 'labels' });
      for (const bad of ['a\u0000b', 'a\ud800'])
        for (const body of [
          { kind: 'labels' as const, text: bad, label: 'x' },
          { kind: 'labels' as const, text: 'x', label: bad },
        ])
          await expect(datasets.addExample(who, id, body), JSON.stringify(body)).rejects.toMatchObject({
            data: { code: 'wrong_encoding' },
          });
      const odd =
        '{"text":"x","label":"__proto__","__proto__":{"kind":"chat"}}\n{"text":"x","label":"a\\u0000"}';
      expect(await importLines(id, new TextEncoder().encode(odd))).toMatchObject({ added: 1, faultCount: 1 });
      const table = new TextEncoder().encode('text,label\nb, b\nc,c\n');
      const told = await datasets.importFile(who, id, { name: 'a.csv', bytes: table });
      expect(told).toMatchObject({ added: 2, trimmedLabels: 1 });
      await datasets.addExample(who, id, { kind: 'labels', text: 'y', label: 'ada@x.fr' });
      expect(await datasets.redact(who, id, {})).toBe(1);
      const { examples } = await datasets.examples(who, id, { limit: 9 });
      expect(examples.map(({ body }) => body.kind === 'labels' && body.label)).toEqual([
        '__proto__',
        'b',
        'c',
        '[EMAIL]',
      ]);
      const cursor = Buffer.from(`${'9'.repeat(30)}.a`).toString('base64url');
      await expect(datasets.examples(who, id, { limit: 1, cursor })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    });

    test('a file that comes again brings nothing back that was redacted', async () => {
      const id = await make();
      const line = (name: string) => ({
        messages: (chat(`Mail ${name}@x.fr`, 'Done') as { messages: unknown }).messages,
      });
      const file = jsonLines(line('eve'), line('mal'), { messages: [] });
      expect(await importLines(id, file)).toMatchObject({ added: 2, faultCount: 1 });
      await datasets.redact(who, id, {});
      expect(await importLines(id, file)).toMatchObject({ added: 0, known: 2 });
      expect((await datasets.get(who, id)).counts).toMatchObject({ total: 1, withFindings: 0 });
    });

    test('many findings in one text are taken out at once', async () => {
      const id = await make();
      const text = Array.from({ length: 30_000 }, (_, n) => `${n}@x.fr`).join(' ');
      await datasets.addExample(who, id, chat(text, 'Many.'));
      expect(await datasets.redact(who, id, {})).toBe(1);
      const { body } = (await datasets.examples(who, id, { limit: 1 })).examples[0]!;
      expect(body.kind === 'chat' && body.messages[0]!.content).toMatch(/^\[EMAIL_1\] .* \[EMAIL_30000\]$/);
    });

    test('an example is reworded unless that makes it another one', async () => {
      const id = await make();
      const a = await datasets.addExample(who, id, chat('A?', 'a'));
      await datasets.addExample(who, id, chat('B?', 'b'));
      const changed = await datasets.replaceExample(who, id, a.id, chat('A?', 'aa'));
      expect(changed).toMatchObject({ id: a.id, body: chat('A?', 'aa') });
      await expect(datasets.replaceExample(who, id, a.id, chat('B?', 'b'))).rejects.toMatchObject({
        code: 'conflict',
      });
      await datasets.removeExample(who, id, a.id);
      await expect(datasets.removeExample(who, id, a.id)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('a deleted dataset comes back by its id, gives its name away, and goes with its bytes', async () => {
      const id = await make();
      await importLines(id, questions(3));
      const { sha256 } = await datasets.freeze(who, id, '');
      await datasets.remove(who, id);
      await expect(datasets.get(who, id)).rejects.toMatchObject({ code: 'not_found' });
      const second = await make();
      await expect(datasets.restore(who, id)).rejects.toMatchObject({ code: 'conflict' });
      await datasets.remove(who, second);
      expect(await datasets.restore(who, id)).toMatchObject({ id, counts: { total: 3 } });
      await datasets.remove(who, id);
      expect(await datasets.purge(clock + 1)).toBe(2);
      expect(await opened.store.blobs.get(sha256)).toBeNull();
    });

    test.each<[string, Identity]>([
      ['a member', { userId: 'mo', role: 'member' }],
      ['an auditor', { userId: 'au', role: 'auditor' }],
    ])('%s has no access', async (_name, other) => {
      const id = await make();
      await expect(datasets.list(other)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(datasets.read(other, { id }, ['chat'])).rejects.toMatchObject({ code: 'forbidden' });
    });

    test('what was taken out of a trace of one’s own knows it, and goes when one is forgotten', async () => {
      const id = await make();
      const from = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
      await opened.store.write([
        opened.store.db.insertInto('spans').values({
          trace_id: from.traceId,
          span_id: from.spanId,
          parent_id: null,
          name: 'chat',
          kind: 'model',
          start_us: 1,
          end_us: 2,
          status: 'ok',
          error: null,
          user_id: who.userId,
          conversation_id: null,
          model: 'local/small',
          usage: null,
          cost: null,
          ttft_ms: null,
          attributes: '{}',
        }),
      ]);
      const example = await datasets.addExample(who, id, chat('Mine?', 'Yours.'), from);
      expect(example).toMatchObject({
        status: 'approved',
        consent: true,
        source: { kind: 'trace', ...from, model: 'local/small', userId: who.userId },
      });
      const other: Identity = { ...who, userId: 'somebody' };
      await expect(datasets.addExample(other, id, chat('Whose?', 'Mine.'), from)).rejects.toMatchObject({
        code: 'not_found',
      });
      expect(await datasets.forgetPerson(who.userId)).toMatchObject({ examples: 1 });
    });
  });
}
