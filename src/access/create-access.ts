// People, keys, sessions and the record of what they changed, over one store.
import { timingSafeEqual } from 'node:crypto';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';
import { createAccessState } from './access-state.ts';
import { type ApiKeys, createApiKeys } from './api-keys.ts';
import { type Audit, createAudit } from './audit.ts';
import { createPasswords, type PasswordCost } from './password.ts';
import { createPeople, type People } from './people.ts';
import { hashOf, newToken } from './secrets.ts';
import { createSessions, type Sessions } from './sessions.ts';

export interface Access {
  /** Whether people sign in; off, whoever is on this machine is its one user. */
  accountsOn(): boolean;
  /** To be awaited before a caller is looked up; undefined, the common case: there is nothing to wait for. */
  fresh(): Promise<void> | undefined;
  /** Somebody or something may have lost what it was allowed: what is still open should ask again. */
  onChange(listener: () => void): () => void;
  people: People;
  keys: ApiKeys;
  sessions: Sessions;
  audit: Audit;
  /** What the command line of this machine shows to this process; another one at every start. */
  machineToken: string;
  isMachineToken(text: string): boolean;
  close(): Promise<void>;
}

export interface AccessOptions {
  store: Store;
  log: Log;
  now?: () => number;
  /** Tests take a cheap one. */
  passwordCost?: PasswordCost;
}

export async function createAccess({
  store,
  log,
  now = Date.now,
  passwordCost,
}: AccessOptions): Promise<Access> {
  const state = await createAccessState(store, log, now);
  const audit = createAudit(store, now);
  const passwords = createPasswords(passwordCost);
  const people = createPeople({ store, state, audit, passwords, now });
  const keys = createApiKeys({ store, state, audit, people, log, now });
  const sessions = createSessions({ store, state, audit, people, passwords, log, now });
  const machineToken = newToken();
  const expected = Buffer.from(hashOf(machineToken));
  return {
    accountsOn: state.accountsOn,
    fresh: state.fresh,
    onChange: state.onChange,
    people,
    keys,
    sessions,
    audit,
    machineToken,
    isMachineToken: (text) => timingSafeEqual(expected, Buffer.from(hashOf(text))),
    async close() {
      await keys.close();
      await sessions.close();
    },
  };
}
