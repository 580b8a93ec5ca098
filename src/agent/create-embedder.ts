// The embedding model of the knowledge: fetched when it is first needed, called through the gateway, with the prefixes
// that its makers trained it with.
import { AtelierError, isAtelierError, toAtelierError } from '../contracts/errors.ts';
import type { TaskProgress } from '../contracts/task.ts';
import type { Jobs } from '../jobs/queue.ts';
import type { Gateway } from '../models/gateway.ts';
import type { InstalledModel, ModelLibrary } from '../models/library.ts';
import type { EmbedContext, Embedder } from '../retrieval/embedder.ts';

export interface EmbedderOptions {
  gateway: Gateway;
  library: ModelLibrary;
  jobs: Jobs;
  /** What only the engine knows of a local embedding model; both load it. */
  engine: {
    countTexts(model: InstalledModel, texts: readonly string[]): Promise<number[]>;
    dimensions(model: InstalledModel, signal?: AbortSignal): Promise<number>;
  };
  /** Catalogue id. */
  id?: string;
  now?: () => number;
}

/** multilingual-e5 (Wang et al. 2024) tells questions and passages apart by these words. */
const prefixes = { query: 'query: ', passage: 'passage: ' } as const;
/** Texts of one call: one span in the ledger. */
const BATCH = 64;
/** A model that no source could deliver a moment ago is not asked for again with every document. */
const FAILURE_KEPT_MS = 60_000;

export function createEmbedder(options: EmbedderOptions): Embedder {
  const { gateway, library, jobs, engine, id = 'multilingual-e5-small', now = Date.now } = options;
  const model = `local/${id}`;
  let failure: { error: AtelierError; at: number } | null = null;

  const installed = async () => (await library.installed()).find((candidate) => candidate.id === id);

  async function required(): Promise<InstalledModel> {
    const found = await installed();
    if (found) return found;
    throw new AtelierError('model_not_installed', `The embedding model ${model} is not on this machine.`, {
      data: { model },
    });
  }

  async function fetchModel(
    progress: (progress: TaskProgress) => void,
    signal: AbortSignal,
  ): Promise<InstalledModel> {
    if (failure && now() < failure.at + FAILURE_KEPT_MS) throw failure.error;
    const task = await library.pull({ id });
    const off = jobs.onChange((changed) => {
      if (changed.id === task.id && changed.progress) progress(changed.progress);
    });
    try {
      const ended = await jobs.wait(task.id, signal);
      const here = await installed();
      if (here) return here;
      const { code, message, data } = ended.error ?? {
        code: 'download_failed',
        message: `The download of ${model} was ${ended.status}.`,
        data: {},
      };
      const known = code === 'source_unavailable' || code === 'storage_full' ? code : 'download_failed';
      throw new AtelierError(known, message, { data: { ...data, model }, retryable: true });
    } catch (thrown) {
      signal.throwIfAborted();
      if (isAtelierError(thrown)) failure = { error: thrown, at: now() };
      throw thrown;
    } finally {
      off();
    }
  }

  return {
    model,
    async ready(progress, signal) {
      const here = (await installed()) ?? (await fetchModel(progress, signal));
      failure = null;
      try {
        return { dimensions: await engine.dimensions(here, signal) };
      } catch (thrown) {
        signal.throwIfAborted();
        throw toAtelierError(thrown);
      }
    },
    available: async () => (await installed()) !== undefined,
    async embed(texts, kind, { identity, source, parent, signal }: EmbedContext) {
      const vectors: Float32Array[] = [];
      for (let at = 0; at < texts.length; at += BATCH) {
        const values = texts.slice(at, at + BATCH).map((text) => prefixes[kind] + text);
        const context = {
          identity,
          source,
          ...(parent ? { parent } : {}),
          // A passage is a row of the store already; a question is on the span of its search and short.
          keepInput: kind === 'query',
        };
        const { embeddings } = await gateway.embed(model, values, context, signal);
        for (const embedding of embeddings) vectors.push(unit(embedding));
      }
      return vectors;
    },
    async countTokens(texts) {
      return engine.countTexts(await required(), texts);
    },
  };
}

function unit(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector);
  return Float32Array.from(vector, (x) => (length === 0 ? 0 : x / length));
}
