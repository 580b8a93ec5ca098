// The dataset that a recipe names: one that is there, in its newest version, or a file beside the recipe.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatasetKind } from '../../contracts/dataset.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { ApiClient } from './api-client.ts';
import { addFile, findDataset, freeze } from './find-dataset.ts';
import { isClassifier, type Recipe } from './recipe.ts';

const kindOf = (recipe: Recipe): DatasetKind =>
  isClassifier(recipe) ? 'labels' : recipe.method === 'dpo' ? 'preference' : 'chat';

export async function datasetOfRecipe(
  client: ApiClient,
  recipeFile: string,
  recipe: Recipe,
  skipFaults: boolean,
): Promise<{ id: string; version: number }> {
  const file = resolve(dirname(recipeFile), recipe.dataset);
  if (existsSync(file)) {
    const order = { file, name: recipe.name, kind: kindOf(recipe), skipFaults };
    const { dataset, report } = await addFile(client, order);
    const [newest] = dataset.versions;
    // The file that made the newest version makes no other.
    if (newest && report.added === 0) return { id: dataset.id, version: newest.version };
    const { version } = await freeze(client, dataset.id, `Of ${recipe.dataset}`);
    return { id: dataset.id, version };
  }
  const dataset = await findDataset(client, recipe.dataset);
  const [newest] = dataset.versions;
  if (newest) return { id: dataset.id, version: newest.version };
  throw new AtelierError(
    'invalid_request',
    `The dataset ${dataset.name} has no version yet. Review it, then: atelier datasets freeze ${dataset.name}`,
    { data: { dataset: dataset.id } },
  );
}
