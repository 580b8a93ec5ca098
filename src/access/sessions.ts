// Signing in with a password, and the sessions that come of it. A session ends after two weeks without use and after
// three months in any case. A wrong address is answered like a wrong password, in words and in time.
import type { PasswordChange, Session, SignIn, User } from '../contracts/access.ts';
import { AtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import { newId } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';
import type { AccessState } from './access-state.ts';
import { createAttempts } from './attempts.ts';
import type { Audit } from './audit.ts';
import { createCallerCache } from './caller-cache.ts';
import { createLastSeen } from './last-seen.ts';
import type { Passwords } from './password.ts';
import { type People, toUser } from './people.ts';
import { hashOf, newToken } from './secrets.ts';

export interface SignedIn {
  identity: Identity;
  sessionId: string;
}

/** Who is at the other end, as far as a list of sessions tells. */
export interface Visitor {
  address: string;
  client: string;
}

export interface Sessions {
  /** @throws AtelierError unauthorized, rate_limited (data.retryAfterSeconds) */
  signIn(input: SignIn, visitor: Visitor): Promise<{ token: string; user: User }>;
  /** For somebody whose right to it is known, such as who has just turned accounts on. */
  open(user: User, visitor: Visitor): Promise<{ token: string }>;
  callerOf(token: string): SignedIn | null | Promise<SignedIn | null>;
  list(userId: string, current: string | null): Promise<Session[]>;
  /** @throws AtelierError not_found */
  end(who: Identity, id: string): Promise<void>;
  /** Ends the person's other sessions. @throws AtelierError unauthorized, rate_limited */
  changePassword(who: Identity, input: PasswordChange, visitor: Visitor, keepSession?: string): Promise<void>;
  close(): Promise<void>;
}

export interface SessionsOptions {
  store: Store;
  state: AccessState;
  audit: Audit;
  people: Pick<People, 'passwordChange'>;
  passwords: Passwords;
  log: Log;
  now: () => number;
}

const DAY_MS = 86_400_000;
const IDLE_MS = 14 * DAY_MS;
export const SESSION_LONGEST_MS = 90 * DAY_MS;
const NOTE_EVERY_MS = 5 * 60_000;
const WINDOW_MS = 15 * 60_000;
const TRIES_AN_ACCOUNT = 10;
/** A whole office may share one address. */
const TRIES_AN_ADDRESS = 50;

interface KnownSession extends SignedIn {
  createdAt: number;
  expiresAt: number;
}

export function createSessions(options: SessionsOptions): Sessions {
  const { store, state, audit, people, passwords, log, now } = options;
  const { db } = store;
  const known = createCallerCache<KnownSession>(state);
  const byAccount = createAttempts({ most: TRIES_AN_ACCOUNT, windowMs: WINDOW_MS, now });
  const byAddress = createAttempts({ most: TRIES_AN_ADDRESS, windowMs: WINDOW_MS, now });
  const ends = (createdAt: number, at: number) => Math.min(at + IDLE_MS, createdAt + SESSION_LONGEST_MS);
  const lastSeen = createLastSeen({
    everyMs: NOTE_EVERY_MS,
    now,
    log,
    write: (id, at) =>
      store.write([
        db
          .updateTable('users')
          .set({ last_seen_at: at })
          .where('id', 'in', db.selectFrom('sessions').select('user_id').where('id', '=', id)),
        db
          .updateTable('sessions')
          .set((row) => ({
            last_seen_at: at,
            expires_at: row
              .case()
              .when('created_at', '<', at + IDLE_MS - SESSION_LONGEST_MS)
              .then(row('created_at', '+', SESSION_LONGEST_MS))
              .else(at + IDLE_MS)
              .end(),
          }))
          .where('id', '=', id),
      ]),
  });

  async function load(hash: string): Promise<KnownSession | null> {
    const row = await db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(['sessions.id', 'sessions.user_id', 'sessions.created_at', 'sessions.expires_at', 'users.role'])
      .where('sessions.hash', '=', hash)
      .where('users.disabled_at', 'is', null)
      .where('users.removed_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined) return null;
    return {
      identity: { userId: row.user_id, role: row.role as Identity['role'] },
      sessionId: row.id,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    };
  }

  function admit(session: KnownSession | null): SignedIn | null {
    const at = now();
    if (session === null || session.expiresAt <= at) return null;
    session.expiresAt = ends(session.createdAt, at);
    lastSeen.note(session.sessionId);
    return session;
  }

  /** Both are counted before the password is looked at, so that parallel guesses are no way round. */
  async function guarded<T>(
    account: string,
    { address }: Visitor,
    check: () => Promise<T | null>,
  ): Promise<T> {
    byAddress.begin(address);
    byAccount.begin(account);
    const passed = await check();
    if (passed !== null) {
      byAccount.forget(account);
      byAddress.forgive(address);
      return passed;
    }
    log.warn('a sign-in failed', { address });
    throw new AtelierError('unauthorized', 'That email and password do not belong together.');
  }

  async function open(user: User, { address, client }: Visitor): Promise<{ token: string }> {
    const token = newToken();
    const at = now();
    const who: Identity = { userId: user.id, role: user.role };
    const id = newId('session', at);
    await store.write([
      // Nobody else clears them away.
      db.deleteFrom('sessions').where('expires_at', '<', at),
      db.insertInto('sessions').values({
        id,
        user_id: user.id,
        hash: hashOf(token),
        client,
        address,
        created_at: at,
        last_seen_at: at,
        expires_at: ends(at, at),
      }),
      audit.statement(who, 'session.create', id, { address }),
    ]);
    return { token };
  }

  return {
    open,
    async signIn({ email, password }, visitor) {
      const user = await guarded(email, visitor, async () => {
        // PostgreSQL has no NUL in text, and no address either.
        const row = email.includes('\0')
          ? undefined
          : await db
              .selectFrom('users')
              .leftJoin('passwords', 'passwords.user_id', 'users.id')
              .select([
                'users.id',
                'name',
                'email',
                'role',
                'created_at',
                'disabled_at',
                'last_seen_at',
                'hash',
              ])
              .where('email', '=', email)
              .where('disabled_at', 'is', null)
              .where('removed_at', 'is', null)
              .executeTakeFirst();
        const right = await passwords.verify(password, row?.hash ?? null);
        return right && row !== undefined && state.accountsOn() ? toUser(row) : null;
      });
      return { ...(await open(user, visitor)), user };
    },
    callerOf(token) {
      const hash = hashOf(token);
      const found = known.get(hash, () => load(hash));
      return found instanceof Promise ? found.then(admit) : admit(found);
    },
    async list(userId, current) {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('user_id', '=', userId)
        .where('expires_at', '>', now())
        .orderBy('created_at', 'desc')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        client: row.client,
        address: row.address,
        createdAt: row.created_at,
        lastSeenAt: row.last_seen_at,
        expiresAt: row.expires_at,
        current: row.id === current,
      }));
    },
    async end(who, id) {
      const [ended] = await state.change([
        db.deleteFrom('sessions').where('id', '=', id).where('user_id', '=', who.userId),
      ]);
      if (ended?.affected === 0)
        throw new AtelierError('not_found', `There is no session ${id}. It may have ended.`, {
          data: { id },
        });
      await audit.record(who, 'session.end', id);
    },
    async changePassword(who, { current, password }, visitor, keepSession) {
      const hash = await guarded(who.userId, visitor, async () => {
        const row = await db
          .selectFrom('passwords')
          .select('hash')
          .where('user_id', '=', who.userId)
          .executeTakeFirst();
        return (await passwords.verify(current, row?.hash ?? null)) ? passwords.hash(password) : null;
      });
      await state.change([
        ...people.passwordChange(who.userId, hash, keepSession),
        audit.statement(who, 'account.password', who.userId),
      ]);
    },
    close: lastSeen.close,
  };
}
