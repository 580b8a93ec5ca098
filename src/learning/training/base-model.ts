// A model that can be trained: its shapes, its weights as f32, and the file that the engine serves.
import type { DecoderConfig } from '../../numerics/decoder/decoder.ts';

/** What is known before anything heavy is done; read from the header of the GGUF. */
export interface BaseFacts {
  /** local/{name} */
  model: string;
  displayName: string;
  /** The GGUF that is served, with the tokenizer and the template. */
  path: string;
  parameters: number;
  quantisation: string;
  /** null: it cannot be trained; `reason` says why. */
  config: DecoderConfig | null;
  reason: string | null;
  /** Of the f32 weights that training reads. */
  weightBytes: number;
}

export interface BaseModel extends BaseFacts {
  config: DecoderConfig;
  reason: null;
  /** Safetensors with Hugging Face's names and row order, f32. Kept for the next run. */
  weights: string;
}

export interface BaseModels {
  list(): Promise<BaseFacts[]>;
  /** By id or alias. @throws AtelierError model_not_found, invalid_request (remote, scripted) */
  describe(model: string): Promise<BaseFacts>;
  /** Whether its f32 weights lie there, so that a run needs no room for them. @throws as `describe` */
  isPrepared(model: string): Promise<boolean>;
  /**
   * Dequantises once, with progress from 0 to 1; the next call finds the file.
   * @throws AtelierError invalid_request (wrong architecture), storage_full (both numbers)
   */
  prepare(
    model: string,
    options?: { signal?: AbortSignal; onProgress?: (done: number) => void },
  ): Promise<BaseModel>;
  /** The room that its f32 weights take on the disk; 0: they are made when they are needed. @throws as `describe` */
  keptBytes(model: string): Promise<number>;
  /** Takes them away. @returns the bytes that are free now. @throws as `describe`, conflict while a run reads them */
  free(model: string): Promise<number>;
  /** Takes away weights of models that are no longer here, unless a run reads any. */
  sweep(): Promise<void>;
}
