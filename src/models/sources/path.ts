// A file or folder that the person named: found, never moved.
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import { isMissing } from '../../lib/disk.ts';
import { snapshotOf } from './hugging-face/open-folder.ts';

export type FoundModel = { file: string } | { folder: string };

/**
 * The GGUF file behind a path, of a folder the only one in it; or a folder that holds a model as Hugging Face lays it
 * out. @throws AtelierError not_found, invalid_request
 */
export async function findModel(named: string): Promise<FoundModel> {
  const path = resolve(named);
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new AtelierError(
      'not_found',
      `There is nothing at ${path}. Name a .gguf file, or a folder that holds one.`,
      { data: { path, reason: 'model_file' } },
    );
  }
  if (!found.isDirectory()) return { file: path };
  const names = (await readdir(path)).filter(isModelName).sort();
  const [only, second] = names;
  if (only === undefined) {
    for (const folder of [path, await snapshotOf(path)])
      if (await exists(join(folder, 'config.json'))) return { folder };
    throw new AtelierError(
      'not_found',
      `There is no .gguf file in ${path}, and no config.json with the model.safetensors of a Hugging Face model.`,
      { data: { path, reason: 'model_file' } },
    );
  }
  if (second !== undefined) {
    throw new AtelierError(
      'invalid_request',
      `${path} holds ${names.length} models: ${names.join(', ')}. Name one of them.`,
      {
        data: { path, files: names },
      },
    );
  }
  return { file: join(path, only) };
}

/** The folder behind a path, links followed; null where there is none that holds a model. */
export async function folderOf(named: string): Promise<string | null> {
  try {
    const found = await findModel(named);
    return 'folder' in found ? await realpath(found.folder) : null;
  } catch {
    // Whoever asks for it is told why.
    return null;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** A model by its file name: no image projector, and of one that is split only the first part. */
export function isModelName(name: string): boolean {
  const part = /-(\d{5})-of-\d{5}\.gguf$/i.exec(name);
  return /\.gguf$/i.test(name) && !/^mmproj/i.test(name) && (part === null || Number(part[1]) === 1);
}

/** `Mistral 7B (Q4).gguf` -> `mistral-7b-q4`, the part of a model id after `local/`. */
export function modelIdFrom(name: string): string {
  const id = basename(name)
    .replace(/\.gguf$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return id === '' ? 'model' : id;
}
