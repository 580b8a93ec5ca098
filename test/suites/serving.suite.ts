// What tuned models and promotions do on every store.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gate, gateSchema } from '../../src/contracts/evaluation.ts';
import { type Identity, localIdentity } from '../../src/contracts/identity.ts';
import { routeSettingsSchema } from '../../src/contracts/routing.ts';
import type { Parity, PromotionInput, TunedModel } from '../../src/contracts/tuned-model.ts';
import {
  frozenDataset,
  openEvaluations,
  readsFrom,
  type TestEvaluations,
} from '../../src/learning/evaluation/testing/open-evaluations.ts';
import { createPromotions } from '../../src/learning/serving/create-promotions.ts';
import { createTunedModels } from '../../src/learning/serving/create-tuned-models.ts';
import type { Promotions, TunedModels } from '../../src/learning/serving/tuned-models.ts';
import { createScriptedProvider } from '../../src/models/providers/scripted/scripted-provider.ts';
import type { ModelProvider } from '../../src/models/registry.ts';
import type { TestStore } from '../open-test-store.ts';
import { remoteInfo } from '../remote-info.ts';

const who = localIdentity;
const member: Identity = { userId: 'somebody', role: 'member' };
/** The old model says the question again, the new one what its script says. */
const [OLD, NEW] = ['scripted/echo', 'scripted/script'];
const parity: Parity = {
  tokens: 200,
  sameIds: true,
  maxDifference: 5e-4,
  meanDifference: 1e-4,
  boundOf: 'max' as const,
  bound: 1e-3,
  passed: true,
};

/** An order, as far as it is not the usual one. */
type Changed = Omit<Partial<PromotionInput>, 'gate'> & { gate?: Partial<Gate> };

/** A remote model, which is the default where nobody has chosen one. */
const far: ModelProvider = {
  id: 'up',
  list: async () => [remoteInfo('old', { kind: 'none' })],
  async resolve(name) {
    const echo = await createScriptedProvider().resolve('echo');
    return echo && { ...echo, info: remoteInfo(name, { kind: 'none' }) };
  },
};

export function servingSuite(name: string, open: () => Promise<TestStore>): void {
  describe(`tuned models and promotions on ${name}`, () => {
    const words = frozenDataset(
      Array.from({ length: 30 }, (_, index) => ({
        kind: 'chat' as const,
        messages: [
          { role: 'user' as const, content: `#text word ${index}` },
          { role: 'assistant' as const, content: `word ${index}` },
        ],
      })),
      'words',
    );
    /** Holds the half of these questions too. */
    const learnt = frozenDataset(
      words.examples.slice(0, 15).map(({ body }) => body),
      'learnt',
    );
    for (const example of learnt.examples) example.split = 'train';
    let opened: TestStore;
    let on: TestEvaluations;
    let tunedModels: TunedModels;
    let promotions: Promotions;
    let evaluationId: string;
    const registered: { id: string; path: string; adapter?: string }[] = [];
    let failMaking = false;

    beforeAll(async () => {
      opened = await open();
      let made: TunedModels | null = null;
      on = await openEvaluations(opened.store, readsFrom([words]), [far], ({ store, jobs, registry }) => {
        made = createTunedModels({
          store,
          jobs,
          registry,
          dataDir: opened.dataDir,
          library: {
            installed: async () => [{ id: 'base', path: '/models/base.gguf' } as never],
            async register(model) {
              registered.push(model);
            },
            async unregister(id) {
              registered.splice(0, registered.length, ...registered.filter((one) => one.id !== id));
            },
          },
          maker: {
            async make(model, { form, quantisation }, { onStep }) {
              onStep('checking');
              if (failMaking) throw new Error('The disk is full.');
              const path = join(opened.dataDir, 'tuned', model.name, `${quantisation}.gguf`);
              await writeFile(path, quantisation);
              return { form, quantisation, path, sizeBytes: 4, perplexity: 3, tokensPerSecond: 9, parity };
            },
          },
        });
      });
      if (made === null) throw new Error('no tuned models');
      tunedModels = made;
      promotions = createPromotions({
        store: opened.store,
        registry: on.registry,
        datasets: readsFrom([words, learnt]),
      });
      evaluationId = await evaluated([OLD, NEW]);
    });
    afterAll(async () => {
      await on.close();
      await opened.dispose();
    });
    afterEach(async () => {
      const { store } = opened;
      await store.write([
        store.db.deleteFrom('promotions'),
        store.db.deleteFrom('tuned_models'),
        store.db.deleteFrom('training_runs'),
      ]);
      for (const { alias } of await on.registry.routes()) await on.registry.removeAlias(alias);
    });

    async function evaluated(models: readonly string[]): Promise<string> {
      const { id, taskId } = await on.evaluations.start(who, {
        name: 'Gate',
        dataset: { id: 'words' },
        split: 'test',
        limit: null,
        judge: { type: 'exact', ignoreCase: true },
        subjects: models.map((model) => ({ model, prompt: null, parameters: {} })),
      });
      await on.jobs.wait(taskId);
      return id;
    }
    const order = (given: Changed = {}): PromotionInput => ({
      alias: 'house',
      model: NEW,
      evaluationId,
      share: 1,
      ...given,
      gate: gateSchema.parse({ needParity: false, ...given.gate }),
    });
    const row = (alias = 'house') => on.registry.aliasRow(alias);
    const setHouse = (settings: object = { retries: 3, fallbacks: ['scripted/script'] }) =>
      on.registry.setAlias('house', OLD, routeSettingsSchema.parse(settings));
    async function tuned(given: Partial<TunedModel> = {}): Promise<TunedModel> {
      const folder = join(opened.dataDir, 'tuned', 'small');
      await mkdir(folder, { recursive: true });
      const file = (form: 'merged' | 'adapter', quantisation: 'F32' | 'F16', model: string | null) => ({
        form,
        quantisation,
        model,
        path: join(folder, `${form}.${quantisation}.gguf`),
        sizeBytes: 1,
        perplexity: null,
        tokensPerSecond: null,
        parity,
      });
      return tunedModels.put({
        name: 'small',
        model: 'local/small',
        base: 'local/base',
        runId: 'run_1',
        userId: who.userId,
        files: [
          file('merged', 'F32', null),
          file('merged', 'F16', 'local/small'),
          file('adapter', 'F16', null),
        ],
        ...given,
      });
    }

    describe('a promotion', () => {
      test('switches the alias, keeps its settings, and goes back to the very row', async () => {
        await setHouse();
        const before = await row();
        const promotion = await promotions.promote(who, order());
        expect(promotion).toMatchObject({
          alias: 'house',
          from: OLD,
          to: NEW,
          share: 1,
          state: 'active',
          verdict: { passed: true },
        });
        expect(await row()).toEqual({ ...before, model: NEW });
        expect(await promotions.rollBack(who, promotion.id)).toMatchObject({ state: 'rolled_back' });
        expect(await row()).toEqual(before);
        await expect(promotions.rollBack(who, promotion.id)).rejects.toMatchObject({ code: 'conflict' });
        expect((await promotions.list(who, { alias: 'house' })).promotions).toMatchObject([
          { id: promotion.id, state: 'rolled_back' },
        ]);
        expect((await promotions.list(who, { alias: 'other' })).promotions).toEqual([]);
      });

      test('of an alias that named nothing takes it away again', async () => {
        const promotion = await promotions.promote(who, order());
        expect(promotion.from).toBeNull();
        expect(await row()).toMatchObject({ model: NEW });
        await promotions.rollBack(who, promotion.id);
        expect(await row()).toBeNull();
      });

      test('of a share is a canary, grows, becomes whole, and goes back', async () => {
        await setHouse({ retries: 2 });
        const before = await row();
        const { id } = await promotions.promote(who, order({ share: 0.1 }));
        expect(await row()).toEqual({ ...before, canary: { model: NEW, share: 0.1 } });
        expect(await promotions.setShare(who, id, 0.5)).toMatchObject({ share: 0.5, state: 'active' });
        expect((await row())?.canary).toEqual({ model: NEW, share: 0.5 });
        await promotions.setShare(who, id, 1);
        expect(await row()).toEqual({ ...before, model: NEW });
        await promotions.setShare(who, id, 0.2);
        expect(await row()).toEqual({ ...before, canary: { model: NEW, share: 0.2 } });
        await promotions.rollBack(who, id);
        expect(await row()).toEqual(before);
      });

      test('of a share needs a model beside it', async () => {
        await expect(promotions.promote(who, order({ share: 0.5 }))).rejects.toMatchObject({
          code: 'invalid_request',
        });
        expect(await row()).toBeNull();
        expect((await promotions.list(who)).promotions).toEqual([]);
      });

      test('that another replaces is in force again when that one goes back', async () => {
        await setHouse({ retries: 1 });
        const first = await promotions.promote(who, order({ share: 0.3 }));
        const between = await row();
        const second = await promotions.promote(who, order());
        expect((await promotions.list(who)).promotions.map(({ state }) => state)).toEqual([
          'active',
          'replaced',
        ]);
        const newest = await promotions.list(who, { limit: 1 });
        const next = await promotions.list(who, { limit: 1, cursor: newest.nextCursor ?? '' });
        expect([...newest.promotions, ...next.promotions].map(({ state }) => state)).toEqual([
          'active',
          'replaced',
        ]);
        expect(next.nextCursor).toBeNull();
        expect((await promotions.list(who, { state: 'active' })).promotions).toHaveLength(1);
        expect((await promotions.list(who, { models: ['scripted/none'] })).promotions).toEqual([]);
        await promotions.rollBack(who, second.id);
        expect(await row()).toEqual(between);
        await promotions.rollBack(who, first.id);
        expect((await promotions.list(who)).promotions.map(({ state }) => state)).toEqual([
          'rolled_back',
          'rolled_back',
        ]);
        expect(await row()).toMatchObject({ model: OLD, canary: null });
      });

      test('does not go back over what somebody has set since, but keeps new settings', async () => {
        await setHouse({ retries: 1 });
        const { id } = await promotions.promote(who, order());
        await on.registry.setAlias('house', OLD);
        await expect(promotions.setShare(who, id, 0.5)).rejects.toMatchObject({ code: 'conflict' });
        await on.registry.setAlias('house', NEW, routeSettingsSchema.parse({ retries: 4 }));
        await promotions.rollBack(who, id);
        expect(await row()).toMatchObject({ model: OLD, settings: { retries: 4 } });
      });

      test.each<[string, { model: string; canary: { model: string; share: number } | null }]>([
        ['with the old model and no canary yet', { model: OLD, canary: null }],
        ['with the new model and the canary still', { model: NEW, canary: { model: NEW, share: 0.3 } }],
        ['whole where a share was noted', { model: NEW, canary: null }],
      ])('that a kill left %s goes back', async (_, left) => {
        const { id } = await promotions.promote(
          who,
          order({ alias: 'default', evaluationId: await evaluated(['up/old', NEW]), share: 0.3 }),
        );
        const model = left.model === OLD ? 'up/old' : left.model;
        await on.registry.putAlias('default', { ...left, model, settings: {} });
        expect(await promotions.rollBack(who, id)).toMatchObject({ state: 'rolled_back' });
        expect(await row('default')).toBeNull();
      });

      test('of a default that nobody chose goes back to nobody’s choice', async () => {
        const besideFar = await evaluated(['up/old', NEW]);
        const input = order({ alias: 'default', evaluationId: besideFar, share: 0.5 });
        const { id, from } = await promotions.promote(who, input);
        expect(from).toBe('up/old');
        expect(await row('default')).toEqual({
          model: 'up/old',
          settings: {},
          canary: { model: NEW, share: 0.5 },
        });
        await promotions.setShare(who, id, 1);
        expect((await on.registry.resolve('default')).info.id).toBe(NEW);
        await promotions.rollBack(who, id);
        expect(await row('default')).toBeNull();
        expect((await on.registry.resolve('default')).info.id).toBe('up/old');
      });
    });

    describe('the gate', () => {
      beforeEach(() => setHouse({}));

      test.each<[string, () => Promise<Changed>, string, string | null]>([
        ['too few examples', async () => ({ gate: { minExamples: 31 } }), 'minExamples', null],
        [
          'no evaluation',
          async () => ({ evaluationId: 'evaluation_none' }),
          'evaluation',
          'missing_evaluation',
        ],
        [
          'an evaluation of others',
          async () => ({ evaluationId: await evaluated([NEW]) }),
          'evaluation',
          'other_models',
        ],
        ['the model that is there already', async () => ({ model: OLD }), 'evaluation', 'same_model'],
        ['a model that nobody trained', async () => ({ gate: { needParity: true } }), 'parity', 'not_tuned'],
        [
          'a regression set that is gone',
          async () => ({ gate: { regressionSets: [{ evaluationId: 'gone', maxDrop: 0.02 }] } }),
          'regression',
          'missing_evaluation',
        ],
      ])('stays shut for %s, says why, and changes nothing', async (_, given, check, reason) => {
        const input = order(await given());
        const before = await row();
        const verdict = await promotions.check(who, input);
        expect(verdict.passed).toBe(false);
        expect(verdict.checks.filter(({ passed }) => !passed)).toMatchObject([{ name: check, reason }]);
        await expect(promotions.promote(who, input)).rejects.toMatchObject({
          code: 'forbidden',
          data: { verdict: { passed: false } },
        });
        expect(await row()).toEqual(before);
        expect((await promotions.list(who)).promotions).toEqual([]);
      });

      test('stays shut for an evaluation that is not complete', async () => {
        const { store } = opened;
        const id = await evaluated([OLD, NEW]);
        const { taskId } = await on.evaluations.get(who, id);
        await store.write([store.db.updateTable('jobs').set({ status: 'paused' }).where('id', '=', taskId)]);
        const verdict = await promotions.check(who, order({ evaluationId: id }));
        expect(verdict.checks).toMatchObject([{ name: 'evaluation', passed: false, reason: 'not_complete' }]);
      });

      test('opens for a tuned model with its parity, on what it has not learned', async () => {
        const { store } = opened;
        const model = await tuned({ model: NEW, files: [] });
        let input = order({ gate: { needParity: true } });
        const failing = async () =>
          (await promotions.check(who, input)).checks
            .filter(({ passed }) => !passed)
            .map(({ reason }) => reason);
        // Asked before there was this model: of whatever had its name then.
        expect(await failing()).toEqual(['other_models', 'not_measured']);
        input = { ...input, evaluationId: await evaluated([OLD, NEW]) };
        expect(await failing()).toEqual(['not_measured']);
        await tunedModels.remove(who, model.id);
        await tuned({
          model: NEW,
          files: [
            {
              form: 'merged',
              quantisation: 'F16',
              model: NEW,
              path: '/elsewhere',
              sizeBytes: 1,
              perplexity: null,
              tokensPerSecond: null,
              parity,
            },
          ],
        });
        const asked = await evaluated([OLD, NEW]);
        input = { ...input, evaluationId: asked };
        expect(await failing()).toEqual([]);
        const run = (id: string, dataset: string) =>
          store.db.insertInto('training_runs').values({
            id,
            user_id: who.userId,
            name: id,
            input: JSON.stringify({ dataset: { id: dataset, version: 1 } }),
            task_id: 't',
            status: 'complete',
            state: '{}',
            estimate: '{}',
            model: null,
            error: null,
            created_at: 0,
            started_at: null,
            ended_at: null,
          });
        await store.write([run('run_1', 'words')]);
        // The test split took no part in the training.
        expect(await failing()).toEqual([]);
        const evaluation = () => store.db.updateTable('evaluations').where('id', '=', asked);
        const { input: stored } = await store.db
          .selectFrom('evaluations')
          .select('input')
          .where('id', '=', asked)
          .executeTakeFirstOrThrow();
        await store.write([
          evaluation().set({ input: JSON.stringify({ ...JSON.parse(stored), split: 'train' }) }),
        ]);
        expect(await failing()).toEqual(['seen_in_training']);
        // What its base has learned it has learned too; and of a run that is gone nobody knows what it was.
        const setRun = (change: object) => store.write([store.db.updateTable('training_runs').set(change)]);
        await setRun({ input: JSON.stringify({ dataset: { id: 'others', version: 1 } }) });
        expect(await failing()).toEqual([]);
        // A question that another dataset taught it does not count.
        await setRun({ input: JSON.stringify({ dataset: { id: 'learnt', version: 1 } }) });
        expect((await promotions.check(who, order(input))).checks[0]).toMatchObject({ value: 15 });
        await setRun({ input: JSON.stringify({ dataset: { id: 'others', version: 1 } }) });
        await store.write([
          store.db.updateTable('tuned_models').set({ base: 'local/parent' }),
          run('run_2', 'words'),
        ]);
        await tuned({ name: 'parent', model: 'local/parent', files: [], runId: 'run_2' });
        expect(await failing()).toEqual(['seen_in_training']);
        await store.write([store.db.deleteFrom('training_runs').where('id', '=', 'run_2')]);
        expect(await failing()).toEqual(['seen_in_training']);
      });

      test('keeps an evaluation that a promotion in force stands on', async () => {
        const { id } = await promotions.promote(who, order());
        await expect(on.evaluations.remove(who, evaluationId)).rejects.toMatchObject({
          code: 'conflict',
          data: { promotions: [id] },
        });
      });
    });

    describe('a tuned model', () => {
      test('gets a further file once, under a name of its own', async () => {
        const { id } = await tuned();
        const task = await tunedModels.makeFile(who, id, { form: 'merged', quantisation: 'Q8_0' });
        expect(await on.jobs.wait(task.id)).toMatchObject({
          status: 'complete',
          result: { model: 'local/small-q8_0' },
        });
        const adapter = await tunedModels.makeFile(who, id, { form: 'adapter', quantisation: 'F16' });
        await on.jobs.wait(adapter.id);
        const { files } = await tunedModels.get(who, id);
        expect(files.map(({ form, quantisation, model }) => [form, quantisation, model])).toEqual([
          ['merged', 'F32', null],
          ['merged', 'F16', 'local/small'],
          ['merged', 'Q8_0', 'local/small-q8_0'],
          ['adapter', 'F16', 'local/small-adapter'],
        ]);
        expect(registered).toMatchObject([
          { id: 'small-q8_0', path: expect.stringContaining('Q8_0.gguf') },
          { id: 'small-adapter', path: '/models/base.gguf', adapter: expect.stringContaining('adapter') },
        ]);
        await expect(
          tunedModels.makeFile(who, id, { form: 'merged', quantisation: 'Q8_0' }),
        ).rejects.toMatchObject({ code: 'conflict' });
        failMaking = true;
        const broken = await tunedModels.makeFile(who, id, { form: 'merged', quantisation: 'Q4_0' });
        expect(await on.jobs.wait(broken.id)).toMatchObject({ status: 'failed' });
        failMaking = false;
        expect((await tunedModels.get(who, id)).files).toHaveLength(4);
      });

      test('goes with its files, unless an alias or a promotion asks for it', async () => {
        const { id } = await tuned({ model: NEW });
        await on.registry.setAlias('house', OLD);
        await on.registry.setCanary('house', { model: NEW, share: 0.5 });
        await expect(tunedModels.remove(who, id)).rejects.toMatchObject({
          code: 'conflict',
          data: { aliases: ['house'] },
        });
        await on.registry.setCanary('house', null);
        const { id: promotion } = await promotions.promote(
          who,
          order({ evaluationId: await evaluated([OLD, NEW]) }),
        );
        await on.registry.setAlias('house', OLD);
        await expect(tunedModels.remove(who, id)).rejects.toMatchObject({
          data: { promotions: [promotion] },
        });
        await on.registry.setAlias('house', NEW);
        await promotions.rollBack(who, promotion);
        await tunedModels.remove(who, id);
        expect(await readdir(join(opened.dataDir, 'tuned'))).toEqual([]);
        await expect(tunedModels.get(who, id)).rejects.toMatchObject({ code: 'not_found' });
      });

      test('is nobody’s business but of those who build', async () => {
        const { id } = await tuned();
        const forbidden = { code: 'forbidden' };
        await expect(tunedModels.list(member)).rejects.toMatchObject(forbidden);
        await expect(tunedModels.remove(member, id)).rejects.toMatchObject(forbidden);
        const other: Identity = { userId: 'somebody', role: 'builder' };
        expect(await tunedModels.get(other, id)).toMatchObject({ id });
        await expect(tunedModels.remove(other, id)).rejects.toMatchObject(forbidden);
        await expect(promotions.promote(member, order())).rejects.toMatchObject(forbidden);
        await expect(promotions.list(member)).rejects.toMatchObject(forbidden);
      });
    });
  });
}
