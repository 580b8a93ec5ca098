// The embedded store: one SQLite file, one thread that writes and one that reads, blobs as files beside it.
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { AtelierError } from '../../contracts/errors.ts';
import { createDialect, toStatement } from '../dialect.ts';
import { createGroupCommit } from '../group-commit.ts';
import { migrate } from '../migrate.ts';
import type { Migration } from '../migrations/migrations.ts';
import type { Database } from '../schema.ts';
import type { Store } from '../store.ts';
import { openBlobFiles } from './blob-files.ts';
import { createSqliteTextIndex } from './text-index.ts';
import { type SqliteWorker, startSqliteWorker } from './worker-client.ts';

export interface OpenSqliteOptions {
  dataDir: string;
  now: () => number;
  migrations?: readonly Migration[];
}

export async function openSqlite({ dataDir, now, migrations }: OpenSqliteOptions): Promise<Store> {
  const path = join(dataDir, 'atelier.db');
  const writer = startSqliteWorker({ path, role: 'writer', busyTimeoutMs: 5_000 });
  const reader = startSqliteWorker({ path, role: 'reader', busyTimeoutMs: 5_000 });
  const stop = async () => {
    // The writer last: the one that closes the file last also empties the log.
    await reader.close();
    await writer.close();
  };
  try {
    await migrateSqlite(writer, { path, now, migrations });
    const commits = createGroupCommit((group) => writer.group(group));
    const db = new Kysely<Database>({
      dialect: createDialect('sqlite', { read: (statement) => reader.step(statement), write: commits.write }),
    });
    const blobs = await openBlobFiles(join(dataDir, 'blobs'));
    let closed: Promise<void> | undefined;
    return {
      kind: 'sqlite',
      node: null,
      db,
      write: async (statements) =>
        commits.write(statements.map((statement) => toStatement(statement.compile()))),
      text: createSqliteTextIndex(db),
      blobs,
      close() {
        closed ??= commits.idle().then(stop);
        return closed;
      },
    };
  } catch (error) {
    await stop().catch((cause: unknown) => {
      throw new AggregateError([error, cause], `${path} could not be opened, nor closed again`);
    });
    throw error;
  }
}

async function migrateSqlite(
  writer: SqliteWorker,
  {
    path,
    now,
    migrations,
  }: { path: string; now: () => number; migrations: readonly Migration[] | undefined },
): Promise<void> {
  const run = async (sql: string) => (await writer.step({ sql, parameters: [] })).rows;
  await run('begin immediate');
  try {
    await migrate({ kind: 'sqlite', run, where: path, now, ...(migrations ? { migrations } : {}) });
    await run('commit');
  } catch (error) {
    // The first error says more than one about a transaction that SQLite has ended by itself.
    await run('rollback').catch((cause: unknown) => {
      if (!(cause instanceof AtelierError)) throw cause;
    });
    throw error;
  }
}
