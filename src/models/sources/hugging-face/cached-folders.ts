// The models in the hub's cache that may be taken as folders: of each repository the version that was fetched last, if
// its decoder is one that is known here and nothing is missing. It only looks; whether one can be taken is found out when
// it is asked for.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, nameOfFolder, snapshotOf } from './open-folder.ts';
import { architectures } from './read-config.ts';

export interface CachedFolder {
  path: string;
  name: string;
  /** Of the weights. */
  sizeBytes: number;
  architecture: string;
}

const MOST_FOLDERS = 200;
const LARGEST_CONFIG = 1 << 20;

export async function cachedFolders(cache: string): Promise<CachedFolder[]> {
  const repositories = (await readdir(cache).catch(() => [])).filter((name) => name.startsWith('models--'));
  const found: CachedFolder[] = [];
  for (const repository of repositories.slice(0, MOST_FOLDERS)) {
    // Another program's folder may be closed to us or half there; then it is not offered.
    const folder = await look(join(cache, repository)).catch(() => null);
    if (folder !== null) found.push(folder);
  }
  return found;
}

async function look(repository: string): Promise<CachedFolder | null> {
  const path = await snapshotOf(repository);
  if (path === repository) return null;
  const names = await readdir(path);
  if (names.some((name) => name.endsWith('.gguf')) || !names.includes('tokenizer.json')) return null;
  const config = join(path, 'config.json');
  if ((await stat(config)).size > LARGEST_CONFIG) return null;
  const content: unknown = JSON.parse(await readFile(config, 'utf8'));
  const [name] = isObject(content) && Array.isArray(content.architectures) ? content.architectures : [];
  const architecture = architectures[String(name)];
  const weights = names.filter((file) => file.endsWith('.safetensors'));
  if (architecture === undefined || weights.length === 0) return null;
  const sizes = await Promise.all(weights.map(async (file) => (await stat(join(path, file))).size));
  return { path, name: nameOfFolder(path), sizeBytes: sizes.reduce((a, b) => a + b, 0), architecture };
}
