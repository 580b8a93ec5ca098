// What a source of model files is: it brings one file into a folder of its own, and can go on where it stopped.
import { AtelierError } from '../../contracts/errors.ts';
import type { TaskProgress } from '../../contracts/task.ts';

export interface FetchContext {
  /** Belongs to this source and this model alone; what lies in it survives a crash and is the ground for going on. */
  folder: string;
  signal: AbortSignal;
  progress(progress: TaskProgress): void;
}

/** A whole, verified file, still inside the context's folder. */
export interface FetchedFile {
  path: string;
  sizeBytes: number;
  sha256: string;
}

/** What a fetched file must be, as far as it is known beforehand. */
export interface ExpectedFile {
  sizeBytes: number | null;
  sha256: string | null;
}

export interface Source<Settings> {
  /**
   * @throws AtelierError source_unavailable (this machine cannot use it), download_failed, download_corrupt,
   * storage_full, not_found, cancelled
   */
  fetch(settings: Settings, context: FetchContext): Promise<FetchedFile>;
}

export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AtelierError('cancelled', 'The download was stopped.', {
      data: { reason: String(signal.reason) },
    });
}

/** Waits, and wakes up at once when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  throwIfStopped(signal);
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
  throwIfStopped(signal);
}
