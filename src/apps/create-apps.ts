// The applications: those that come with Atelier and those of the user's folder, each run under one trace, over one
// input or over the rows of a file.
import { z } from 'zod';
import type { AppFault, AppInfo } from '../contracts/app.ts';
import { AtelierError } from '../contracts/errors.ts';
import type { Jobs } from '../jobs/queue.ts';
import { createEmitter } from '../lib/emitter.ts';
import type { Log } from '../lib/log.ts';
import type { Decider } from '../models/decider.ts';
import type { Gateway } from '../models/gateway.ts';
import type { ModelRegistry } from '../models/registry.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import type { BlobKeeper } from '../store/blob-keeper.ts';
import type { Store } from '../store/store.ts';
import type { Sandbox } from '../tools/sandbox/create-sandbox.ts';
import { listFigures, putFigures } from './app-figures.ts';
import { appInfo } from './app-info.ts';
import type { AppDefinition, Apps } from './apps.ts';
import { createBatches } from './batch/create-batches.ts';
import { builtinApps } from './builtin-apps.ts';
import { noApp } from './check-app-is-there.ts';
import { createModelAsker } from './parts/ask-model.ts';
import { runApp } from './run-app.ts';

/** Where apps come from that do not come with Atelier. */
export interface AppSource {
  /** Each with its `origin`. */
  definitions(): readonly AppDefinition[];
  faults(): readonly AppFault[];
  onChange(listener: () => void): () => void;
}

export interface CreateAppsOptions {
  store: Store;
  blobs: Pick<BlobKeeper, 'keep'>;
  jobs: Jobs;
  gateway: Gateway;
  registry: ModelRegistry;
  decider: Decider;
  ledger: Ledger;
  sandbox: Sandbox;
  log: Log;
  sources?: readonly AppSource[];
}

/** Registers the job of batches: call it before the jobs start. */
export function createApps(options: CreateAppsOptions): Apps {
  const { store, blobs, jobs, gateway, registry, decider, ledger, sandbox, log, sources = [] } = options;
  const builtin = builtinApps({ asker: createModelAsker({ gateway, registry }), decider, sandbox });
  const changes = createEmitter<void>((error) =>
    log.error('a listener of the apps failed', { error: String(error) }),
  );
  const leave = sources.map((source) => source.onChange(() => changes.emit()));
  const closing = new AbortController();
  const infos = new WeakMap<AppDefinition, AppInfo>();

  /** The first of a name counts; the others are faults. */
  function known(): { apps: Map<string, AppDefinition>; faults: AppFault[] } {
    const apps = new Map(builtin.map((app) => [app.name, app]));
    const faults = sources.flatMap((source) => [...source.faults()]);
    for (const app of sources.flatMap((source) => source.definitions())) {
      const other = apps.get(app.name);
      const fault = other === undefined ? infoFault(app) : taken(app, other);
      if (fault === null) apps.set(app.name, app);
      else faults.push({ origin: app.origin ?? app.name, error: fault.toJSON() });
    }
    return { apps, faults };
  }

  function infoOf(app: AppDefinition): AppInfo {
    const found = infos.get(app);
    if (found) return found;
    const made = appInfo(app);
    infos.set(app, made);
    return made;
  }

  function infoFault(app: AppDefinition): AtelierError | null {
    try {
      infoOf(app);
      return null;
    } catch (error) {
      const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      return new AtelierError('invalid_request', `The app ${app.name} cannot be shown: ${why}`, {
        data: { app: app.name },
      });
    }
  }

  function find(name: string): AppDefinition {
    const { apps } = known();
    const app = apps.get(name);
    if (app) return app;
    throw noApp(name, [...apps.keys()]);
  }

  const stream: Apps['stream'] = async function* (who, name, input, run) {
    yield* runApp({ ledger, registry, closing: closing.signal }, who, find(name), input, run);
  };

  const invoke: Apps['invoke'] = async (who, name, input, run) => {
    let output: unknown;
    for await (const event of stream(who, name, input, run)) {
      if (event.type === 'output') output = event.output;
      if (event.type === 'finish') return { output, receipt: event.receipt };
    }
    throw new AtelierError('internal', `The app ${name} ended without a receipt.`);
  };

  const batches = createBatches({ store, blobs, jobs, registry, log, find, infoOf, invoke });
  jobs.register(batches.job);

  return {
    list: () => [...known().apps.values()].map(infoOf),
    faults: () => known().faults,
    get: (name) => infoOf(find(name)),
    stream,
    invoke,
    startBatch: batches.start,
    batches: batches.list,
    batch: batches.get,
    batchCsv: batches.csv,
    figures: () => listFigures(store),
    async saveFigures(figures) {
      await putFigures(store, figures);
      changes.emit();
    },
    onChange: changes.on,
    async close() {
      closing.abort('shutdown');
      for (const off of leave) off();
    },
  };
}

const taken = (app: AppDefinition, other: AppDefinition) =>
  new AtelierError(
    'conflict',
    `The name ${app.name} belongs to ${other.origin ?? 'an app that comes with Atelier'}. Give this one another name.`,
    { data: { app: app.name } },
  );
