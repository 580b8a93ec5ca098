// An app that is named by whoever wants to look at it or run it. To a limited key one outside its limits is one that is
// not there, in the same words, and those that it is told of instead are its own.
import { AtelierError } from '../contracts/errors.ts';
import { type Identity, mayRun } from '../contracts/identity.ts';
import type { Apps } from './apps.ts';

export const noApp = (asked: string, known: readonly string[]) =>
  new AtelierError('not_found', `There is no app ${asked}. There are ${known.join(', ') || 'none'}.`, {
    data: { asked, apps: known },
  });

/** @throws AtelierError not_found */
export function checkAppIsThere(apps: Pick<Apps, 'list'>, who: Identity, asked: string): void {
  const known = apps.list().flatMap(({ name }) => (mayRun(who, name) ? [name] : []));
  if (!known.includes(asked)) throw noApp(asked, known);
}
