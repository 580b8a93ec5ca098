// What a person has set for tools: switched on or off, and when to ask. Rows, kept in memory because every look at the
// tools asks them.
import type { ToolSetting } from '../contracts/agent.ts';
import { createEmitter } from '../lib/emitter.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';

export interface ToolSettings {
  all(): ToolSetting[];
  /** null: nothing was set. */
  of(name: string): ToolSetting | null;
  isEnabled(name: string): boolean;
  /** undefined: the tool's own rule counts. */
  approvalRule(name: string): string | undefined;
  /** What is absent stays as it is. */
  set(name: string, change: { enabled?: boolean; approval?: string | null }): Promise<ToolSetting>;
  onChange(listener: () => void): () => void;
}

export async function createToolSettings({
  store,
  log,
  now = Date.now,
}: {
  store: Store;
  log: Log;
  now?: () => number;
}): Promise<ToolSettings> {
  const { db } = store;
  const rows = new Map<string, ToolSetting>();
  const changes = createEmitter<void>((error) =>
    log.error('a listener of the tools’ settings failed', { error: String(error) }),
  );
  for (const row of await db.selectFrom('tool_settings').selectAll().orderBy('name').execute())
    rows.set(row.name, { name: row.name, enabled: row.enabled === 1, approval: row.approval });

  return {
    all: () => [...rows.values()],
    of: (name) => rows.get(name) ?? null,
    isEnabled: (name) => rows.get(name)?.enabled ?? true,
    approvalRule: (name) => rows.get(name)?.approval ?? undefined,
    async set(name, { enabled, approval }) {
      const before = rows.get(name) ?? { name, enabled: true, approval: null };
      const setting: ToolSetting = {
        name,
        enabled: enabled ?? before.enabled,
        approval: approval === undefined ? before.approval : approval,
      };
      const values = { enabled: setting.enabled ? 1 : 0, approval: setting.approval, updated_at: now() };
      await store.write([
        db
          .insertInto('tool_settings')
          .values({ name, ...values })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(values)),
      ]);
      rows.set(name, setting);
      changes.emit();
      return setting;
    },
    onChange: changes.on,
  };
}
