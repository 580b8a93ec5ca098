// What a key's scope lets it ask. An app that the key may run asks whatever it needs.
import { AtelierError } from '../contracts/errors.ts';
import { type Identity, mayAsk, mayRun } from '../contracts/identity.ts';
import { isServed } from '../contracts/model.ts';
import type { CallContext, ModelPlan } from './model-call.ts';
import type { ModelRegistry } from './registry.ts';

/** The name of a served model as scopes and budgets spell it: `writer`, `agents/assistant`. */
export const appOfModel = (id: string): string => id.replace(/^apps\//, '');

export const isLimited = ({ models, apps }: Identity): boolean => models != null || apps != null;

/** Whether a key's scope has a model, an app or an agent. `asked` is the name that was used: the id, or an alias. */
export const mayUse = (who: Identity, id: string, asked: string = id): boolean =>
  isServed({ provider: id.split('/', 1)[0] ?? '' }) ? mayRun(who, appOfModel(id)) : mayAsk(who, asked, id);

/** To a limited key: what it may not use and what is not there are told in the same words, and of its own limits alone. */
export function noModelFor(who: Identity, asked: string): AtelierError {
  const { models, apps } = who;
  const known = [
    ...(models ?? ['every model']),
    ...(apps?.map((app) => (app.includes('/') ? app : `apps/${app}`)) ?? ['every app and agent']),
  ];
  const name = JSON.stringify(asked);
  return new AtelierError(
    'model_not_found',
    mayUse(who, asked)
      ? `There is no model ${name} now. This key may ask it when it is there.`
      : `There is no model ${name} for this key. It may ask: ${known.join(', ') || 'none'}.`,
    { data: { asked, known } },
  );
}

/** `app` as scopes spell it. @throws AtelierError forbidden */
export function checkMayRun(identity: Identity, app: string): void {
  if (mayRun(identity, app)) return;
  throw new AtelierError('forbidden', `This key may not run ${app}. Ask an admin for a key that may.`, {
    data: { app, apps: identity.apps },
  });
}

/** @throws AtelierError forbidden for a model, model_not_found for an app or an agent */
export function checkScope(
  { identity, app }: CallContext,
  { asked, candidates }: Pick<ModelPlan, 'asked' | 'candidates'>,
): void {
  if (!isLimited(identity)) return;
  if (app !== undefined && mayRun(identity, app)) return;
  for (const { info } of candidates) {
    if (isServed(info)) {
      if (!mayRun(identity, appOfModel(info.id))) throw noModelFor(identity, asked);
    } else if (!mayAsk(identity, asked, info.id)) {
      throw new AtelierError(
        'forbidden',
        `This key may not ask ${info.id}; it may ask ${identity.models?.join(', ') || 'no model'}.`,
        { data: { model: info.id, models: identity.models } },
      );
    }
  }
}

/**
 * A model that a caller chose for an app or agent, in place of its own: what the key may not ask, it may not ask by way of
 * an app either.
 * @throws AtelierError as `checkScope`, and what the registry throws
 */
export async function checkChosen(
  registry: Pick<ModelRegistry, 'plan'>,
  identity: Identity,
  chosen: string | undefined,
): Promise<void> {
  if (identity.models == null || chosen === undefined || chosen === 'default') return;
  checkScope({ identity, source: 'api' }, await registry.plan(chosen));
}
