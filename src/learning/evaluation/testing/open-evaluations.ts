// Evaluations over a store of a test's own: scripted models, kept prompts, and datasets that are a list in memory.
import { createPrompts } from '../../../apps/prompts/create-prompts.ts';
import type { Prompts } from '../../../apps/prompts/prompts.ts';
import type { ExampleBody } from '../../../contracts/dataset.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import { createJobs } from '../../../jobs/create-jobs.ts';
import type { Jobs } from '../../../jobs/queue.ts';
import { silentLog } from '../../../lib/log.ts';
import { createGateway } from '../../../models/create-gateway.ts';
import { createRegistry } from '../../../models/create-registry.ts';
import { createDecider } from '../../../models/decide/create-decider.ts';
import { createScriptedProvider } from '../../../models/providers/scripted/scripted-provider.ts';
import type { ModelProvider, ModelRegistry } from '../../../models/registry.ts';
import { createLedger } from '../../../monitoring/create-ledger.ts';
import type { Ledger } from '../../../monitoring/ledger.ts';
import type { Store } from '../../../store/store.ts';
import type { Datasets, FrozenDataset } from '../../datasets/datasets.ts';
import { createEvaluations } from '../create-evaluations.ts';
import type { Evaluations } from '../evaluations.ts';

/** A frozen dataset whose examples are all for `test`, in the order given. */
export function frozenDataset(bodies: readonly ExampleBody[], id = 'dataset_1'): FrozenDataset {
  const kind = bodies[0]?.kind ?? 'chat';
  return {
    dataset: { id, name: id, kind, purpose: 'evaluation' },
    version: {
      datasetId: id,
      version: 1,
      sha256: '',
      examples: bodies.length,
      splits: { train: 0, validation: 0, test: bodies.length },
      note: '',
      userId: 'local',
      createdAt: 0,
    },
    examples: bodies.map((body, index) => ({
      id: `example_${String(index).padStart(4, '0')}`,
      hash: String(index).padStart(4, '0'),
      split: 'test',
      body,
    })),
  };
}

export function readsFrom(datasets: readonly FrozenDataset[]): Pick<Datasets, 'read'> {
  return {
    async read(_who, { id }, kinds) {
      const found = datasets.find(({ dataset }) => dataset.id === id);
      if (found === undefined) throw new AtelierError('not_found', `There is no dataset ${id}.`);
      if (kinds.includes(found.dataset.kind)) return found;
      throw new AtelierError('invalid_request', `The dataset ${id} is of the kind ${found.dataset.kind}.`);
    },
  };
}

export interface TestEvaluations {
  evaluations: Evaluations;
  jobs: Jobs;
  ledger: Ledger;
  prompts: Prompts;
  registry: ModelRegistry;
  close(): Promise<void>;
}

/** The jobs are started. */
export async function openEvaluations(
  store: Store,
  datasets: Pick<Datasets, 'read'>,
  providers: readonly ModelProvider[] = [],
  /** Registers more before the jobs start. */
  more: (parts: { store: Store; jobs: Jobs; registry: ModelRegistry }) => void = () => {},
): Promise<TestEvaluations> {
  const ledger = createLedger({ store, log: silentLog, keepContent: () => true, flushMs: 1 });
  const registry = createRegistry({ store, providers: () => [...providers, createScriptedProvider()] });
  const gateway = createGateway({ registry, ledger });
  const jobs = createJobs({ store, log: silentLog, retryDelayMs: () => 1 });
  const prompts = createPrompts({ store });
  const evaluations = createEvaluations({
    store,
    jobs,
    log: silentLog,
    registry,
    gateway,
    ledger,
    prompts,
    decider: createDecider({ gateway, registry, ledger, codes: 'labels' }),
    datasets,
  });
  more({ store, jobs, registry });
  await jobs.start();
  return {
    evaluations,
    jobs,
    ledger,
    prompts,
    registry,
    async close() {
      await jobs.stop();
      await ledger.close();
    },
  };
}
