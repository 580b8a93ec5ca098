// The folder of fetched models: whole files under their final names, downloads under way in a folder of their own.
// The rule is that a file under its final name was verified before it was renamed, so a file without a row is adopted.
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CatalogueEntry } from '../contracts/catalogue.ts';
import { AtelierError, isAtelierError } from '../contracts/errors.ts';
import { isMissing, readJson, sha256OfFile, syncFolder, writeWhole } from '../lib/disk.ts';
import type { Log } from '../lib/log.ts';
import { type NewLocalModel, readModelFile } from './local-models.ts';
import type { FolderSource } from './sources/folder.ts';
import { modelIdFrom } from './sources/path.ts';
import type { FetchedFile } from './sources/source.ts';

export interface ModelFolder {
  readonly path: string;
  fileOf(id: string): string;
  owns(path: string): boolean;
  /** Where a source keeps what it has so far; marks the download as belonging to the job. */
  workFolder(id: string, source: string, jobId: string): Promise<string>;
  /** Gives a fetched file its final name, durably. @throws AtelierError download_corrupt when it is no whole GGUF */
  install(id: string, fetched: FetchedFile): Promise<Omit<NewLocalModel, 'source' | 'catalogueId'>>;
  /** Whether a download of that model was begun and can be gone on with. */
  hasWork(id: string): Promise<boolean>;
  /** Throws away what a source has so far, or all sources of a model. */
  discard(id: string, source?: string): Promise<void>;
  /** Throws away what belongs to a job. */
  discardJob(jobId: string): Promise<void>;
  /** Throws away what no open job owns and nobody touched for a week. */
  sweep(openJobs: ReadonlySet<string>): Promise<void>;
  /** The file of that name, when it is one that may be registered without being fetched; else null. */
  adopt(id: string, entry: CatalogueEntry | null): Promise<NewLocalModel | null>;
  /** Ids of the files that are there. */
  ids(): Promise<string[]>;
}

const WEEK_MS = 7 * 24 * 3_600_000;

export function createModelFolder(path: string, log: Log): ModelFolder {
  const work = join(path, '.downloads');
  const fileOf = (id: string) => join(path, `${id}.gguf`);
  const remove = (target: string) =>
    rm(target, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  const ownerOf = async (id: string) => {
    const owner = (await readJson(join(work, id, 'owner.json'))) as { job?: string } | null;
    return owner?.job ?? null;
  };

  return {
    path,
    fileOf,
    owns: (file) => dirname(file) === path,
    async workFolder(id, source, jobId) {
      const folder = join(work, id, source);
      await mkdir(folder, { recursive: true });
      await writeWhole(join(work, id, 'owner.json'), JSON.stringify({ job: jobId }));
      return folder;
    },
    async install(id, { path: fetched, sha256 }) {
      const { sizeBytes, header } = await readModelFile(fetched).catch((error) => {
        if (!isAtelierError(error) || error.code !== 'model_failed') throw error;
        throw new AtelierError('download_corrupt', `What was fetched is no usable model: ${error.message}`, {
          data: error.data,
          cause: error,
        });
      });
      await rename(fetched, fileOf(id));
      await syncFolder(path);
      return { id, path: fileOf(id), sizeBytes, sha256, header };
    },
    hasWork: async (id) => (await names(join(work, id))).length > 0,
    async discard(id, source) {
      await remove(source === undefined ? join(work, id) : join(work, id, source));
    },
    async discardJob(jobId) {
      for (const id of await names(work)) if ((await ownerOf(id)) === jobId) await remove(join(work, id));
    },
    async sweep(openJobs) {
      for (const id of await names(work)) {
        const owner = await ownerOf(id);
        if (owner !== null && openJobs.has(owner)) continue;
        if ((await stat(join(work, id))).mtimeMs < Date.now() - WEEK_MS) await remove(join(work, id));
      }
    },
    async adopt(id, entry) {
      const file = fileOf(id);
      try {
        const { sizeBytes, header } = await readModelFile(file);
        const sha256 = await sha256OfFile(file);
        const common = { id, path: file, sizeBytes, sha256, header };
        const source = entry?.sources.find((candidate) => candidate.sha256 === sha256);
        if (entry && source) return { ...common, source: sourceName(source), catalogueId: entry.id };
        // A converted file and one that only the hub knows have no pinned hash.
        const unpinned = entry?.sources.find(
          (candidate) =>
            candidate.sha256 === null || (candidate.type === 'wheel' && candidate.convert !== 'none'),
        );
        if (entry && unpinned && (entry.sizeBytes === null || entry.sizeBytes === sizeBytes)) {
          return { ...common, source: sourceName(unpinned), catalogueId: entry.id };
        }
        return { ...common, source: `path:${file}`, catalogueId: null };
      } catch (error) {
        if (isAtelierError(error) && error.code === 'not_found') return null;
        if (!isAtelierError(error) || error.code !== 'model_failed') throw error;
        log.warn('a file in the models folder is no usable model', { file, reason: error.message });
        return null;
      }
    },
    async ids() {
      const files = await names(path);
      return files
        .filter((name) => name.endsWith('.gguf') && modelIdFrom(name) === name.slice(0, -5))
        .map((name) => name.slice(0, -5));
    },
  };
}

/** As it stands in a row, in the ledger of attempts and in messages. */
export function sourceName(source: CatalogueEntry['sources'][number] | FolderSource): string {
  if (source.type === 'folder') return `folder:${source.path}`;
  return source.type === 'hub' ? `hub:${source.repo}/${source.file}` : `wheel:${source.packages[0]}`;
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
