// The applications over a store of a test's own, with scripted models.
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';

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

export interface Parrot {
  id: string;
  provider: ModelProvider;
  /** What it was asked since `say`. */
  asked: LanguageModelV4CallOptions[];
  /** What it says next, one answer a call; then nothing. */
  say(...answers: string[]): void;
}

/** A model that says what it is told to say, whatever it is asked. */
export function parrot(): Parrot {
  const asked: LanguageModelV4CallOptions[] = [];
  const answers: string[] = [];
  return {
    id: 'lab/parrot',
    asked,
    say(...next) {
      asked.length = 0;
      answers.splice(0, answers.length, ...next);
    },
    provider: {
      id: 'lab',
      list: async () => [],
      async resolve() {
        const scripted = await createScriptedProvider().resolve('script');
        const language = scripted?.language;
        if (!scripted || !language) return null;
        return {
          ...scripted,
          info: { ...scripted.info, id: 'lab/parrot', provider: 'lab', name: 'parrot' },
          language: {
            ...language,
            doStream(options) {
              asked.push(options);
              const text = `#text ${(answers.shift() ?? '').replaceAll('\n', '\\n')}`;
              return language.doStream({
                ...options,
                prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
              });
            },
          },
        };
      },
    },
  };
}
