// API keys: made once, shown once, kept as hashes. Who shows one is known from memory in the common case.
import type { ApiKey, ApiKeyInput } from '../contracts/access.ts';
import { AtelierError } from '../contracts/errors.ts';
import type { Identity, Role } from '../contracts/identity.ts';
import { newId } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';
import type { AccessState } from './access-state.ts';
import type { Audit } from './audit.ts';
import { createCallerCache } from './caller-cache.ts';
import { createLastSeen } from './last-seen.ts';
import type { People } from './people.ts';
import { hashOf, isApiKey, newApiKey } from './secrets.ts';

export interface ApiKeys {
  /** Newest first; null: everybody's. */
  list(userId: string | null): Promise<ApiKey[]>;
  /**
   * For oneself, or, as an admin, for somebody else.
   * @throws AtelierError forbidden, not_found (no such person), invalid_request (it would have expired already)
   */
  create(who: Identity, input: ApiKeyInput): Promise<{ key: ApiKey; secret: string }>;
  /** At once here; on other nodes of the same store within 2 s. @throws AtelierError not_found */
  revoke(who: Identity, id: string): Promise<ApiKey>;
  /**
   * Whose key it is, or null when it is none of ours.
   * @throws AtelierError unauthorized when it was revoked, has expired or belongs to somebody who may not sign in
   */
  callerOf(secret: string): Identity | null | Promise<Identity | null>;
  /** Waits for what is still being noted. */
  close(): Promise<void>;
}

export interface ApiKeysOptions {
  store: Store;
  state: AccessState;
  audit: Audit;
  people: Pick<People, 'get'>;
  log: Log;
  now: () => number;
}

type KeyRow = {
  id: string;
  user_id: string;
  name: string;
  prefix: string;
  models: string | null;
  apps: string | null;
  expires_at: number | null;
  revoked_at: number | null;
  created_at: number;
  last_used_at: number | null;
};

interface KnownKey {
  identity: Identity;
  name: string;
  expiresAt: number | null;
  revokedAt: number | null;
  /** The person was disabled or removed. */
  closed: boolean;
}

const NOTE_EVERY_MS = 60_000;
const listOf = (text: string | null) => (text === null ? null : (JSON.parse(text) as string[]));

const toApiKey = (row: KeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  userId: row.user_id,
  prefix: row.prefix,
  models: listOf(row.models),
  apps: listOf(row.apps),
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
});

/** A key for some models must not be able to make one for all: whatever its person may, it calls and no more. */
const roleOf = (role: Role, limited: boolean): Role => (limited && role !== 'auditor' ? 'member' : role);

export function createApiKeys({ store, state, audit, people, log, now }: ApiKeysOptions): ApiKeys {
  const { db } = store;
  const known = createCallerCache<KnownKey>(state);
  const lastUsed = createLastSeen({
    everyMs: NOTE_EVERY_MS,
    now,
    log,
    write: (id, at) =>
      store.write([db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id)]),
  });

  async function load(hash: string): Promise<KnownKey | null> {
    const row = await db
      .selectFrom('api_keys')
      .innerJoin('users', 'users.id', 'api_keys.user_id')
      .select(['api_keys.id', 'api_keys.user_id', 'api_keys.name', 'api_keys.models', 'api_keys.apps'])
      .select(['api_keys.expires_at', 'api_keys.revoked_at'])
      .select(['users.role', 'users.disabled_at', 'users.removed_at'])
      .where('api_keys.hash', '=', hash)
      .executeTakeFirst();
    if (row === undefined) return null;
    const models = listOf(row.models);
    const apps = listOf(row.apps);
    return {
      identity: {
        userId: row.user_id,
        role: roleOf(row.role as Role, models !== null || apps !== null),
        keyId: row.id,
        models,
        apps,
      },
      name: row.name,
      expiresAt: row.expires_at,
      revokedAt: row.revoked_at,
      closed: row.disabled_at !== null || row.removed_at !== null,
    };
  }

  function admit(key: KnownKey | null): Identity | null {
    if (key === null) return null;
    const refuse = (why: string) =>
      new AtelierError('unauthorized', `The key "${key.name}" ${why}.`, {
        data: { keyId: key.identity.keyId },
      });
    if (key.revokedAt !== null) throw refuse('was revoked. Ask for another one');
    if (key.expiresAt !== null && key.expiresAt <= now())
      throw refuse(`expired on ${new Date(key.expiresAt).toISOString()}. Ask for another one`);
    if (key.closed) throw refuse('belongs to somebody whose account is closed. Ask an admin');
    lastUsed.note(key.identity.keyId ?? '');
    return key.identity;
  }

  async function own(who: Identity, id: string): Promise<KeyRow> {
    let query = db.selectFrom('api_keys').selectAll().where('id', '=', id);
    if (who.role !== 'admin') query = query.where('user_id', '=', who.userId);
    const row = await query.executeTakeFirst();
    if (row !== undefined) return row;
    throw new AtelierError('not_found', `There is no key ${id}.`, { data: { id } });
  }

  return {
    async list(userId) {
      let query = db.selectFrom('api_keys').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc');
      if (userId !== null) query = query.where('user_id', '=', userId);
      return (await query.execute()).map(toApiKey);
    },
    async create(who, { name, userId = who.userId, models, apps, expiresAt }) {
      if (userId !== who.userId && who.role !== 'admin')
        throw new AtelierError('forbidden', 'Only an admin may make keys for somebody else.');
      if (expiresAt !== null && expiresAt <= now())
        throw new AtelierError(
          'invalid_request',
          `The key would have expired on ${new Date(expiresAt).toISOString()}: choose a time to come, or null for never.`,
          { data: { param: 'expiresAt' } },
        );
      await people.get(userId);
      const { secret, prefix } = newApiKey();
      const row: KeyRow = {
        id: newId('key', now()),
        user_id: userId,
        name,
        prefix,
        models: models === null ? null : JSON.stringify(models),
        apps: apps === null ? null : JSON.stringify(apps),
        expires_at: expiresAt,
        revoked_at: null,
        created_at: now(),
        last_used_at: null,
      };
      await state.change([
        db.insertInto('api_keys').values({ ...row, hash: hashOf(secret), created_by: who.userId }),
        audit.statement(who, 'key.create', row.id, { name, prefix, userId, models, apps, expiresAt }),
      ]);
      return { key: toApiKey(row), secret };
    },
    async revoke(who, id) {
      const row = await own(who, id);
      if (row.revoked_at !== null) return toApiKey(row);
      const revokedAt = now();
      await state.change([
        db.updateTable('api_keys').set({ revoked_at: revokedAt }).where('id', '=', id),
        audit.statement(who, 'key.revoke', id, { name: row.name, prefix: row.prefix, userId: row.user_id }),
      ]);
      return toApiKey({ ...row, revoked_at: revokedAt });
    },
    callerOf(secret) {
      if (!isApiKey(secret)) return null;
      const hash = hashOf(secret);
      const found = known.get(hash, () => load(hash));
      return found instanceof Promise ? found.then(admit) : admit(found);
    },
    close: lastUsed.close,
  };
}
