// The models that a caller is shown: those that their key may ask, apps and agents that it may run. To a limited key any
// other model is one that is not there, so that neither a list nor a look tells it what else this program has.
import { AtelierError, isAtelierError } from '../contracts/errors.ts';
import { type Identity, mayAsk, mayRun } from '../contracts/identity.ts';
import { isServed, type ModelInfo } from '../contracts/model.ts';
import { appOfModel } from '../models/check-scope.ts';
import type { ModelRegistry } from '../models/registry.ts';

type Models = Pick<ModelRegistry, 'list' | 'resolve'>;

const isLimited = ({ models, apps }: Identity): boolean => models != null || apps != null;

/** `asked` is the name that was used: the id, or an alias. */
export const mayUse = (who: Identity, id: string, asked: string = id): boolean =>
  isServed({ provider: id.split('/', 1)[0] ?? '' }) ? mayRun(who, appOfModel(id)) : mayAsk(who, asked, id);

/** As the registry lists them. An alias that the key is for, while not for its model, is listed under its own name. */
export async function askableModels(registry: Models, who: Identity): Promise<ModelInfo[]> {
  const models = await registry.list();
  if (!isLimited(who)) return models;
  const shown = models.filter((info) => mayUse(who, info.id));
  for (const name of who.models ?? []) {
    if (name.includes('/')) continue;
    const info = await resolved(registry, name);
    if (info !== null && mayUse(who, info.id, name) && !shown.some(({ id }) => id === info.id))
      shown.push({ ...info, id: name });
  }
  return shown;
}

/** @throws AtelierError model_not_found, and what the registry throws */
export async function askableModel(registry: Models, who: Identity, asked: string): Promise<ModelInfo> {
  if (!isLimited(who)) return (await registry.resolve(asked)).info;
  const info = await resolved(registry, asked);
  if (info !== null && mayUse(who, info.id, asked)) return info;
  const known = (await askableModels(registry, who)).map(({ id }) => id);
  throw new AtelierError(
    'model_not_found',
    `There is no model ${JSON.stringify(asked)} for this key. It may ask: ${known.join(', ') || 'none'}.`,
    { data: { asked, known } },
  );
}

/** Null also while it is still being fetched, which would say that it is there. */
async function resolved(registry: Models, name: string): Promise<ModelInfo | null> {
  try {
    return (await registry.resolve(name)).info;
  } catch (error) {
    if (isAtelierError(error) && absent.has(error.code)) return null;
    throw error;
  }
}

const absent: ReadonlySet<string> = new Set(['model_not_found', 'model_not_installed', 'model_loading']);
