// Who changed what: rows that nobody changes any more. Callers say what they did in a few plain values, never a secret.
import type { Compilable } from 'kysely';
import type { AuditEntry } from '../contracts/access.ts';
import type { Identity } from '../contracts/identity.ts';
import { newId } from '../lib/ids.ts';
import type { Store } from '../store/store.ts';

export type AuditData = Record<string, string | number | boolean | null | readonly string[]>;

export interface AuditQuery {
  limit: number;
  /** The id of the last entry of the page before. */
  before?: string | undefined;
  userId?: string | undefined;
  action?: string | undefined;
}

export interface Audit {
  /** @param action noun and verb, such as `provider.create` */
  record(who: Identity, action: string, target: string, data?: AuditData): Promise<void>;
  /** The same as a statement, for a batch that also makes the change. */
  statement(who: Identity, action: string, target: string, data?: AuditData): Compilable;
  /** Newest first. */
  list(query: AuditQuery): Promise<AuditEntry[]>;
}

export function createAudit(store: Store, now: () => number): Audit {
  const { db } = store;
  const statement: Audit['statement'] = (who, action, target, data = {}) =>
    db.insertInto('audit').values({
      id: newId('audit', now()),
      at: now(),
      user_id: who.userId,
      action,
      target,
      data: JSON.stringify(who.keyId === undefined ? data : { ...data, keyId: who.keyId }),
    });
  return {
    statement,
    async record(who, action, target, data) {
      await store.write([statement(who, action, target, data)]);
    },
    async list({ limit, before, userId, action }) {
      let query = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      if (userId !== undefined) query = query.where('user_id', '=', userId);
      if (action !== undefined) query = query.where('action', '=', action);
      return (await query.execute()).map((row) => ({
        id: row.id,
        at: row.at,
        userId: row.user_id,
        action: row.action,
        target: row.target,
        data: JSON.parse(row.data) as Record<string, unknown>,
      }));
    },
  };
}
