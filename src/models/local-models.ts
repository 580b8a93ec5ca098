// The rows of models on this machine, and what the header of a model's file says.
import { AtelierError } from '../contracts/errors.ts';
import { isMissing } from '../lib/disk.ts';
import { GgufError, type GgufHeader, readGgufHeader } from '../lib/gguf.ts';
import { type GgufFacts, ggufFacts } from '../lib/gguf-facts.ts';
import type { Store } from '../store/store.ts';
import type { InstalledModel } from './library.ts';

/** What is kept of the header: everything but the template's text, which the engine reads from the file. */
type KeptHeader = Omit<GgufFacts, 'chatTemplate'> & { chatTemplate: boolean };

export interface ModelFile {
  sizeBytes: number;
  header: KeptHeader;
}

export interface LocalModels {
  list(): Promise<InstalledModel[]>;
  put(model: NewLocalModel): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface NewLocalModel extends ModelFile {
  id: string;
  path: string;
  /** Default: none. */
  adapter?: string | null;
  sha256: string | null;
  source: string;
  catalogueId: string | null;
}

/** @throws AtelierError not_found, model_failed (no GGUF, or cut short: data holds both sizes), storage_failed */
export async function readModelFile(path: string): Promise<ModelFile> {
  const header = await readHeader(path);
  const { chatTemplate, ...facts } = ggufFacts(header);
  return { sizeBytes: header.fileBytes, header: { ...facts, chatTemplate: chatTemplate !== null } };
}

async function readHeader(path: string): Promise<GgufHeader> {
  try {
    return await readGgufHeader(path);
  } catch (error) {
    if (error instanceof GgufError) {
      throw new AtelierError('model_failed', error.message, {
        data: { ...error.data, fault: error.fault },
        cause: error,
      });
    }
    if (isMissing(error))
      throw new AtelierError('not_found', `There is no file ${path}.`, {
        data: { path, reason: 'model_file' },
      });
    const why = error instanceof Error ? error.message : String(error);
    throw new AtelierError('storage_failed', `${path} could not be read: ${why}.`, {
      data: { path },
      cause: error,
    });
  }
}

/** @throws as `readModelFile`, and model_failed when it is no LoRA adapter for a model of that architecture */
export async function checkAdapter(path: string, architecture: string): Promise<void> {
  const { metadata } = await readHeader(path);
  const text = (key: string) => String(metadata.get(key) ?? 'nothing');
  const found = {
    type: text('general.type'),
    kind: text('adapter.type'),
    architecture: text('general.architecture'),
  };
  if (found.type === 'adapter' && found.kind === 'lora' && found.architecture === architecture) return;
  throw new AtelierError(
    'model_failed',
    `${path} is no LoRA adapter for a ${architecture} model: it states the type ${found.type}, the kind ${found.kind} and the architecture ${found.architecture}.`,
    { data: { path, expected: architecture, ...found } },
  );
}

export function createLocalModels(store: Store, now: () => number = Date.now): LocalModels {
  return {
    async list() {
      const rows = await store.db
        .selectFrom('local_models')
        .selectAll()
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map((row) => {
        const header = JSON.parse(row.header) as KeptHeader;
        return {
          id: row.id,
          path: row.path,
          adapter: row.adapter,
          sizeBytes: row.size_bytes,
          sha256: row.sha256,
          source: row.source,
          catalogueId: row.catalogue_id,
          kind: header.kind,
          architecture: header.architecture,
          contextLength: header.contextLength,
          parameters: header.parameters,
          quantization: header.quantization,
          createdAt: row.created_at,
        };
      });
    },
    async put({ id, path, adapter = null, sizeBytes, sha256, source, catalogueId, header }) {
      const values = {
        path,
        adapter,
        size_bytes: sizeBytes,
        sha256,
        source,
        catalogue_id: catalogueId,
        header: JSON.stringify(header),
      };
      await store.db
        .insertInto('local_models')
        .values({ id, ...values, created_at: now() })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    },
    async remove(id) {
      await store.db.deleteFrom('local_models').where('id', '=', id).execute();
    },
  };
}
