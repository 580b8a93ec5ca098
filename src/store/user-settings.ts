// What is a matter of taste, each person's own: the program's settings hold for what they have not chosen.
import { AtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import { type PersonalSettings, personalSettingsSchema, type Settings } from '../contracts/system.ts';
import { createEmitter } from '../lib/emitter.ts';
import { type Log, silentLog } from '../lib/log.ts';
import type { Store } from './store.ts';

/** Null: as the program's settings say. */
export type PersonalChange = { [Key in keyof PersonalSettings]?: PersonalSettings[Key] | null | undefined };

export interface UserSettings {
  get(who: Identity): Promise<PersonalSettings>;
  /** @throws AtelierError invalid_request */
  update(who: Identity, change: PersonalChange): Promise<PersonalSettings>;
  /** Ids of those who let their conversations be learned from. */
  consenting(): Promise<ReadonlySet<string>>;
  onChange(listener: (userId: string) => void): () => void;
}

export interface UserSettingsOptions {
  store: Store;
  /** The program's. */
  settings: { get(): Settings };
  log?: Log;
}

const partial = personalSettingsSchema.partial();
const CONSENT = 'trainingConsent';

/** The table holds text; a choice of yes or no is written as such a word. */
const readValue = (value: string): string | boolean =>
  /^(true|false)$/.test(value) ? value === 'true' : value;

export function createUserSettings({ store, settings, log = silentLog }: UserSettingsOptions): UserSettings {
  const { db } = store;
  const changes = createEmitter<string>((error) =>
    log.error('a listener of the personal settings failed', { error: String(error) }),
  );

  async function get({ userId }: Identity): Promise<PersonalSettings> {
    const rows = await db
      .selectFrom('user_settings')
      .select(['key', 'value'])
      .where('user_id', '=', userId)
      .execute();
    // What no schema of today knows is left aside.
    const kept = rows.flatMap(({ key, value }) => {
      const parsed = partial.safeParse({ [key]: readValue(value) });
      return parsed.success ? [parsed.data] : [];
    });
    const { language, theme } = settings.get();
    return Object.assign({ language, theme, [CONSENT]: false }, ...kept) as PersonalSettings;
  }

  return {
    get,
    async update(who, change) {
      const user_id = who.userId;
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      const chosen = given.filter(([, value]) => value !== null);
      const parsed = partial.strict().safeParse(Object.fromEntries(chosen));
      if (!parsed.success)
        throw new AtelierError(
          'invalid_request',
          `These settings cannot be stored: ${parsed.error.issues.map(({ message }) => message).join(' | ')}`,
          { data: { keys: given.map(([key]) => key) } },
        );
      if (given.length === 0) return get(who);
      await store.write(
        given.map(([key, value]) =>
          value == null
            ? db.deleteFrom('user_settings').where('user_id', '=', user_id).where('key', '=', key)
            : db
                .insertInto('user_settings')
                .values({ user_id, key, value: String(value) })
                .onConflict((on) => on.columns(['user_id', 'key']).doUpdateSet({ value: String(value) })),
        ),
      );
      changes.emit(user_id);
      return get(who);
    },
    async consenting() {
      const rows = await db
        .selectFrom('user_settings')
        .select('user_id')
        .where('key', '=', CONSENT)
        .where('value', '=', 'true')
        .execute();
      return new Set(rows.map((row) => row.user_id));
    },
    onChange: changes.on,
  };
}
