// Whether accounts are on, and how long what is kept in memory is true. Every change of people, keys and sessions raises
// one number in the store in the same batch. A process that is alone with its store forgets at once; nodes that share one
// look at the number, at most every second, and never believe what they keep for longer than two.
import type { Compilable } from 'kysely';
import { createEmitter } from '../lib/emitter.ts';
import type { Log } from '../lib/log.ts';
import type { StatementResult, Store } from '../store/store.ts';

export interface AccessState {
  accountsOn(): boolean;
  /** Another number: nothing that was read before counts any more. */
  generation(): number;
  /** To be awaited before memory is trusted; undefined, the common case: there is nothing to wait for. */
  fresh(): Promise<void> | undefined;
  /** The statements and the new number in one batch. @throws AtelierError conflict, storage_failed, storage_full */
  change(statements: readonly Compilable[]): Promise<StatementResult[]>;
  /** Somebody or something may have lost what it was allowed. */
  onChange(listener: () => void): () => void;
  /** For a batch of `change`. */
  setAccounts(on: boolean): Compilable;
}

const LOOK_AFTER_MS = 1000;
const TRUST_MS = 2000;

export async function createAccessState(store: Store, log: Log, now: () => number): Promise<AccessState> {
  const { db } = store;
  const shared = store.kind === 'postgres';
  const changes = createEmitter<void>((error) =>
    log.error('a listener of access failed', { error: String(error) }),
  );
  let accounts = false;
  let version = -1;
  let generation = 0;
  let lookedAt = 0;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const began = now();
    const row = await db
      .selectFrom('access_state')
      .select(['accounts', 'version'])
      .where('id', '=', 1)
      .executeTakeFirstOrThrow();
    // A look that began before a later one, and ended after it, knows less.
    if (row.version < version) return;
    const changed = row.version !== version;
    if (changed) generation++;
    accounts = row.accounts === 1;
    version = row.version;
    lookedAt = began;
    if (changed) changes.emit();
  }
  const lookOnce = () => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  await look();

  return {
    accountsOn: () => accounts,
    generation: () => generation,
    fresh() {
      if (!shared) return undefined;
      const age = now() - lookedAt;
      if (age < LOOK_AFTER_MS) return undefined;
      const look = lookOnce();
      if (age >= TRUST_MS) return look;
      // Once it is too old, whoever asks waits and gets the store's own error.
      look.catch(() => {});
      return undefined;
    },
    async change(statements) {
      const raise = db
        .updateTable('access_state')
        .set((row) => ({ version: row('version', '+', 1) }))
        .where('id', '=', 1);
      // First: its row makes changes of several nodes wait for each other, so that each sees what the other did.
      const [, ...results] = await store.write([raise, ...statements]);
      // What was read while the batch was on its way may be of before it.
      generation++;
      await look();
      return results;
    },
    onChange: changes.on,
    setAccounts: (on) =>
      db
        .updateTable('access_state')
        .set({ accounts: on ? 1 : 0 })
        .where('id', '=', 1),
  };
}
