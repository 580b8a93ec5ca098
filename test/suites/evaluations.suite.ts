// What evaluations do on every store: ask, judge, compare, stop and go on.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ExampleBody } from '../../src/contracts/dataset.ts';
import type { Evaluation, EvaluationInput } from '../../src/contracts/evaluation.ts';
import { evaluationInputSchema } from '../../src/contracts/evaluation.ts';
import { type Identity, localIdentity } from '../../src/contracts/identity.ts';
import { createEvaluationRows } from '../../src/learning/evaluation/evaluation-rows.ts';
import {
  frozenDataset,
  openEvaluations,
  readsFrom,
  type TestEvaluations,
} from '../../src/learning/evaluation/testing/open-evaluations.ts';
import { createScriptedProvider } from '../../src/models/providers/scripted/scripted-provider.ts';
import type { ModelProvider } from '../../src/models/registry.ts';
import type { TestStore } from '../open-test-store.ts';
import { remoteInfo } from '../remote-info.ts';

const who = localIdentity;
const other: Identity = { userId: 'somebody', role: 'builder' };
const chat = (question: string, answer: string): ExampleBody => ({
  kind: 'chat',
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});
const label = (text: string, wanted: string): ExampleBody => ({ kind: 'labels', text, label: wanted });

const classifiers: ModelProvider = {
  id: 'classifiers',
  list: async () => [],
  resolve: async (name) => ({
    info: { ...remoteInfo(name, { kind: 'none' }), id: `classifiers/${name}`, kind: 'classifier' },
    language: null,
    embedding: null,
  }),
};

/** Scripted models that can be counted, and held: `lab/a` says what its script says, `lab/b` too. */
function lab() {
  const asked: string[] = [];
  const state = { holdAt: null as number | null, failAt: null as string | null };
  const scripted = createScriptedProvider();
  const provider: ModelProvider = {
    id: 'lab',
    list: async () => [],
    async resolve(name) {
      const found = await scripted.resolve('script');
      const language = found?.language;
      if (!found || !language) return null;
      return {
        ...found,
        info: {
          ...remoteInfo(name, { kind: 'none' }),
          id: `lab/${name}`,
          provider: 'lab',
          place: { kind: 'scripted', host: null },
        },
        language: {
          ...language,
          async doStream(options) {
            const text = JSON.stringify(options.prompt.at(-1)?.content);
            asked.push(`${name} ${text}`);
            if (state.holdAt !== null && asked.length >= state.holdAt)
              await new Promise((_, reject) =>
                options.abortSignal?.addEventListener('abort', () => reject(options.abortSignal?.reason)),
              );
            return language.doStream(options);
          },
        },
      };
    },
  };
  return { provider, asked, state };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

export function evaluationsSuite(name: string, open: () => Promise<TestStore>): void {
  describe(`evaluations on ${name}`, () => {
    const sets = [
      frozenDataset(
        [chat('#text Paris', 'Paris'), chat('#text Rome', 'rome'), chat('#text Oslo', 'Bern')],
        'capitals',
      ),
      frozenDataset(
        Array.from({ length: 12 }, (_, index) => chat(`#text word ${index}`, `word ${index}`)),
        'many',
      ),
      frozenDataset(
        [label('#text good', 'good'), label('#text bad', 'bad'), label('#text good', 'bad')],
        'moods',
      ),
      frozenDataset(
        [
          {
            kind: 'preference',
            messages: [{ role: 'user', content: 'Hello' }],
            chosen: 'Hello to you',
            rejected: 'No',
          },
        ],
        'pairs',
      ),
      frozenDataset(
        [chat('#json {"total": 12}', '{"total": "12,00"}'), chat('#text {"total', '{"total": 1}')],
        'bills',
      ),
      frozenDataset([chat('#error 500 Broken', 'x'), chat('#text y', 'y')], 'broken'),
      frozenDataset([chat('#text y', 'y'), chat('#error 503 Away', 'x')], 'away'),
      frozenDataset([chat('#error 402 x', 'no {json')], 'nojson'),
    ];
    let opened: TestStore;
    let on: TestEvaluations;
    let models: ReturnType<typeof lab>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.dispose());
    beforeEach(async () => {
      models = lab();
      on = await openEvaluations(opened.store, readsFrom(sets), [models.provider, classifiers]);
    });
    afterEach(() => on.close());

    const order = (given: object): EvaluationInput =>
      evaluationInputSchema.parse({
        name: 'Trial',
        dataset: { id: 'capitals' },
        judge: { type: 'exact' },
        subjects: [{ model: 'scripted/echo' }, { model: 'scripted/script' }],
        ...given,
      });
    async function done(given: object): Promise<Evaluation> {
      const { id, taskId } = await on.evaluations.start(who, order(given));
      await on.jobs.wait(taskId);
      return on.evaluations.get(who, id);
    }
    const resultsOf = async (id: string, page: object = {}) =>
      (await on.evaluations.results(who, id, { limit: 100, ...page })).results;

    test('subjects are asked the same examples, judged, and compared in pairs', async () => {
      const evaluation = await done({});
      expect(evaluation).toMatchObject({
        status: 'complete',
        done: 6,
        total: 6,
        error: null,
        datasetVersion: 1,
        subjects: [
          { asked: 3, failed: 0, score: { value: 0 }, costNano: 0 },
          { asked: 3, failed: 0, score: { value: 2 / 3 } },
        ],
        // Two better, none worse: 2 x 1/4.
        comparisons: [{ from: 0, to: 1, better: 2, worse: 0, equal: 1, signTest: 0.5 }],
      });
      expect(evaluation.endedAt).not.toBeNull();
      expect(evaluation.subjects[1]?.outputTokens).toBeGreaterThan(0);
      const results = await resultsOf(evaluation.id);
      expect(results.map(({ exampleId, subject, score }) => [exampleId.at(-1), subject, score])).toEqual([
        ['0', 0, 0],
        ['0', 1, 1],
        ['1', 0, 0],
        ['1', 1, 1],
        ['2', 0, 0],
        ['2', 1, 0],
      ]);
      expect(results[1]).toMatchObject({
        question: '#text Paris',
        expected: 'Paris',
        output: 'Paris',
        first: { output: '#text Paris', score: 0 },
      });
      const trace = await on.ledger.getTrace(results[1]?.traceId ?? '', who.userId);
      expect(trace.summary).toMatchObject({ name: 'evaluation Trial', source: 'job', status: 'ok' });
      expect(trace.spans.map(({ name }) => name)).toContain('chat scripted/script');
    });

    test('pages of results are filtered by what became of an example', async () => {
      const { id } = await done({});
      expect((await resultsOf(id, { only: 'better' })).map(({ expected }) => expected)).toEqual([
        'Paris',
        'rome',
      ]);
      expect((await resultsOf(id, { only: 'equal' })).map(({ expected }) => expected)).toEqual(['Bern']);
      expect(await resultsOf(id, { only: 'worse' })).toEqual([]);
      expect(await resultsOf(id, { subject: 0 })).toHaveLength(3);
      const first = await on.evaluations.results(who, id, { limit: 4 });
      const rest = await on.evaluations.results(who, id, { limit: 4, cursor: first.nextCursor ?? '' });
      expect([first.results.length, rest.results.length, rest.nextCursor]).toEqual([4, 2, null]);
    });

    test('what is stored is not asked again, over a pause and a stop of the program', async () => {
      models.state.holdAt = 9;
      const { id, taskId } = await on.evaluations.start(
        who,
        order({ dataset: { id: 'many' }, subjects: [{ model: 'lab/a' }, { model: 'lab/b' }] }),
      );
      await until(() => models.asked.length === 9);
      expect(await on.evaluations.pause(who, id)).toMatchObject({ status: 'paused', done: 8, total: 24 });
      models.state.holdAt = 17;
      await on.evaluations.resume(who, id);
      await until(() => models.asked.length === 17);
      await on.close();
      models.state.holdAt = null;
      on = await openEvaluations(opened.store, readsFrom(sets), [models.provider]);
      await on.jobs.wait(taskId);
      const evaluation = await on.evaluations.get(who, id);
      expect(evaluation).toMatchObject({ status: 'complete', done: 24 });
      expect(evaluation.subjects.map(({ score }) => score.value)).toEqual([1, 1]);
      // Only the two that were cut off in the middle were begun again.
      expect(models.asked).toHaveLength(26);
      expect(new Set(models.asked).size).toBe(24);
      // Whoever goes first takes turns.
      expect(models.asked.slice(0, 4).map((text) => text[0])).toEqual(['a', 'b', 'b', 'a']);
    });

    test('a failed call is worth nothing and is shown; a fault of all stops the job', async () => {
      const evaluation = await done({ dataset: { id: 'broken' }, subjects: [{ model: 'scripted/script' }] });
      expect(evaluation.subjects).toMatchObject([{ asked: 2, failed: 1, score: { value: 0.5 } }]);
      expect(await resultsOf(evaluation.id, { only: 'failed' })).toMatchObject([
        { score: 0, output: null, error: { code: 'provider_failed' } },
      ]);
      const away = await done({ dataset: { id: 'away' }, subjects: [{ model: 'scripted/script' }] });
      expect(away).toMatchObject({ status: 'failed', done: 1, error: { code: 'provider_unreachable' } });
    });

    test('an evaluation is cancelled, and removed with its results', async () => {
      models.state.holdAt = 1;
      const { id } = await on.evaluations.start(who, order({ subjects: [{ model: 'lab/a' }] }));
      await until(() => models.asked.length === 1);
      expect(await on.evaluations.cancel(who, id)).toMatchObject({ status: 'cancelled', done: 0 });
      await on.evaluations.remove(who, id);
      expect((await on.evaluations.list(who)).evaluations.map((one) => one.id)).not.toContain(id);
      await expect(on.evaluations.get(who, id)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('builders read it, its person stops it, and nobody else has access', async () => {
      const { id } = await done({});
      expect(await on.evaluations.get(other, id)).toMatchObject({ id });
      await expect(on.evaluations.remove(other, id)).rejects.toMatchObject({ code: 'forbidden' });
      const member: Identity = { ...other, role: 'member' };
      const refused = { code: 'forbidden', data: { needs: ['admin', 'builder'] } };
      await expect(on.evaluations.start(member, order({}))).rejects.toMatchObject(refused);
      await expect(on.evaluations.list(member)).rejects.toMatchObject(refused);
      await expect(resultsOf(id)).resolves.toHaveLength(6);
      await expect(on.evaluations.results(member, id, { limit: 1 })).rejects.toMatchObject(refused);
    });

    test('two versions of a kept prompt are compared, each with its variables filled', async () => {
      const body = (text: string) => ({
        messages: [{ role: 'user' as const, text }],
        model: null,
        parameters: {},
      });
      await on.prompts.create(who, {
        name: 'capital',
        description: '',
        body: body('no idea {{question}}'),
        note: '',
      });
      await on.prompts.addVersion(who, 'capital', { body: body('{{ anything }}'), note: '' });
      await on.prompts.addVersion(who, 'capital', { body: body('{{mail}} {{language}}'), note: '' });
      const asked = (version: number) => ({ model: 'scripted/script', prompt: { name: 'capital', version } });
      const evaluation = await done({ subjects: [asked(1), asked(2)] });
      expect(evaluation.subjects.map(({ score }) => score.value)).toEqual([0, 2 / 3]);
      await expect(on.evaluations.start(who, order({ subjects: [asked(3)] }))).rejects.toMatchObject({
        code: 'invalid_request',
        data: { unknown: ['mail', 'language'] },
      });
      await expect(on.evaluations.start(who, order({ subjects: [asked(9)] }))).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    test('a sweep of a parameter is one evaluation; an answer that was cut says so', async () => {
      const evaluation = await done({
        dataset: { id: 'many' },
        limit: 3,
        subjects: [
          { model: 'scripted/script' },
          { model: 'scripted/script', parameters: { maxOutputTokens: 1 } },
        ],
      });
      expect(evaluation).toMatchObject({ total: 6, comparisons: [{ better: 0, worse: 3 }] });
      expect(evaluation.subjects[1]).toMatchObject({ score: { value: 0 }, metrics: { cutShort: 1 } });
    });

    test('fields of JSON, labels by probability, and preferences have their own figures', async () => {
      const one = { subjects: [{ model: 'scripted/script' }] };
      expect(
        (await done({ ...one, dataset: { id: 'bills' }, judge: { type: 'json' } })).subjects[0],
      ).toMatchObject({
        score: { value: 0.5 },
        metrics: { allFields: 0.5, brokenJson: 0.5 },
      });
      const moods = await done({ ...one, dataset: { id: 'moods' }, judge: { type: 'choice' } });
      expect(moods.error).toBeNull();
      expect(moods.subjects[0]?.metrics.macroF1).toBeDefined();
      expect(moods.subjects[0]?.metrics.logLoss).toBeGreaterThan(0);
      const pairs = await done({ ...one, dataset: { id: 'pairs' }, judge: { type: 'preference' } });
      // A scripted model foresees every token alike.
      expect(pairs.subjects[0]).toMatchObject({ failed: 0, score: { value: 0.5 } });
    });

    test('a model that judges is counted apart, and cannot be told what to say', async () => {
      const judge = { type: 'model', model: 'scripted/script', rubric: 'Is the capital right?', max: 5 };
      const evaluation = await done({ judge, subjects: [{ model: 'scripted/script' }] });
      expect(evaluation.subjects[0]?.metrics.mark).toBeGreaterThanOrEqual(1);
      expect(evaluation.subjects[0]?.metrics.judgeCostNano).toBe(0);
      const [result] = await resultsOf(evaluation.id);
      expect(result?.detail).toMatchObject({ judge: 'scripted/script' });
      const { spans } = await on.ledger.getTrace(result?.traceId ?? '', who.userId);
      const marked = spans.find((span) => span.name === 'judge' && span.input !== null);
      expect(JSON.stringify(marked?.input)).toContain('Is the capital right?');
    });

    test.each<[string, object, string]>([
      [
        'another kind of data',
        { dataset: { id: 'capitals' }, judge: { type: 'preference' } },
        'invalid_request',
      ],
      ['no example in the split', { split: 'train' }, 'invalid_request'],
      ['a dataset that is not there', { dataset: { id: 'none' } }, 'not_found'],
      ['a model that is not there', { subjects: [{ model: 'no/model' }] }, 'model_not_found'],
      [
        'the same subject twice',
        { subjects: [{ model: 'scripted/echo' }, { model: 'scripted/echo' }] },
        'invalid_request',
      ],
      [
        'an expected answer that is no JSON',
        { dataset: { id: 'nojson' }, judge: { type: 'json' } },
        'invalid_request',
      ],
      [
        'a field of JSON that no wanted answer has',
        { dataset: { id: 'bills' }, judge: { type: 'json', fields: ['totl'] } },
        'invalid_request',
      ],
      [
        'a label that cannot be chosen',
        { dataset: { id: 'moods' }, judge: { type: 'choice', labels: ['good', 'fine'] } },
        'invalid_request',
      ],
      ['a classifier that is to write', { subjects: [{ model: 'classifiers/moods' }] }, 'invalid_request'],
      [
        'a judge that is not there',
        { judge: { type: 'model', model: 'no/model', rubric: 'r' } },
        'model_not_found',
      ],
    ])('%s is refused before the start', async (_, given, code) => {
      const before = await on.evaluations.list(who);
      // Page after page it is the same list.
      const paged: Evaluation[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Awaited<ReturnType<typeof on.evaluations.list>> = await on.evaluations.list(who, {
          cursor,
          limit: 2,
        });
        expect(page.evaluations.length).toBeLessThanOrEqual(2);
        paged.push(...page.evaluations);
        cursor = page.nextCursor;
      }
      expect(paged.length).toBeGreaterThan(2);
      expect(paged).toEqual(before.evaluations);
      await expect(on.evaluations.list(who, { cursor: 'mine' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
      await expect(on.evaluations.start(who, order(given))).rejects.toMatchObject({ code });
      expect(await on.evaluations.list(who)).toEqual(before);
    });

    test('words of a version go when somebody is to be forgotten, and the figures stay', async () => {
      const one = { subjects: [{ model: 'scripted/script' }] };
      const [kept, gone] = [await done({ ...one, dataset: { id: 'many' } }), await done(one)];
      const { forgetWords } = createEvaluationRows(opened.store);
      await opened.store.write([
        forgetWords({ datasetId: 'capitals', version: 1 }),
        forgetWords({ datasetId: 'many', version: 2 }),
      ]);
      expect(await resultsOf(gone.id)).toMatchObject([
        { question: '', expected: '', output: null, score: 1 },
        { score: 1 },
        { score: 0 },
      ]);
      expect((await resultsOf(kept.id))[0]).toMatchObject({ question: '#text word 0', output: 'word 0' });
    });

    test('one under way is cancelled when its version goes with somebody, and another goes on', async () => {
      const { db } = opened.store;
      const at = { user_id: 'local', created_at: 0 };
      const plain = { kind: 'chat', purpose: 'evaluation', description: '', shares: '{}' };
      const none = { splits: '{}', left_out: '{}', people: '[]', note: '', sha256: '' };
      await opened.store.write([
        db
          .insertInto('datasets')
          .values({ ...at, ...plain, id: 'many', name: 'many', updated_at: 0, deleted_at: null }),
        db
          .insertInto('dataset_versions')
          .values({ ...at, ...none, dataset_id: 'many', version: 1, examples: 12 }),
      ]);
      models.state.holdAt = 3;
      const subjects = [{ model: 'lab/a' }];
      const stays = await on.evaluations.start(who, order({ subjects, dataset: { id: 'many' } }));
      const goes = await on.evaluations.start(who, order({ subjects }));
      await until(() => models.asked.length >= 3);
      await on.evaluations.forgetWords();
      expect(await on.evaluations.get(who, goes.id)).toMatchObject({ status: 'cancelled' });
      expect((await resultsOf(goes.id)).filter(({ question }) => question !== '')).toEqual([]);
      expect((await on.evaluations.get(who, stays.id)).status).toMatch(/queued|running/);
      models.state.holdAt = null;
      await on.evaluations.cancel(who, stays.id);
    });

    test('a result is read as lines of JSON, or as a table that no spreadsheet runs', async () => {
      const { id } = await done({});
      const read = async (format: 'jsonl' | 'csv') => {
        let text = '';
        for await (const piece of on.evaluations.export(who, id, format)) text += piece;
        return text;
      };
      const lines = (await read('jsonl'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines).toHaveLength(6);
      expect(lines[1]).toMatchObject({ model: 'scripted/script', output: 'Paris', score: 1, error: null });
      const csv = (await read('csv')).split('\r\n');
      expect(csv[0]).toContain('example,model,prompt,question,expected,output,score');
      expect(csv).toHaveLength(8);
    });
  });
}
