// The embedding model as retrieval needs it; app.ts makes one from the gateway and the model library.
import type { Identity } from '../contracts/identity.ts';
import type { TaskProgress } from '../contracts/task.ts';

export interface EmbedContext {
  identity: Identity;
  /** page, api, cli, job */
  source: string;
  /** Continue a trace: the embedding's span hangs below this one. */
  parent?: { traceId: string; spanId: string };
  signal?: AbortSignal;
}

export interface Embedder {
  /** Id of the model that is used for new collections, provider/name; null while none can be had. */
  readonly model: string;
  /**
   * Makes the model ready: fetches it when it is not here yet.
   * @throws AtelierError download_failed, source_unavailable, model_failed
   */
  ready(progress: (progress: TaskProgress) => void, signal: AbortSignal): Promise<{ dimensions: number }>;
  /** Whether a question can be embedded now, without a download. */
  available(): Promise<boolean>;
  /** Unit vectors, in order. Adds the prefix that the model wants for a question or a passage. */
  embed(texts: readonly string[], kind: 'query' | 'passage', context: EmbedContext): Promise<Float32Array[]>;
  /** In the model's own tokens, without the prefix. */
  countTokens(texts: readonly string[]): Promise<number[]>;
}
