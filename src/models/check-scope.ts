// What a key's scope lets it ask. An app that the key may run asks whatever it needs.
import { AtelierError } from '../contracts/errors.ts';
import { type Identity, mayAsk, mayRun } from '../contracts/identity.ts';
import { isServed } from '../contracts/model.ts';
import type { CallContext, ModelPlan } from './model-call.ts';
import type { ModelRegistry } from './registry.ts';

/** The name of a served model as scopes and budgets spell it: `writer`, `agents/assistant`. */
export const appOfModel = (id: string): string => id.replace(/^apps\//, '');

/** `app` as scopes spell it. @throws AtelierError forbidden */
export function checkMayRun(identity: Identity, app: string): void {
  if (mayRun(identity, app)) return;
  throw new AtelierError('forbidden', `This key may not run ${app}. Ask an admin for a key that may.`, {
    data: { app, apps: identity.apps },
  });
}

/** @throws AtelierError forbidden */
export function checkScope(
  { identity, app }: CallContext,
  { asked, candidates }: Pick<ModelPlan, 'asked' | 'candidates'>,
): void {
  if (identity.models == null && identity.apps == null) return;
  if (app !== undefined && mayRun(identity, app)) return;
  for (const { info } of candidates) {
    if (isServed(info)) {
      checkMayRun(identity, appOfModel(info.id));
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
 * @throws AtelierError forbidden, and what the registry throws
 */
export async function checkChosen(
  registry: Pick<ModelRegistry, 'plan'>,
  identity: Identity,
  chosen: string | undefined,
): Promise<void> {
  if (identity.models == null || chosen === undefined || chosen === 'default') return;
  checkScope({ identity, source: 'api' }, await registry.plan(chosen));
}
