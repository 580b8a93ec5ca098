// What training hands over when it ends: the trained arena, and files that the engine reads.
import type { Parity, Quantisation, TunedFile, TunedModel } from '../../contracts/tuned-model.ts';
import type { Adaptation, Parameter } from '../../numerics/decoder/decoder.ts';
import type { BaseModel } from '../training/base-model.ts';

export interface Trained {
  base: BaseModel;
  adaptation: Adaptation;
  parameters: readonly Parameter[];
  values: Float32Array;
}

/** Held-out sequences with what the trainer gives each next token: the engine must agree. */
export interface HeldOut {
  sequences: { ids: Int32Array; logProbabilities: Float32Array }[];
  sameIds: boolean;
}

export interface ModelExporter {
  /** LoRA only: a GGUF adapter for the base's own GGUF. Written whole or not at all. */
  writeAdapter(trained: Trained, path: string): Promise<void>;
  /** Base and adapter added, or the whole trained model; quantised tensor by tensor as llama.cpp would. */
  writeMerged(
    trained: Trained,
    path: string,
    quantisation: Quantisation,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Loads the file and compares; perplexity over the same tokens. */
  check(
    file: { path: string; adapter?: string; quantisation: Quantisation },
    heldOut: HeldOut,
  ): Promise<{ parity: Parity; perplexity: number; tokensPerSecond: number }>;
}

/** Makes a further file of a model that was trained before; the one who trained it knows how. */
export interface TunedFileMaker {
  /**
   * Written and checked.
   * @throws AtelierError not_found (what it is made of is gone), storage_full
   */
  make(
    model: TunedModel,
    file: { form: 'merged'; quantisation: Quantisation },
    options: { signal: AbortSignal; onStep: (what: string) => void },
  ): Promise<Omit<TunedFile, 'model'>>;
}

/** Registered models: the row from which the gateway serves local/{name}. */
export interface TunedRegistrar {
  /** Registers the file (and adapter over the base) under local/{id}. @throws AtelierError conflict, model_failed */
  register(model: { id: string; path: string; adapter?: string }): Promise<void>;
  unregister(id: string): Promise<void>;
}

export type { TunedFile };
