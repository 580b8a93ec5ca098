// Brings a store up to this program's tables, in one transaction; refuses one that a newer program wrote.
import { AtelierError } from '../contracts/errors.ts';
import { type Migration, migrations as ours } from './migrations/migrations.ts';
import type { Store } from './store.ts';

type RunStatement = (sql: string) => Promise<Record<string, unknown>[]>;

export interface MigrateOptions {
  kind: Store['kind'];
  /** Runs one statement on a connection that nothing else uses meanwhile, inside an open transaction. */
  run: RunStatement;
  /** Where the data is, for the sentence of a refusal. */
  where: string;
  now: () => number;
  migrations?: readonly Migration[];
}

/** Returns the numbers that were applied. */
export async function migrate({
  kind,
  run,
  where,
  now,
  migrations = ours,
}: MigrateOptions): Promise<number[]> {
  await run(
    'create table if not exists migrations (number bigint primary key, name text not null, applied_at bigint not null)',
  );
  const [row] = await run('select coalesce(max(number), 0) as number from migrations');
  const stored = Number(row?.number ?? 0);
  const newest = migrations.at(-1)?.number ?? 0;
  if (stored > newest) {
    throw new AtelierError(
      'store_newer',
      `The data in ${where} has version ${stored} and this program knows versions up to ${newest}: a newer Atelier wrote it. Update Atelier, or choose another folder with --data.`,
      { data: { where, stored, known: newest } },
    );
  }
  const applied: number[] = [];
  for (const migration of migrations) {
    if (migration.number <= stored) continue;
    for (const statement of migration.statements(kind)) await run(statement);
    await run(
      `insert into migrations (number, name, applied_at) values (${migration.number}, '${migration.name}', ${now()})`,
    );
    applied.push(migration.number);
  }
  return applied;
}
