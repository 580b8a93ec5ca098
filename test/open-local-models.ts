// Real local models behind the real gateway, for tests and benches of what is built on them: a store of its own in a
// temporary folder, the engine, and no server.

import { readGgufHeader } from '../src/lib/gguf.ts';
import { silentLog } from '../src/lib/log.ts';
import { createGateway } from '../src/models/create-gateway.ts';
import { createRegistry } from '../src/models/create-registry.ts';
import type { Gateway } from '../src/models/gateway.ts';
import type { InstalledModel } from '../src/models/library.ts';
import { createLocalEngine, type LocalEngine } from '../src/models/local/local-engine.ts';
import { installedModel } from '../src/models/local/testing/test-models.ts';
import { createScriptedProvider } from '../src/models/providers/scripted/scripted-provider.ts';
import type { ModelProvider, ModelRegistry } from '../src/models/registry.ts';
import { createLedger } from '../src/monitoring/create-ledger.ts';
import type { Ledger } from '../src/monitoring/ledger.ts';
import { createMeasurements, type Measurements } from '../src/store/measurements.ts';
import type { Store } from '../src/store/store.ts';
import { openTestStore } from './open-test-store.ts';

export interface LocalModels {
  store: Store;
  dataDir: string;
  gateway: Gateway;
  registry: ModelRegistry;
  ledger: Ledger;
  engine: LocalEngine;
  measurements: Measurements;
  close(): Promise<void>;
}

export interface LocalModelFile {
  id: string;
  path: string;
  kind: 'chat' | 'embedding';
}

export async function openLocalModels(files: readonly LocalModelFile[]): Promise<LocalModels> {
  const opened = await openTestStore();
  const { store } = opened;
  const ledger = createLedger({ store, log: silentLog, keepContent: () => false });
  const measurements = createMeasurements(store);
  const engine = createLocalEngine({ log: silentLog, measurements, gpu: 'cpu' });
  const models = files.map(({ id, path, kind }) => installedModel(path, id, kind));
  const infoOf = async (model: InstalledModel) => {
    const facts = await engine.facts(model);
    // Whether a model is asked for its opinion depends on its size.
    const { tensors } = await readGgufHeader(model.path);
    return {
      id: `local/${model.id}`,
      provider: 'local',
      name: model.id,
      displayName: model.id,
      kind: model.kind,
      place: { kind: 'local' as const, host: null },
      state: 'ready' as const,
      error: facts.error,
      contextLength: facts.contextLength,
      parameters: tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
      quantization: null,
      sizeBytes: null,
      licence: null,
      input: ['text' as const],
      tools: facts.tools,
      languages: [],
      price: { kind: 'none' as const },
      createdAt: 0,
    };
  };
  const local: ModelProvider = {
    id: 'local',
    list: () => Promise.all(models.map(infoOf)),
    async resolve(name) {
      const model = models.find(({ id }) => id === name);
      if (model === undefined) return null;
      const chat = model.kind === 'chat';
      return {
        info: await infoOf(model),
        language: chat ? engine.language(model) : null,
        embedding: chat ? null : engine.embedding(model),
      };
    },
  };
  const registry = createRegistry({ store, providers: () => [local, createScriptedProvider()] });
  const gateway = createGateway({
    registry,
    ledger,
    tokenCounters: {
      local: async (model, options) => {
        const installed = models.find(({ id }) => id === model.info.name);
        if (installed === undefined) throw new Error(`no model ${model.info.id}`);
        return engine.countTokens(installed, options);
      },
    },
  });
  return {
    store,
    dataDir: opened.dataDir,
    gateway,
    registry,
    ledger,
    engine,
    measurements,
    async close() {
      await ledger.close();
      await engine.close();
      await opened.dispose();
    },
  };
}
