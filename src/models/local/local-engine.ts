// The local engine: models of this machine as AI SDK models, each loaded one in a process of its own.
import type { EmbeddingModelV4, LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ErrorBody } from '../../contracts/errors.ts';
import type { CallStatus } from '../../contracts/model.ts';
import { createEmitter } from '../../lib/emitter.ts';
import type { InstalledModel } from '../library.ts';
import type { EngineProcess } from './engine-process.ts';
import { createLoadedModels, type LoadedModelsOptions } from './loaded-models.ts';
import { createLocalEmbeddingModel } from './local-embedding-model.ts';
import { createLocalLanguageModel } from './local-language-model.ts';
import { type LocalModelFacts, readModelFacts } from './model-facts.ts';
import { readCall } from './read-call.ts';

export { engineBackends } from './engine-backends.ts';

export type LocalEngineOptions = LoadedModelsOptions;

export interface LocalEngine {
  language(model: InstalledModel): LanguageModelV4;
  embedding(model: InstalledModel): EmbeddingModelV4;
  state(modelId: string): LocalModelState;
  facts(model: InstalledModel): Promise<LocalModelFacts>;
  /** Tokens of the prompt as the model would read it; loads the model. */
  countTokens(model: InstalledModel, options: LanguageModelV4CallOptions): Promise<number>;
  /** Tokens of each text as an embedding model reads it, without marks and prefix; loads the model. */
  countTexts(model: InstalledModel, texts: readonly string[]): Promise<number[]>;
  /** Numbers in a vector of an embedding model; loads the model. */
  dimensions(model: InstalledModel, signal?: AbortSignal): Promise<number>;
  /** Ids of the models that are in memory or on their way there. */
  loaded(): string[];
  unload(modelId: string): Promise<void>;
  /** Unloads it unless somebody waits for an answer of it. */
  release(modelId: string): Promise<void>;
  /** Of the process that holds the model; undefined while it is not loaded. */
  pid(modelId: string): number | undefined;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface LocalModelState {
  state: 'ready' | 'loading' | 'loaded' | 'failed';
  error: ErrorBody | null;
  /** Of loading, 0 to 1. */
  progress: number | null;
}

/** How the SDK's models of this folder reach their process. */
export interface ModelRunner {
  model: InstalledModel;
  facts(): Promise<LocalModelFacts>;
  /** The loaded model's process, started if need be. @throws AtelierError */
  ready(onStatus: (status: CallStatus) => void, signal?: AbortSignal): Promise<EngineProcess>;
}

export function createLocalEngine(options: LocalEngineOptions): LocalEngine {
  const changes = createEmitter<null>((error) =>
    options.log.error('a listener of the engine failed', { error: String(error) }),
  );
  const models = createLoadedModels(options, () => changes.emit(null));
  const described = new Map<string, Promise<LocalModelFacts>>();

  async function facts(model: InstalledModel): Promise<LocalModelFacts> {
    const key = `${model.id}:${model.path}`;
    const known =
      described.get(key) ?? readModelFacts(model, (header) => models.plan(model, header).contextLength);
    described.set(key, known);
    const read = await known;
    if (read.error !== null) described.delete(key); // the file may be repaired
    const info = models.process(model.id)?.info;
    return info === undefined ? read : { ...read, contextLength: info.contextLength };
  }

  const runner = (model: InstalledModel): ModelRunner => ({
    model,
    facts: () => facts(model),
    ready: (onStatus, signal) => models.ready(model, onStatus, signal),
  });

  return {
    language: (model) => createLocalLanguageModel(runner(model)),
    embedding: (model) => createLocalEmbeddingModel(runner(model)),
    state(modelId) {
      if (models.process(modelId) !== null) return { state: 'loaded', error: null, progress: null };
      const progress = models.progress(modelId);
      if (progress !== null) return { state: 'loading', error: null, progress };
      const error = models.failure(modelId);
      return { state: error === null ? 'ready' : 'failed', error, progress: null };
    },
    facts,
    async countTokens(model, callOptions) {
      const engine = await models.ready(model, () => {}, callOptions.abortSignal);
      return (await engine.count(readCall(callOptions).prompt)).tokens;
    },
    async countTexts(model, texts) {
      const engine = await models.ready(model, () => {});
      return engine.countTexts([...texts]);
    },
    dimensions: async (model, signal) => (await models.ready(model, () => {}, signal)).info.dimensions,
    loaded: models.ids,
    unload: models.unload,
    release: models.release,
    pid: (modelId) => models.process(modelId)?.pid,
    onChange: (listener) => changes.on(listener),
    close: models.close,
  };
}
