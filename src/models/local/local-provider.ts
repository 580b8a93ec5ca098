// The installed models as a provider of the registry: `local/<id>`.
import type { ModelInfo } from '../../contracts/model.ts';
import type { InstalledModel, ModelLibrary } from '../library.ts';
import type { ModelProvider } from '../registry.ts';
import type { LocalEngine } from './local-engine.ts';

export interface LocalProviderOptions {
  engine: LocalEngine;
  library: ModelLibrary;
}

export function createLocalProvider({ engine, library }: LocalProviderOptions): ModelProvider {
  /** A model that was removed does not stay in memory. */
  async function forgetRemoved(): Promise<void> {
    const loaded = engine.loaded();
    if (loaded.length === 0) return;
    const installed = new Set((await library.installed()).map((model) => model.id));
    for (const id of loaded) if (!installed.has(id)) await engine.unload(id);
  }
  library.onChange(() => {
    // A store that cannot be read is reported by whoever asked it to change; the next change tries again.
    forgetRemoved().catch(() => undefined);
  });

  /** What the catalogue knows beyond the file itself. */
  async function describe(models: readonly InstalledModel[]): Promise<ModelInfo[]> {
    const listings = await library.catalogue();
    const entries = new Map(listings.map(({ entry }) => [entry.id, entry]));
    return Promise.all(
      models.map(async (model): Promise<ModelInfo> => {
        const entry = entries.get(model.catalogueId ?? '');
        const { state, error } = engine.state(model.id);
        const facts = await engine.facts(model);
        return {
          id: `local/${model.id}`,
          provider: 'local',
          name: model.id,
          displayName: entry?.displayName ?? model.id,
          kind: model.kind,
          place: { kind: 'local', host: null },
          state: facts.error === null ? state : 'failed',
          error: error ?? facts.error,
          contextLength: facts.contextLength,
          parameters: model.parameters,
          quantization: model.quantization,
          sizeBytes: model.sizeBytes,
          licence: entry?.licence ?? null,
          input: ['text'],
          ...(model.source.startsWith('tuned:') ? { tuned: true } : {}),
          tools: model.kind === 'chat' && (entry?.tools ?? facts.tools),
          languages: entry?.languages ?? [],
          price: { kind: 'none' },
          createdAt: model.createdAt,
        };
      }),
    );
  }

  return {
    id: 'local',
    list: async () => describe(await library.installed()),
    async resolve(name) {
      const model = (await library.installed()).find((installed) => installed.id === name);
      if (model === undefined) return null;
      const [info] = await describe([model]);
      if (info === undefined) return null;
      const chat = model.kind === 'chat';
      return {
        info,
        language: chat ? engine.language(model) : null,
        embedding: chat ? null : engine.embedding(model),
      };
    },
  };
}
