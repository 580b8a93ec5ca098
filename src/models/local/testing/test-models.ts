// Finds the real models of the tests in ATELIER_TEST_MODELS: a data folder of Atelier, or a folder of GGUF files.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InstalledModel } from '../../library.ts';

/** Path of a catalogue model, by its id or the name of its file; null where the folder does not hold it. */
export function testModelPath(id: string, file: string): string | null {
  const folder = process.env.ATELIER_TEST_MODELS;
  if (folder === undefined || folder === '') return null;
  const paths = [join(folder, 'models', `${id}.gguf`), join(folder, `${id}.gguf`), join(folder, file)];
  return paths.find((path) => existsSync(path)) ?? null;
}

export function installedModel(
  path: string,
  id: string,
  kind: 'chat' | 'embedding' = 'chat',
): InstalledModel {
  return {
    id,
    path,
    adapter: null,
    sizeBytes: 0,
    sha256: null,
    source: `path:${path}`,
    catalogueId: null,
    kind,
    architecture: 'llama',
    contextLength: 0,
    parameters: null,
    quantization: null,
    createdAt: 0,
  };
}
