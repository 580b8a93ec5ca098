// The people of this Atelier. The first is the user of local mode, whom turning accounts on gives a name and a password;
// there is always somebody left who may let others in.
import type { Compilable, ExpressionBuilder } from 'kysely';
import type { Claim, User, UserChange, UserInput } from '../contracts/access.ts';
import { AtelierError, isAtelierError } from '../contracts/errors.ts';
import { type Identity, LOCAL_USER_ID, localIdentity, type Role } from '../contracts/identity.ts';
import { newId } from '../lib/ids.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { AccessState } from './access-state.ts';
import type { Audit } from './audit.ts';
import type { Passwords } from './password.ts';

export interface People {
  list(): Promise<User[]>;
  /** @throws AtelierError not_found */
  get(id: string): Promise<User>;
  /** Turns accounts on. @throws AtelierError conflict when they are on, or the email is somebody else's */
  claim(claim: Claim): Promise<User>;
  /** Turns accounts off: everybody's sessions end, people and keys stay. @throws AtelierError conflict */
  turnOff(who: Identity): Promise<void>;
  /** @throws AtelierError conflict (the email is taken, or accounts are off) */
  add(who: Identity, input: UserInput): Promise<User>;
  /**
   * A new password or a disabled account ends the person's sessions, all but `keepSession`.
   * @throws AtelierError not_found, conflict
   */
  change(who: Identity, id: string, change: UserChange, keepSession?: string): Promise<User>;
  /** Takes everything to sign in with away; what they made stays under their id. @throws AtelierError not_found, conflict */
  remove(who: Identity, id: string): Promise<void>;
  /** Statements for a batch: a new password, and the end of the sessions that knew the old one. */
  passwordChange(userId: string, hash: string, keepSession?: string): Compilable[];
}

export interface PeopleOptions {
  store: Store;
  state: AccessState;
  audit: Audit;
  passwords: Passwords;
  now: () => number;
}

type UserRow = {
  id: string;
  name: string;
  email: string | null;
  role: string;
  created_at: number;
  disabled_at: number | null;
  last_seen_at: number | null;
};

const columns = ['id', 'name', 'email', 'role', 'created_at', 'disabled_at', 'last_seen_at'] as const;

export const toUser = (row: UserRow): User => ({
  id: row.id,
  name: row.name,
  email: row.email,
  role: row.role as Role,
  createdAt: row.created_at,
  disabledAt: row.disabled_at,
  lastSeenAt: row.last_seen_at,
});

export function createPeople({ store, state, audit, passwords, now }: PeopleOptions): People {
  const { db } = store;
  let claiming = false;

  async function get(id: string): Promise<User> {
    const row = await db
      .selectFrom('users')
      .select(columns)
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    if (row !== undefined) return toUser(row);
    throw new AtelierError('not_found', `There is no person with the id ${id}. They may have been removed.`, {
      data: { id },
    });
  }

  /** Part of the update itself, so that two changes at the same time cannot each rely on the other's admin. */
  const anotherAdmin = (id: string) => (eb: ExpressionBuilder<Database, 'users'>) =>
    eb.exists(
      eb
        .selectFrom('users as other')
        .select('other.id')
        .where('other.id', '<>', id)
        .where('other.role', '=', 'admin')
        .where('other.email', 'is not', null)
        .where('other.disabled_at', 'is', null)
        .where('other.removed_at', 'is', null),
    );

  function lastAdmin(name: string): AtelierError {
    return new AtelierError(
      'conflict',
      `${name} is the only admin who can sign in. Make somebody else an admin first.`,
    );
  }

  const endSessions = (userId: string, keep?: string) => {
    const query = db.deleteFrom('sessions').where('user_id', '=', userId);
    return keep === undefined ? query : query.where('id', '<>', keep);
  };
  const passwordChange: People['passwordChange'] = (userId, hash, keepSession) => [
    db
      .insertInto('passwords')
      .values({ user_id: userId, hash, updated_at: now() })
      .onConflict((on) => on.column('user_id').doUpdateSet({ hash, updated_at: now() })),
    endSessions(userId, keepSession),
  ];

  /** Of all unique keys here, the email is the only one that a person chooses. */
  async function withEmail<T>(email: string | undefined, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (email === undefined || !isAtelierError(error) || error.code !== 'conflict') throw error;
      throw new AtelierError('conflict', `Somebody already has the email ${email}.`, { data: { email } });
    }
  }

  function requireAccounts(): void {
    if (state.accountsOn()) return;
    throw new AtelierError('conflict', 'Accounts are off. Turn them on first: atelier users add.');
  }

  return {
    get,
    passwordChange,
    async list() {
      const rows = await db
        .selectFrom('users')
        .select(columns)
        .where('removed_at', 'is', null)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toUser);
    },
    async claim({ name, email, password }) {
      if (state.accountsOn() || claiming)
        throw new AtelierError('conflict', 'Accounts are on already. An admin can add you.');
      claiming = true;
      try {
        const hash = await passwords.hash(password);
        await withEmail(email, () =>
          state.change([
            db
              .updateTable('users')
              .set({ name, email, role: 'admin', disabled_at: null, removed_at: null })
              .where('id', '=', LOCAL_USER_ID),
            ...passwordChange(LOCAL_USER_ID, hash),
            state.setAccounts(true),
            audit.statement(localIdentity, 'account.on', LOCAL_USER_ID, { name, email }),
          ]),
        );
      } finally {
        claiming = false;
      }
      return get(LOCAL_USER_ID);
    },
    async turnOff(who) {
      requireAccounts();
      await state.change([
        state.setAccounts(false),
        db.deleteFrom('sessions'),
        audit.statement(who, 'account.off', LOCAL_USER_ID),
      ]);
    },
    async add(who, { name, email, role, password }) {
      requireAccounts();
      const hash = await passwords.hash(password);
      const id = newId('user', now());
      await withEmail(email, () =>
        state.change([
          db.insertInto('users').values({ id, name, email, role, created_at: now() }),
          ...passwordChange(id, hash),
          audit.statement(who, 'account.create', id, { name, email, role }),
        ]),
      );
      return get(id);
    },
    async change(who, id, { name, email, role, password, disabled }, keepSession) {
      requireAccounts();
      const before = await get(id);
      const hash = password === undefined ? null : await passwords.hash(password);
      const values = {
        ...(name === undefined ? {} : { name }),
        ...(email === undefined ? {} : { email }),
        ...(role === undefined ? {} : { role }),
        ...(disabled === undefined ? {} : { disabled_at: disabled ? (before.disabledAt ?? now()) : null }),
      };
      if (Object.keys(values).length > 0) {
        const risky =
          before.role === 'admin' &&
          before.disabledAt === null &&
          ((role !== undefined && role !== 'admin') || disabled === true);
        let update = db.updateTable('users').set(values).where('id', '=', id).where('removed_at', 'is', null);
        if (risky) update = update.where(anotherAdmin(id));
        const [updated] = await withEmail(email, () => state.change([update]));
        if (updated?.affected === 0) throw risky ? lastAdmin(before.name) : await gone(id);
      }
      const facts: Compilable[] = [];
      if (hash !== null)
        facts.push(...passwordChange(id, hash, keepSession), audit.statement(who, 'account.password', id));
      if (role !== undefined && role !== before.role)
        facts.push(audit.statement(who, 'role.change', id, { from: before.role, to: role }));
      if (disabled !== undefined && disabled !== (before.disabledAt !== null))
        facts.push(
          ...(disabled ? [endSessions(id)] : []),
          audit.statement(who, disabled ? 'account.disable' : 'account.enable', id),
        );
      if ((name ?? before.name) !== before.name || (email ?? before.email) !== before.email)
        facts.push(
          audit.statement(who, 'account.change', id, {
            name: name ?? before.name,
            email: email ?? before.email,
          }),
        );
      if (facts.length > 0) await state.change(facts);
      return get(id);
    },
    async remove(who, id) {
      requireAccounts();
      const { name, role } = await get(id);
      if (id === LOCAL_USER_ID)
        throw new AtelierError(
          'conflict',
          `${name} is the first person here, whose place everything from before accounts belongs to: give it to somebody else by name, email and password, or disable it.`,
          { data: { id } },
        );
      let update = db
        .updateTable('users')
        .set({ removed_at: now(), disabled_at: now(), email: null })
        .where('id', '=', id)
        .where('removed_at', 'is', null);
      if (role === 'admin') update = update.where(anotherAdmin(id));
      const [updated] = await state.change([update]);
      if (updated?.affected === 0) throw role === 'admin' ? lastAdmin(name) : await gone(id);
      await state.change([
        endSessions(id),
        db.deleteFrom('passwords').where('user_id', '=', id),
        db
          .updateTable('api_keys')
          .set({ revoked_at: now() })
          .where('user_id', '=', id)
          .where('revoked_at', 'is', null),
        audit.statement(who, 'account.remove', id, { name }),
      ]);
    },
  };

  /** It went between the look and the change. */
  async function gone(id: string): Promise<Error> {
    return get(id).then(
      () =>
        new AtelierError('conflict', `The person ${id} changed meanwhile. Try again.`, { retryable: true }),
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
  }
}
