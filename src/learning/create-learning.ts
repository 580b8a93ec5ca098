// The learning loop put together: datasets, trainings, evaluations, tuned models, promotions, classifiers.
// The circle closes in the store: serving writes a row that models/ reads at the next request.
import { createPrompts } from '../apps/prompts/create-prompts.ts';
import type { Jobs } from '../jobs/queue.ts';
import type { Log } from '../lib/log.ts';
import type { Decider } from '../models/decider.ts';
import type { Gateway } from '../models/gateway.ts';
import type { ModelLibrary } from '../models/library.ts';
import { createTrainingEngine } from '../models/local/training-engine.ts';
import type { ModelRegistry } from '../models/registry.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import type { Embedder } from '../retrieval/embedder.ts';
import { createDetection, type Detection } from '../safety/detect/detect.ts';
import type { BlobKeeper } from '../store/blob-keeper.ts';
import type { Measurements } from '../store/measurements.ts';
import type { Store } from '../store/store.ts';
import type { UserSettings } from '../store/user-settings.ts';
import type { Classifiers } from './classifier/classifiers.ts';
import { createClassifiers } from './classifier/create-classifiers.ts';
import { createDatasets, type DatasetService } from './datasets/create-datasets.ts';
import { createNameSearch, type NameSearches } from './datasets/names/create-name-search.ts';
import { createEvaluations } from './evaluation/create-evaluations.ts';
import { createEvaluationRows } from './evaluation/evaluation-rows.ts';
import type { Evaluations } from './evaluation/evaluations.ts';
import { createInUse } from './in-use.ts';
import { createPromotions } from './serving/create-promotions.ts';
import { createTunedModels } from './serving/create-tuned-models.ts';
import { createModelExporter } from './serving/export.ts';
import type { Promotions, TunedModels } from './serving/tuned-models.ts';
import type { BaseModels } from './training/base-model.ts';
import { createBaseModels } from './training/base-models.ts';
import { createFileMaker } from './training/create-file-maker.ts';
import { createTrainings } from './training/create-trainings.ts';
import { createRunRows, TRAINING_KIND } from './training/run-rows.ts';
import type { Trainings } from './training/trainings.ts';

/** What every part is built from; each takes what it needs. */
export interface CreateLearningOptions {
  store: Store;
  jobs: Jobs;
  log: Log;
  dataDir: string;
  gateway: Gateway;
  registry: ModelRegistry;
  ledger: Ledger;
  library: ModelLibrary;
  /** Writes labels and no letters for them: of letters a small model takes the same one for nearly everything. */
  decider: Decider;
  embedder: Embedder;
  blobs: BlobKeeper;
  measurements: Measurements;
  userSettings: UserSettings;
}

export interface Learning {
  datasets: DatasetService;
  /** Names of people, which only a model finds: a search that somebody asks for. */
  names: NameSearches;
  /** What of personal data is looked for, and what is not. */
  detectors: Detection['detectors'];
  classifiers: Classifiers;
  /** What can be trained. */
  bases: BaseModels;
  trainings: Trainings;
  tunedModels: TunedModels;
  evaluations: Evaluations;
  promotions: Promotions;
  /** @throws AtelierError conflict: work under way reads it, or it was tuned here and goes there */
  requireRemovableModel(model: string): Promise<void>;
  /** Before the jobs are stopped for good: lets go of what is open. */
  close(): Promise<void>;
}

/** Registers the jobs of the loop: call it before the jobs start. */
export function createLearning({
  store,
  blobs,
  ledger,
  log,
  userSettings,
  jobs,
  gateway,
  registry,
  embedder,
  library,
  measurements,
  dataDir,
  decider,
}: CreateLearningOptions): Learning {
  const detection = createDetection();
  const datasets = createDatasets({
    store,
    blobs,
    find: detection.find,
    consenting: userSettings.consenting,
    flushLedger: ledger.flush,
    alsoForget: (version) => [
      createEvaluationRows(store).forgetWords(version),
      createRunRows(store).forgetSamples(version),
      createRunRows(store).markForgotten(version, Date.now()),
    ],
  });
  const names = createNameSearch({ store, jobs, datasets, registry, decider, ledger, measurements });
  const stopListening = userSettings.onChange(() => {
    datasets
      .syncConsent()
      .catch((error: unknown) =>
        log.error('consent could not be brought to the examples', { error: String(error) }),
      );
  });
  const classifiers = createClassifiers({ store, jobs, gateway, registry, ledger, embedder, datasets });
  const engine = createTrainingEngine();
  const exporter = createModelExporter({ engine });
  const bases = createBaseModels({
    library,
    registry,
    dataDir,
    inUse: createRunRows(store).basesInUse,
  });
  // A model that is removed takes the weights with it that were made of it; a run that reads them is waited for.
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = () => {
    sweeping = bases
      .sweep()
      .catch((error: unknown) => log.warn('weights of bases could not be swept', { error: String(error) }));
  };
  const stopSweeping = [
    library.onChange(sweep),
    jobs.onChange(({ kind, status }) => {
      if (kind === TRAINING_KIND && status !== 'running') sweep();
    }),
  ];
  const maker = createFileMaker({ exporter });
  const tunedModels = createTunedModels({ store, jobs, registry, library, maker, dataDir });
  const evaluations = createEvaluations({
    store,
    jobs,
    log,
    datasets,
    gateway,
    registry,
    decider,
    ledger,
    prompts: createPrompts({ store }),
  });
  const promotions = createPromotions({ store, registry, datasets });
  const trainings = createTrainings({
    store,
    jobs,
    log,
    dataDir,
    datasets,
    bases,
    engine,
    exporter,
    registrar: library,
    tunedModels,
    gateway,
    registry,
    measurements,
  });
  // Also what a kill came before.
  const forgetting = Promise.all([trainings.forgetWords(), evaluations.forgetWords()]).catch(
    (error: unknown) => log.warn('words could not be forgotten', { error: String(error) }),
  );
  const inUse = createInUse({ store, jobs });
  return {
    bases,
    trainings,
    tunedModels: {
      ...tunedModels,
      async remove(who, id) {
        await inUse.requireIdleTuned(await tunedModels.get(who, id));
        return tunedModels.remove(who, id);
      },
    },
    evaluations,
    promotions,
    requireRemovableModel: inUse.requireRemovableModel,
    datasets: {
      ...datasets,
      async remove(who, id) {
        await inUse.requireIdleDataset(await datasets.get(who, id));
        return datasets.remove(who, id);
      },
      async forgetPerson(userId) {
        const done = await datasets.forgetPerson(userId);
        await trainings.forgetWords();
        await evaluations.forgetWords();
        return done;
      },
    },
    names,
    detectors: detection.detectors,
    classifiers,
    async close() {
      stopListening();
      for (const stop of stopSweeping) stop();
      // What is under way still reads the store, which is closed next.
      await Promise.all([sweeping, forgetting]);
    },
  };
}
