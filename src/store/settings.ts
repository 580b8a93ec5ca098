// The program's settings: one row a field, the rest by default. Read from memory, written to the store first.
import { AtelierError } from '../contracts/errors.ts';
import { defaultSettings, type Settings, settingsSchema } from '../contracts/system.ts';
import { createEmitter } from '../lib/emitter.ts';
import { type Log, silentLog } from '../lib/log.ts';
import type { Store } from './store.ts';

export interface SettingsService {
  get(): Settings;
  /** @throws AtelierError invalid_request */
  update(patch: Partial<Settings>): Promise<Settings>;
  onChange(listener: (settings: Settings) => void): () => void;
}

export async function createSettings(store: Store, log: Log = silentLog): Promise<SettingsService> {
  const changes = createEmitter<Settings>((error) =>
    log.error('a listener of the settings failed', { error: String(error) }),
  );
  let current = defaultSettings;
  const rows = await store.db.selectFrom('settings').selectAll().execute();
  for (const { key, value } of rows) {
    if (!(key in settingsSchema.shape)) continue;
    const parsed = settingsSchema.partial().safeParse({ [key]: readJson(value) });
    if (parsed.success) current = { ...current, ...(parsed.data as Partial<Settings>) };
    else log.warn('a setting in the store is unreadable; its default is used', { key });
  }

  return {
    get: () => current,
    async update(patch) {
      const parsed = settingsSchema.partial().strict().safeParse(patch);
      if (!parsed.success) {
        const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
        throw new AtelierError('invalid_request', `These settings cannot be stored: ${faults.join(' | ')}`, {
          data: { faults },
        });
      }
      const values = Object.entries(parsed.data).map(([key, value]) => ({
        key,
        value: JSON.stringify(value),
      }));
      if (values.length === 0) return current;
      await store.write([
        store.db
          .insertInto('settings')
          .values(values)
          .onConflict((on) => on.column('key').doUpdateSet((row) => ({ value: row.ref('excluded.value') }))),
      ]);
      current = { ...current, ...(parsed.data as Partial<Settings>) };
      changes.emit(current);
      return current;
    },
    onChange: changes.on,
  };
}

/** Text that is no JSON is given to the schema as it is, which refuses it. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
