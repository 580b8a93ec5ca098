// What access keeps in memory and when it stops believing it, on both stores; with a clock that the test turns.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Access, createAccess } from '../../src/access/create-access.ts';
import { type Identity, localIdentity } from '../../src/contracts/identity.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Store } from '../../src/store/store.ts';
import type { TestStore } from '../open-test-store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const claim = { name: 'Alix', email: 'alix@example.org', password: 'a long enough password' };
const input = { name: 'x', models: null, apps: null, expiresAt: null };
const visitor = { address: '127.0.0.1', client: 'test' };

export function accessSuite(name: string, open: () => Promise<TestStore>): void {
  describe(`access on ${name}`, () => {
    let opened: TestStore;
    let now: number;
    let reads: number;
    let access: Access;
    /** Another process on the same store; every read of the store is counted. */
    const node = (shared = false): Promise<Access> => {
      const { store } = opened;
      const db = new Proxy(store.db, {
        get(target, property) {
          if (property === 'selectFrom') reads++;
          const value: unknown = Reflect.get(target, property);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      const kind = shared ? 'postgres' : store.kind;
      const seen = { ...store, kind, db, write: store.write } as Store;
      return createAccess({
        store: seen,
        log: silentLog,
        now: () => now,
        passwordCost: { N: 16, r: 1, p: 1 },
      });
    };

    beforeEach(async () => {
      opened = await open();
      now = 1_800_000_000_000;
      reads = 0;
      access = await node();
    });
    afterEach(async () => {
      await access.close();
      await opened.dispose();
    });

    const key = (who: Identity = localIdentity, more: object = {}) =>
      access.keys.create(who, { ...input, ...more });
    const caller = async (of: Access, secret: string): Promise<string> => {
      try {
        await of.fresh();
        return (await of.keys.callerOf(secret))?.userId ?? 'nobody';
      } catch (error) {
        return (error as Error).message;
      }
    };

    test('a key that came before is known without the store, and without waiting', async () => {
      const { secret } = await key();
      expect(await caller(access, secret)).toBe('local');
      const before = reads;
      for (let times = 0; times < 100; times++) {
        expect(access.fresh()).toBeUndefined();
        expect(access.keys.callerOf(secret)).toMatchObject({ userId: 'local', role: 'admin' });
      }
      expect(reads).toBe(before);
    });

    test('what is not written like a key of ours never asks the store', async () => {
      const { secret } = await key();
      const before = reads;
      const wrong = [secret.slice(0, -1), `${secret}0`, `sk-${secret}`, '', 'atl_', secret.toLowerCase()];
      // A mistyped letter is seen by the check alone.
      wrong.push(secret.replace(/.(?=.{20}$)/, (letter) => (letter === 'a' ? 'b' : 'a')));
      for (const text of wrong) expect(access.keys.callerOf(text), text).toBeNull();
      expect(reads).toBe(before);
    });

    test('revoked here, a key opens nothing from that moment', async () => {
      const made = await key();
      expect(await caller(access, made.secret)).toBe('local');
      await access.keys.revoke(localIdentity, made.key.id);
      expect(await caller(access, made.secret)).toContain('revoked');
    });

    test('revoked by another node, within two seconds', async () => {
      const other = await node(true);
      const made = await key();
      now += 2000;
      expect(await caller(other, made.secret)).toBe('local');
      await access.keys.revoke(localIdentity, made.key.id);
      now += 900;
      expect(await caller(other, made.secret), 'it has not looked yet').toBe('local');
      now += 1100;
      expect(await caller(other, made.secret)).toContain('revoked');
      await other.close();
    });

    test('a node that cannot ask the store believes its memory no longer', async () => {
      const other = await node(true);
      const made = await key();
      now += 2000;
      expect(await caller(other, made.secret)).toBe('local');
      await opened.store.close();
      now += 2000;
      expect(await caller(other, made.secret)).not.toBe('local');
      await opened.reopen();
    });

    test('accounts that another node turned on are on here within two seconds', async () => {
      const other = await node(true);
      await access.people.claim(claim);
      now += 2000;
      await other.fresh();
      expect(other.accountsOn()).toBe(true);
      await other.close();
    });

    test('a key expires by the clock', async () => {
      const { secret } = await key(localIdentity, { expiresAt: now + HOUR });
      expect(await caller(access, secret)).toBe('local');
      now += HOUR;
      expect(await caller(access, secret)).toContain('expired');
    });

    test('the last use is noted once a minute', async () => {
      const made = await key();
      const first = now;
      for (const step of [0, 10_000, 40_000, 20_000]) {
        now += step;
        await caller(access, made.secret);
        await access.close();
        const [listed] = await access.keys.list('local');
        expect(listed?.lastUsedAt).toBe(now - first < 60_000 ? first : first + 70_000);
      }
    });

    test('a session slides for as long as it is used, and no longer than three months', async () => {
      const user = await access.people.claim(claim);
      const { token } = await access.sessions.open(user, visitor);
      const began = now;
      const known = async () => (await access.sessions.callerOf(token)) !== null;
      for (let day = 0; day < 80; day += 10) {
        now = began + day * DAY;
        expect(await known(), `day ${day}`).toBe(true);
        await access.close();
      }
      // Another process knows it only by what is stored.
      const other = await node();
      now = began + 83 * DAY;
      expect(await other.sessions.callerOf(token)).toMatchObject({ identity: { userId: 'local' } });
      now = began + 90 * DAY;
      expect(await other.sessions.callerOf(token)).toBeNull();
      expect(await known()).toBe(false);

      const second = await access.sessions.open(user, visitor);
      now += 15 * DAY;
      expect(await access.sessions.callerOf(second.token), 'two weeks without use').toBeNull();
      await other.close();
    });

    test('of two admins who demote each other, one stays', async () => {
      await access.people.claim(claim);
      const other = await access.people.add(localIdentity, {
        name: 'Bo',
        email: 'bo@example.org',
        role: 'admin',
        password: claim.password,
      });
      const outcomes = await Promise.allSettled([
        access.people.change(localIdentity, other.id, { role: 'member' }),
        access.people.change({ userId: other.id, role: 'admin' }, 'local', { role: 'member' }),
      ]);
      const admins = (await access.people.list()).filter(({ role }) => role === 'admin');
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(admins).toHaveLength(1);
    });

    test('the record holds what was done, newest first, a page at a time', async () => {
      for (let count = 0; count < 5; count++) {
        now += 1;
        await access.audit.record(localIdentity, 'thing.change', `t${count}`, { count });
      }
      const first = await access.audit.list({ limit: 2, action: 'thing.change' });
      expect(first.map(({ target }) => target)).toEqual(['t4', 't3']);
      const next = await access.audit.list({ limit: 2, before: first[1]?.id, action: 'thing.change' });
      expect(next.map(({ target, data }) => [target, data])).toEqual([
        ['t2', { count: 2 }],
        ['t1', { count: 1 }],
      ]);
      expect(await access.audit.list({ limit: 9, userId: 'nobody' })).toEqual([]);
    });
  });
}
