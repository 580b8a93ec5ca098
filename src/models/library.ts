// The library's contract: models on this machine, the catalogue, downloads, and how the first one comes to be.
import type { CatalogueListing, Discovery, FirstRun, PullInput } from '../contracts/catalogue.ts';
import type { Task } from '../contracts/task.ts';

export interface InstalledModel {
  /** The name after `local/`. */
  id: string;
  path: string;
  /** A LoRA adapter (GGUF) that is laid over the model at `path`. */
  adapter: string | null;
  sizeBytes: number;
  sha256: string | null;
  /** hub:repo/file, wheel:package, path:/..., folder:/..., tuned:/..., as recorded at installation. */
  source: string;
  catalogueId: string | null;
  kind: 'chat' | 'embedding';
  architecture: string;
  contextLength: number;
  parameters: number | null;
  quantization: string | null;
  createdAt: number;
}

export interface ModelLibrary {
  installed(): Promise<InstalledModel[]>;
  catalogue(): Promise<CatalogueListing[]>;
  /**
   * Starts (or joins) a download job; `auto` picks what fits. A file is registered at once, and its task is complete; a
   * folder of Hugging Face's is converted by the job.
   * @throws AtelierError not_found (no such id or path), invalid_model_file (data says what is wrong with it),
   * storage_full; too little memory is only a warning in the task's result
   */
  pull(input: PullInput): Promise<Task>;
  /**
   * Removes the file when Atelier fetched it, and only the row when it belongs to somebody else.
   * @throws AtelierError not_found, conflict while tuned adapters are laid over it (data.adapters names them)
   */
  remove(id: string): Promise<void>;
  /**
   * A tuned model under local/{id}: a file of its own, or an adapter over the file of another. The files stay whose
   * they are; the same registration twice is one.
   * @throws AtelierError conflict (the id means something else), not_found, model_failed (the adapter does not fit)
   */
  register(model: { id: string; path: string; adapter?: string }): Promise<void>;
  /** Takes a registered model's row away; nothing happens where there is none. */
  unregister(id: string): Promise<void>;
  discover(signal?: AbortSignal): Promise<Discovery>;
  /** Sees to it that some model can answer: nothing when one is installed or an endpoint is configured, else `auto`. */
  ensureFirstModel(): Promise<void>;
  firstRun(): FirstRun;
  onChange(listener: () => void): () => void;
}
