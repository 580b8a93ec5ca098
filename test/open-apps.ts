// The applications over a store of a test's own, with scripted models.

import type { Apps } from '../src/apps/apps.ts';
import { type CreateAppsOptions, createApps } from '../src/apps/create-apps.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import type { Jobs } from '../src/jobs/queue.ts';
import { silentLog } from '../src/lib/log.ts';
import { createGateway } from '../src/models/create-gateway.ts';
import { createRegistry } from '../src/models/create-registry.ts';
import { createDecider } from '../src/models/decide/create-decider.ts';
import {
  countScriptedTokens,
  createScriptedProvider,
  type ScriptedProviderOptions,
} from '../src/models/providers/scripted/scripted-provider.ts';
import type { ModelProvider } from '../src/models/registry.ts';
import { createLedger } from '../src/monitoring/create-ledger.ts';
import type { Ledger } from '../src/monitoring/ledger.ts';
import { createBlobKeeper } from '../src/store/blob-keeper.ts';
import type { Store } from '../src/store/store.ts';
import { createSandbox } from '../src/tools/sandbox/create-sandbox.ts';

export interface TestApps {
  apps: Apps;
  jobs: Jobs;
  ledger: Ledger;
  close(): Promise<void>;
}

export interface TestAppsOptions extends Partial<CreateAppsOptions> {
  scripted?: ScriptedProviderOptions;
  providers?: readonly ModelProvider[];
}

/** The jobs are not started. */
export function openApps(
  store: Store,
  { scripted, providers = [], ...replace }: TestAppsOptions = {},
): TestApps {
  const ledger = createLedger({ store, log: silentLog, keepContent: () => true, flushMs: 5 });
  const registry = createRegistry({
    store,
    providers: () => [...providers, createScriptedProvider(scripted)],
  });
  const gateway = createGateway({
    registry,
    ledger,
    tokenCounters: { scripted: countScriptedTokens, lab: countScriptedTokens },
  });
  const jobs = createJobs({ store, log: silentLog });
  const apps = createApps({
    store,
    blobs: createBlobKeeper({ store, log: silentLog }),
    jobs,
    gateway,
    registry,
    decider: createDecider({ gateway, registry, ledger }),
    ledger,
    sandbox: createSandbox(),
    log: silentLog,
    ...replace,
  });
  return {
    apps,
    jobs,
    ledger,
    async close() {
      await apps.close();
      await jobs.stop();
      await ledger.close();
    },
  };
}
