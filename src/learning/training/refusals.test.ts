// What keeps a run from starting, and what ends one: each says which line or number it is, and what to do next.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import {
  blueCats,
  chat,
  type Examples,
  frozen,
  openTrainings,
  order,
  pair,
} from '../../../test/open-trainings.ts';
import type { ExampleBody } from '../../contracts/dataset.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { localIdentity as who } from '../../contracts/identity.ts';
import type { TrainingInput } from '../../contracts/training.ts';
import { SPARE_BYTES } from '../../lib/disk.ts';
import { openDecoderSession } from '../../numerics/decoder/open-decoder-session.ts';
import { NumericsError } from '../../numerics/session/errors.ts';
import type { CreateTrainingsOptions } from './create-trainings.ts';
import { thisMachine } from './machine.ts';
import { runFolder } from './training-job.ts';

type Machine = NonNullable<CreateTrainingsOptions['machine']>;
interface Refusal {
  what: string;
  code: string;
  says: RegExp;
  examples?: Examples;
  kind?: 'chat' | 'preference';
  order?: TrainingInput;
  machine?: Partial<Machine>;
  reason?: string;
}
const sound = chat('Who is Tim?', 'Tim is a blue cat.');
const with_ = (body: ExampleBody): Examples => ({ train: [sound, body], validation: [sound] });
const turns = (...roles: ('system' | 'user' | 'assistant')[]): ExampleBody => ({
  kind: 'chat',
  messages: roles.map((role) => ({ role, content: 'Hello.' })),
});

const refusals: Refusal[] = [
  {
    what: 'a last turn that is no answer',
    code: 'wrong_role',
    says: /line 2: its last turn is not an answer/,
    examples: with_(turns('user', 'assistant', 'user')),
  },
  {
    what: 'a first turn that is no question',
    code: 'wrong_role',
    says: /line 2: its first turn is not a person’s/,
    examples: with_(turns('assistant')),
  },
  {
    what: 'a system message in the middle',
    code: 'wrong_role',
    says: /line 2: a system message is not its first/,
    examples: with_(turns('user', 'system', 'assistant')),
  },
  {
    what: 'an example that is too long',
    code: 'too_long',
    says: /line 2: it has \d+ tokens.*at least \d+/,
    examples: with_(chat('Who?', 'Tim '.repeat(100))),
  },
  {
    what: 'a validation example that is too long',
    code: 'too_long',
    says: /line 2: it has \d+ tokens/,
    examples: { train: [sound], validation: [chat('Who?', 'Tim '.repeat(100))] },
  },
  {
    what: 'a pair that is too long',
    code: 'too_long',
    says: /line 1: prompt and answer, twice, are \d+ tokens/,
    kind: 'preference',
    order: order({ method: 'dpo' }),
    examples: { train: [pair('Who?', 'Tim '.repeat(30), 'Ben '.repeat(30))] },
  },
  {
    what: 'a pair of one answer',
    code: 'same_answers',
    says: /line 1: both answers are the same/,
    kind: 'preference',
    order: order({ method: 'dpo' }),
    examples: { train: [pair('Who?', 'Tim', 'Tim')] },
  },
  {
    what: 'an empty answer',
    code: 'empty',
    says: /line 2: an answer is empty/,
    examples: with_(chat('Who?', ' \n')),
  },
  {
    what: 'an answer of which nothing is learned',
    code: 'nothing_learned',
    says: /line 2: all its answers have the weight 0/,
    examples: with_({
      kind: 'chat',
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b', weight: 0 },
      ],
    }),
  },
  {
    what: 'a wrong encoding',
    code: 'wrong_encoding',
    says: /line 2: its text holds characters that were lost/,
    examples: with_(chat('Qui ?', 'L\ufffdo est un chat.')),
  },
  {
    what: 'another kind of example',
    code: 'wrong_kind',
    says: /line 2: it is of the kind preference, and sft learns from chat/,
    examples: with_(pair('Who?', 'a', 'b')),
  },
  {
    what: 'nothing to learn from',
    code: 'no_examples',
    says: /no example in its train split/,
    examples: { validation: [sound] },
  },
  {
    what: 'rows longer than the model reads',
    code: 'over_context',
    says: /more than the 512 tokens/,
    order: order({ hyperparameters: { sequenceLength: 1024 } }),
  },
  {
    what: 'no memory',
    code: 'not_enough_memory',
    says: /needs about 0\.\d+ GB of memory and 0\.01 GB are free.*gradient checkpointing/,
    machine: { freeMemory: () => 1e7 },
  },
  {
    what: 'no disk',
    code: 'not_enough_disk',
    says: /and 0\.00 GB are free.*--data/,
    machine: { freeDisk: async () => 1e6 },
  },
  {
    what: 'no runtime',
    code: 'missing_runtime',
    says: /npm install onnxruntime-node/,
    machine: { hasRuntime: () => false },
  },
  {
    what: 'another architecture',
    code: 'wrong_architecture',
    says: /bert.*Llama or Qwen2/,
    reason: 'its architecture is bert',
  },
];

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.dispose());

test.for(refusals)(
  'refused before the start: $what',
  async ({ code, says, examples, kind, machine, reason, ...rest }) => {
    const on = openTrainings(opened, examples ? frozen(examples, kind) : blueCats, {
      machine: { ...thisMachine, measureSpeed: async () => 1e10, ...machine },
      ...(reason !== undefined && {
        bases: {
          keptBytes: async () => 0,
          free: async () => 0,
          sweep: async () => {},
          list: async () => [],
          describe: async (model) => ({
            model,
            displayName: model,
            path: '',
            parameters: 0,
            quantisation: '',
            weightBytes: 0,
            config: null,
            reason,
          }),
          isPrepared: async () => false,
          prepare: () => Promise.reject(new Error('It cannot be.')),
        },
      }),
    });
    const input = rest.order ?? order();
    const { concerns } = await on.trainings.estimate(who, input);
    const found = concerns.find((concern) => concern.code === code);
    expect(found, JSON.stringify(concerns)).toMatchObject({
      blocks: true,
      message: expect.stringMatching(says),
    });
    await expect(on.trainings.start(who, input)).rejects.toMatchObject({
      code: 'invalid_request',
      data: { concerns: expect.arrayContaining([expect.objectContaining({ code })]) },
    });
    expect((await on.trainings.list(who)).runs).toEqual([]);
  },
);

test('refused before the start: a teacher that writes no answers', async () => {
  const info = { id: 'scripted/embed', provider: 'scripted', name: 'embed', kind: 'embedding' };
  const on = openTrainings(opened, blueCats, {
    registry: { resolve: async () => ({ info, language: null, embedding: null }) as never },
  });
  const input = order({ method: 'distillation', teacher: 'scripted/embed' });
  const refused = {
    code: 'invalid_request',
    message: expect.stringMatching(/scripted.embed is of the kind/),
  };
  await expect(on.trainings.estimate(who, input)).rejects.toMatchObject(refused);
  await expect(on.trainings.start(who, input)).rejects.toMatchObject(refused);
});

test('a teacher of whose answers none can be learned is named', async () => {
  await using own = await openTestStore();
  const on = openTrainings(own, blueCats, {
    gateway: {
      generate: async () =>
        ({ content: [], finishReason: { unified: 'length' }, traceId: 'trace_1' }) as never,
    },
  });
  const { id } = await on.trainings.start(who, order({ method: 'distillation', teacher: 'local/stories' }));
  on.jobs.start();
  expect(await on.ended(id)).toMatchObject({
    status: 'failed',
    error: { code: 'training_failed', message: expect.stringMatching(/No answer of local.stories is left/) },
  });
});

test('what lets a run start is told too', async () => {
  await using opened = await openTestStore();
  const on = openTrainings(opened, frozen({ train: [sound] }), {
    machine: { ...thisMachine, measureSpeed: async () => 1e3 },
  });
  const { concerns, secondsBasis, diskBytes } = await on.trainings.estimate(who, order());
  expect(concerns.map(({ code, blocks }) => `${code} ${blocks}`).sort()).toEqual([
    'few_examples false',
    'no_validation false',
    'slow false',
  ]);
  // Each large file asks for as much beside itself, the exported ones too, which come last.
  expect(diskBytes).toBeGreaterThan(SPARE_BYTES);
  expect(concerns.find(({ code }) => code === 'few_examples')?.message).toMatch(/only 1 example:/);
  expect(secondsBasis).toBe('reckoned');
});

test('a name is one model’s, a second run waits for its turn', async () => {
  await using opened = await openTestStore();
  const on = openTrainings(opened, blueCats);
  const first = await on.trainings.start(who, order({ name: 'one' }));
  await expect(on.trainings.start(who, order({ name: 'one' }))).rejects.toMatchObject({ code: 'conflict' });
  await expect(on.trainings.start(who, order({ name: 'stories' }))).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(on.trainings.start(who, order({ method: 'distillation' }))).rejects.toMatchObject({
    code: 'invalid_request',
  });
  expect(await on.trainings.start(who, order({ name: 'two' }))).toMatchObject({ status: 'queued', place: 2 });
  // Another builder sees it and leaves it alone; who does not build sees nothing.
  const builder = { userId: 'u2', role: 'builder' } as const;
  expect(await on.trainings.get(builder, first.id)).toMatchObject({ place: 1 });
  await expect(on.trainings.cancel(builder, first.id)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(on.trainings.list({ userId: 'u3', role: 'member' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('what ends a run says its step, and the run goes on when it is resumed', async () => {
  await using opened = await openTestStore();
  const faults: { fault: unknown; code: string; says: RegExp }[] = [
    { fault: null, code: 'training_failed', says: /At step 3 the loss is no number.*learning rate under/ },
    {
      fault: new NumericsError('failed', 'The thread that computes stopped.'),
      code: 'training_failed',
      says: /After step 2: The thread that computes stopped/,
    },
    {
      fault: new NumericsError('failed', 'bad allocation'),
      code: 'insufficient_memory',
      says: /After step 2: The memory ran out.*resume/,
    },
    {
      fault: new AtelierError('storage_full', 'The disk has no room.'),
      code: 'storage_full',
      says: /After step 2: The disk has no room/,
    },
  ];
  let next: { fault: unknown } | null = null;
  const on = openTrainings(opened, blueCats, {
    async openSession(options) {
      const session = await openDecoderSession(options);
      let steps = 0;
      const first = next?.fault === faults[0]!.fault ? 3 : 1;
      return {
        ...session,
        async gradient(...args) {
          const result = await session.gradient(...args);
          if (++steps !== first || next === null) return result;
          if (next.fault !== null) throw next.fault;
          return { ...result, loss: Number.NaN };
        },
      };
    },
  });
  await on.jobs.start();
  next = faults[0]!;
  const { id } = await on.trainings.start(who, order());
  for (const { fault, code, says } of faults) {
    if (next.fault !== fault) {
      next = { fault };
      await on.trainings.resume(who, id);
    }
    const failed = await on.ended(id);
    expect(failed).toMatchObject({ status: 'failed', step: 2, model: null, error: { code } });
    expect(failed.error!.data.step).toBeTypeOf('number');
    expect(failed.error!.message).toMatch(says);
  }
  next = null;
  await on.trainings.resume(who, id);
  expect(await on.ended(id)).toMatchObject({ status: 'complete', step: 6, error: null });
  await on.jobs.stop();
}, 60_000);

test('a folder that cannot be written to ends the run and says so', async () => {
  await using opened = await openTestStore();
  const on = openTrainings(opened, blueCats);
  const { id } = await on.trainings.start(who, order());
  const folder = runFolder(opened.dataDir, id);
  await mkdir(folder, { recursive: true });
  // A file where the folder of the checkpoints is to be.
  await writeFile(join(folder, 'checkpoints'), '');
  await on.jobs.start();
  const failed = await on.ended(id);
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'storage_failed', data: { step: 2 } } });
  await rm(join(folder, 'checkpoints'));
  await on.trainings.resume(who, id);
  expect(await on.ended(id)).toMatchObject({ status: 'complete' });
  await on.jobs.stop();
}, 60_000);
