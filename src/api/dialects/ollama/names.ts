// Names of models as Ollama's clients write them: `name`, `name:latest`, or an id or alias of ours.
import { isAtelierError } from '../../../contracts/errors.ts';
import type { ModelRegistry } from '../../../models/registry.ts';

const withoutLatest = (name: string): string => name.replace(/:latest$/, '');

function candidates(asked: string): string[] {
  const plain = withoutLatest(asked);
  const local = asked.includes('/') ? [] : [`local/${asked}`, `local/${plain}`];
  return [...new Set([asked, plain, ...local])];
}

/** The name of the catalogue or the library, without what stands round it. */
export const libraryName = (asked: string): string => withoutLatest(asked).replace(/^local\//, '');

/**
 * The first reading of the name that stands for a model. One that stands for a model which cannot answer yet is returned
 * too, and so is a name that stands for nothing: the call itself says what is wrong with it.
 */
export async function findName(registry: Pick<ModelRegistry, 'resolve'>, asked: string): Promise<string> {
  for (const name of candidates(asked)) {
    try {
      await registry.resolve(name);
      return name;
    } catch (error) {
      if (!isAtelierError(error) || error.code !== 'model_not_found') return name;
    }
  }
  return withoutLatest(asked);
}
