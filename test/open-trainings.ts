// Trainings on stories260K for tests: the real weights, decoder, job and store. The engine's process, which takes a second
// to start, is real where a test asks for it; else a reader of its vocabulary stands in. Datasets are lists of examples.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, ExampleBody, Split } from '../src/contracts/dataset.ts';
import { localIdentity } from '../src/contracts/identity.ts';
import { type TrainingInput, trainingInputSchema } from '../src/contracts/training.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import type { FrozenDataset } from '../src/learning/datasets/datasets.ts';
import { createModelExporter } from '../src/learning/serving/export.ts';
import type { ModelExporter } from '../src/learning/serving/export-port.ts';
import { createBaseModels } from '../src/learning/training/base-models.ts';
import { type CreateTrainingsOptions, createTrainings } from '../src/learning/training/create-trainings.ts';
import type { TrainingEngine } from '../src/learning/training/engine-port.ts';
import { readGgufHeader } from '../src/lib/gguf.ts';
import { silentLog } from '../src/lib/log.ts';
import type { ModelLibrary } from '../src/models/library.ts';
import { installedModel } from '../src/models/local/testing/test-models.ts';
import { createTrainingEngine } from '../src/models/local/training-engine.ts';
import type { ResolvedModel } from '../src/models/model-call.ts';
import { createMeasurements } from '../src/store/measurements.ts';
import type { Store } from '../src/store/store.ts';

export const storiesPath = join(import.meta.dirname, 'fixtures/stories260K/stories260K.f32.gguf');

export type Examples = Partial<Record<Split, readonly ExampleBody[]>>;

export const chat = (question: string, answer: string): ExampleBody => ({
  kind: 'chat',
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});
export const pair = (question: string, chosen: string, rejected: string): ExampleBody => ({
  kind: 'preference',
  messages: [{ role: 'user', content: question }],
  chosen,
  rejected,
});

export function frozen(examples: Examples, kind: Dataset['kind'] = 'chat'): FrozenDataset {
  const all = Object.entries(examples).flatMap(([split, bodies]) =>
    bodies.map((body) => ({ split: split as Split, body })),
  );
  return {
    dataset: { id: 'ds', name: 'stories', kind, purpose: 'training' },
    version: {
      datasetId: 'ds',
      version: 1,
      sha256: '',
      examples: all.length,
      splits: { train: 0, validation: 0, test: 0 },
      note: '',
      userId: 'local',
      createdAt: 0,
    } as FrozenDataset['version'],
    examples: all.map(({ split, body }, index) => ({ id: `ex_${index}`, hash: `${index}`, split, body })),
  };
}

const about = (name: string) => chat(`Who is ${name}?`, `${name} is a blue cat.`);
/** What a model can learn within a few steps. */
export const blueCats = frozen({
  train: ['Tim', 'Lily', 'Ben', 'Mia', 'Max', 'Sue', 'Tom', 'Anna'].map(about),
  validation: ['Bob', 'Amy'].map(about),
  test: [about('Joe')],
});

type Order = Omit<Partial<TrainingInput>, 'hyperparameters' | 'lora'> & {
  hyperparameters?: Partial<TrainingInput['hyperparameters']>;
  lora?: Partial<TrainingInput['lora']>;
};

/** Small and quick, and the same bit for bit each time. */
export const order = (change: Order = {}): TrainingInput =>
  trainingInputSchema.parse({
    name: 'tuned',
    base: 'local/stories',
    dataset: { id: 'ds' },
    ...change,
    hyperparameters: {
      threads: 1,
      sequenceLength: 64,
      batchTokens: 128,
      maxSteps: 6,
      learningRate: 5e-3,
      checkpointEvery: 2,
      evaluateEvery: 2,
      ...change.hyperparameters,
    },
  });

/** Long enough to be stopped in the middle. */
export const longOrder = order({
  hyperparameters: { maxSteps: 60, epochs: 100, checkpointEvery: 7, evaluateEvery: 5 },
});

const vocabulary = (await readGgufHeader(storiesPath)).metadata.get('tokenizer.ggml.tokens') as string[];
const idOf = new Map(vocabulary.map((piece, id) => [piece, id]));
const LONGEST_PIECE = 12;

/** The longest piece first, which is not how the model's own tokenizer cuts, but uses its pieces. */
function tokensOf(text: string): number[] {
  const ids: number[] = [];
  for (let rest = `\u2581${text.replaceAll(' ', '\u2581')}`; rest !== ''; ) {
    let length = Math.min(rest.length, LONGEST_PIECE);
    while (length > 1 && !idOf.has(rest.slice(0, length))) length--;
    ids.push(idOf.get(rest.slice(0, length)) ?? 0);
    rest = rest.slice(length);
  }
  return ids;
}

/** Reads the model's pieces and answers without a model; 2 ends a turn. */
export const quickEngine: TrainingEngine = {
  openTokenizer: async () => ({
    fingerprint: 'pieces',
    encode: async (conversations) =>
      conversations.map((turns) => {
        const ids = [1];
        const learned = [0];
        for (const { role, content, weight } of turns) {
          const own = [...tokensOf(content), 2];
          ids.push(...own);
          learned.push(...own.map(() => (role === 'assistant' && weight !== 0 ? 1 : 0)));
        }
        return [{ ids: Int32Array.from(ids), learned: Uint8Array.from(learned) }];
      }),
    decode: async (ids) => ids.map((id) => vocabulary[id]).join(''),
    close: async () => {},
  }),
  openModel: async () => ({
    answer: async () => ({ text: 'a sample', tokensPerSecond: 1 }),
    logProbabilities: async (ids) => new Float32Array(ids.length - 1),
    topProbabilities: async (ids, k) => ({
      ids: new Int32Array(ids.length * k).fill(idOf.get('z') ?? 0),
      probabilities: new Float32Array(ids.length * k).fill(0.9 / k),
    }),
    close: async () => {},
  }),
};

/** A file is the trained numbers. */
export const plainExporter: ModelExporter = {
  writeAdapter: ({ values }, path) => writeFile(path, Uint8Array.from(Buffer.from(values.slice().buffer))),
  writeMerged: ({ values }, path) => writeFile(path, Uint8Array.from(Buffer.from(values.slice().buffer))),
  check: async (_, { sequences, sameIds }) => ({
    parity: {
      tokens: sequences.reduce((sum, { ids }) => sum + ids.length - 1, 0),
      sameIds,
      maxDifference: 0,
      meanDifference: 0,
      boundOf: 'max' as const,
      bound: 1e-3,
      passed: sameIds,
    },
    perplexity: 1,
    tokensPerSecond: 1,
  }),
};

/** Nothing runs until `jobs.start()`. */
export function openTrainings(
  { store, dataDir }: { store: Store; dataDir: string },
  dataset: FrozenDataset,
  { real = false, ...replace }: Partial<CreateTrainingsOptions> & { real?: boolean } = {},
) {
  const jobs = createJobs({ store, log: silentLog });
  const models = [installedModel(storiesPath, 'stories')];
  const registered: { id: string; path: string; adapter?: string }[] = [];
  const put: Parameters<CreateTrainingsOptions['tunedModels']['put']>[0][] = [];
  const library: Pick<ModelLibrary, 'installed' | 'catalogue'> = {
    installed: async () => models,
    catalogue: async () => [],
  };
  const registry: CreateTrainingsOptions['registry'] = {
    async resolve(asked) {
      const name = asked.replace('local/', '');
      if (!models.some(({ id }) => id === name)) throw new Error(`There is no ${asked}.`);
      return {
        info: {
          id: `local/${name}`,
          provider: 'local',
          name,
          kind: 'chat',
          place: { kind: 'local', host: null },
        },
        language: null,
        embedding: null,
      } as unknown as ResolvedModel;
    },
  };
  const engine = real ? createTrainingEngine() : quickEngine;
  const options: CreateTrainingsOptions = {
    store,
    jobs,
    log: silentLog,
    dataDir,
    datasets: { read: async () => dataset },
    bases: createBaseModels({ library, registry, dataDir }),
    engine,
    exporter: real ? createModelExporter({ engine }) : plainExporter,
    registrar: {
      async register(model) {
        registered.push(model);
        models.push(installedModel(model.path, model.id));
      },
      async unregister(id) {
        models.splice(0, models.length, ...models.filter((model) => model.id !== id));
      },
    },
    tunedModels: {
      async put(model) {
        put.push(model);
        return { ...model, id: 'tuned_1', createdAt: 0 };
      },
    },
    gateway: {
      generate: () => Promise.reject(new Error('No teacher is there.')),
    },
    registry,
    measurements: createMeasurements(store),
    ...replace,
  };
  const trainings = createTrainings(options);
  return {
    trainings,
    jobs,
    options,
    registered,
    put,
    /** Until it has ended, however that is. */
    async ended(id: string) {
      const { taskId } = await trainings.get(localIdentity, id);
      await jobs.wait(taskId);
      return trainings.get(localIdentity, id);
    },
  };
}
