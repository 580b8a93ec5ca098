// The models that a caller is shown: those that their key may ask, apps and agents that it may run. To a limited key any
// other model is one that is not there, so that neither a list nor a look tells it what else this program has.
import { type AtelierError, isAtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { ModelInfo } from '../contracts/model.ts';
import { isLimited, mayUse, noModelFor } from '../models/check-scope.ts';
import type { ModelRegistry } from '../models/registry.ts';

type Models = Pick<ModelRegistry, 'list' | 'resolve'>;

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
  throw noModelFor(who, asked);
}

/** The registry names what is like a model that is not there: to a limited key only what it may ask anyway. */
export function toldTo(who: Identity | undefined, error: AtelierError): AtelierError {
  const { asked, exist } = error.data;
  if (who === undefined || !isLimited(who) || error.code !== 'model_not_found') return error;
  return typeof asked === 'string' && Array.isArray(exist) ? noModelFor(who, asked) : error;
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
