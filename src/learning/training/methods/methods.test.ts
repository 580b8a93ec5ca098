// What the methods teach: a preference that holds on pairs it never saw, and a teacher's answers and probabilities.
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTestStore } from '../../../../test/open-test-store.ts';
import { blueCats, frozen, openTrainings, order, pair } from '../../../../test/open-trainings.ts';
import { localIdentity as who } from '../../../contracts/identity.ts';
import { runFolder } from '../training-job.ts';

/** Each answer comes first and second in turn, so that only the preference tells them apart. */
const pairs = (names: readonly string[]) =>
  names.map((name) => pair(`${name}?`, `${name} ran. Yes.`, `${name} ran. Not.`));

test('DPO prefers the better answer of pairs that it never saw', async () => {
  await using opened = await openTestStore();
  const preferences = frozen(
    { train: pairs(['Tim', 'Ben', 'Mia', 'Max', 'Sue', 'Tom']), validation: pairs(['Bob', 'Amy', 'Joe']) },
    'preference',
  );
  const on = openTrainings(opened, preferences);
  await on.jobs.start();
  const { id } = await on.trainings.start(
    who,
    order({
      method: 'dpo',
      hyperparameters: {
        maxSteps: 12,
        epochs: 100,
        learningRate: 1e-2,
        beta: 0.5,
        evaluateEvery: 12,
        checkpointEvery: 12,
      },
    }),
  );
  expect(await on.ended(id)).toMatchObject({ status: 'complete', error: null });
  const looks = (await on.trainings.events(who, id))
    .map(({ event }) => event)
    .filter((event) => event.type === 'evaluation');
  // Before the first step no answer has gained on the other: -log sigmoid(0).
  expect(looks[0]!.validationLoss).toBeCloseTo(Math.log(2), 4);
  expect(looks.at(-1)).toMatchObject({ accuracy: 1 });
  expect(looks.at(-1)!.validationLoss).toBeLessThan(0.3);
  await on.jobs.stop();
});

test('distillation asks the teacher once a question, learns its answers, and says what it leaves out', async () => {
  await using opened = await openTestStore();
  const asked: string[] = [];
  const key = { ...who, keyId: 'key_1', models: ['openai/*'] };
  let broken = true;
  const on = openTrainings(opened, blueCats, {
    registry: {
      resolve: async () =>
        ({
          info: { id: 'openai/big', kind: 'chat', provider: 'openai', place: { kind: 'remote', host: 'h' } },
        }) as never,
    },
    gateway: {
      async generate(model, { prompt }, { source, identity }) {
        // The teacher is asked on the budget of the key, and within its scope.
        expect(identity).toEqual(key);
        const question = JSON.stringify(prompt);
        if (broken && asked.length === 6) throw new Error('The teacher is away.');
        asked.push(`${model} ${source} ${question}`);
        const text = question.includes('Mia') ? ' ' : 'It is a red dog.';
        return {
          content: [{ type: 'text', text }],
          finishReason: { unified: 'stop' },
          traceId: 't',
        } as never;
      },
    },
  });
  await on.jobs.start();
  const { id } = await on.trainings.start(
    key,
    order({
      method: 'distillation',
      teacher: 'openai/big',
      hyperparameters: { learningRate: 1e-2, maxSteps: 8 },
    }),
  );
  expect(await on.ended(id)).toMatchObject({ status: 'failed', error: { code: 'internal' } });
  const first = asked.length;
  // A kill in the middle of a line.
  await appendFile(join(runFolder(opened.dataDir, id), 'answers.jsonl'), '{"id":"ex_1","te');
  broken = false;
  await on.trainings.resume(who, id);
  const run = await on.ended(id);
  expect(run).toMatchObject({ status: 'complete', error: null });
  expect(run.estimate.concerns.map(({ code }) => code)).toContain('teacher_answers_only');
  expect(first).toBeGreaterThan(3);
  expect(new Set(asked).size).toBe(asked.length);
  // Not the test split.
  expect(asked).toHaveLength(10);
  expect(asked[0]).toMatch(/^openai\/big job .*Who is/);
  const events = (await on.trainings.events(who, id)).map(({ event }) => event);
  expect(events).toContainEqual(
    expect.objectContaining({
      code: 'teacher_left_out',
      message: expect.stringContaining('the answer was empty'),
    }),
  );
  const looks = events.filter((event) => event.type === 'evaluation');
  expect(looks.at(-1)!.validationLoss).toBeLessThan(looks[0]!.validationLoss);
  await on.jobs.stop();
});

test('of a local teacher that reads the same tokens the probabilities are learned', async () => {
  await using opened = await openTestStore();
  const on = openTrainings(opened, blueCats, {
    gateway: {
      generate: async () =>
        ({
          content: [{ type: 'text', text: 'zzz' }],
          finishReason: { unified: 'stop' },
          traceId: 't',
        }) as never,
    },
  });
  await on.jobs.start();
  const { id } = await on.trainings.start(
    who,
    order({
      method: 'distillation',
      teacher: 'local/stories',
      hyperparameters: { learningRate: 1e-2, maxSteps: 8, topK: 2 },
    }),
  );
  const run = await on.ended(id);
  expect(run).toMatchObject({ status: 'complete', error: null });
  expect(run.estimate.concerns.map(({ code }) => code)).not.toContain('teacher_answers_only');
  const points = (await on.trainings.events(who, id))
    .map(({ event }) => event)
    .filter((event) => event.type === 'point');
  // The teacher of this test is sure of one letter: the cross-entropy to it falls towards 0.
  expect(points.at(-1)!.loss).toBeLessThan(points[0]!.loss / 4);
  await on.jobs.stop();
});
