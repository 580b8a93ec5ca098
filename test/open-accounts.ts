// A test's Atelier with accounts on: a person of every role, a key each, and a way to ask as any of them.
import { expect } from 'vitest';
import type { Access } from '../src/access/create-access.ts';
import type { ApiKeyInput, User } from '../src/contracts/access.ts';
import { type Identity, localIdentity, type Role } from '../src/contracts/identity.ts';
import { createTestApp, type TestApp, type TestAppOptions } from './create-test-app.ts';

export const PASSWORD = 'a long enough password';

export interface Person {
  user: User;
  identity: Identity;
  /** An API key. */
  key: string;
}

export interface Accounts {
  app: TestApp;
  access: Access;
  admin: Person;
  add(name: string, role: Role): Promise<Person>;
  makeKey(who: Person, input?: Partial<ApiKeyInput>): Promise<{ id: string; secret: string }>;
  /** A JSON body is sent by `method`, POST unless it says otherwise. */
  ask(who: Person | string | null, path: string, init?: RequestInit & { json?: unknown }): Promise<Response>;
  close(): Promise<void>;
}

export async function openAccounts(options: TestAppOptions = {}): Promise<Accounts> {
  const app = await createTestApp(options);
  const { access } = app.services;
  const makeKey: Accounts['makeKey'] = async ({ identity }, input = {}) => {
    const { key, secret } = await access.keys.create(identity, {
      name: 'test',
      models: null,
      apps: null,
      expiresAt: null,
      ...input,
    });
    return { id: key.id, secret };
  };
  const person = async (user: User): Promise<Person> => {
    const identity = { userId: user.id, role: user.role };
    return { user, identity, key: (await makeKey({ user, identity, key: '' })).secret };
  };
  const admin = await person(
    await access.people.claim({ name: 'Alix', email: 'alix@example.org', password: PASSWORD }),
  );
  expect(admin.identity).toEqual(localIdentity);
  return {
    app,
    access,
    admin,
    makeKey,
    async add(name, role) {
      const email = `${name.toLowerCase()}@example.org`;
      return person(await access.people.add(admin.identity, { name, email, role, password: PASSWORD }));
    },
    ask(who, path, { json, ...init } = {}) {
      const key = typeof who === 'string' ? who : who?.key;
      return app.request(path, {
        ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
        ...init,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...init.headers,
        },
      });
    },
    close: app.close,
  };
}
