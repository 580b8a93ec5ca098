// PostgreSQL as the store of a server: one connection writes in the order of the calls, several read,
// and one shows the other programs that this one lives.
import { Kysely } from 'kysely';
import type { Log } from '../../lib/log.ts';
import { createDialect, toStatement } from '../dialect.ts';
import { createGroupCommit } from '../group-commit.ts';
import { migrate } from '../migrate.ts';
import type { Migration } from '../migrations/migrations.ts';
import type { Database } from '../schema.ts';
import type { Store } from '../store.ts';
import { openBlobChunks } from './blob-chunks.ts';
import { createCodec } from './codec.ts';
import { commitGroup } from './commit.ts';
import { postgresError } from './errors.ts';
import { holdPresence, type Presence } from './presence.ts';
import { createPostgresTextIndex } from './text-index.ts';

export interface OpenPostgresOptions {
  databaseUrl: string;
  log: Log;
  now: () => number;
  migrations?: readonly Migration[];
}

/** Any number will do that no other program of the same database takes. */
const MIGRATION_LOCK = 4_242_001;

export async function openPostgres({
  databaseUrl,
  log,
  now,
  migrations,
}: OpenPostgresOptions): Promise<Store> {
  const { default: pg } = await import('pg');
  const where = placeOf(databaseUrl);
  const shared = {
    connectionString: databaseUrl,
    types: createCodec(pg.types),
    application_name: 'atelier',
    connectionTimeoutMillis: 10_000,
    allowExitOnIdle: true,
  };
  const readers = new pg.Pool({ ...shared, max: 8 });
  // `pipeline` sends a whole transaction at once instead of waiting for each of its statements.
  const writers = new pg.Pool({ ...shared, max: 1, pipeline: true });
  for (const pool of [readers, writers]) {
    pool.on('error', (error) =>
      log.warn('a connection to PostgreSQL was lost', { where, error: error.message }),
    );
    // A connection that breaks while it is in use tells it twice: to the query, which reports it, and here.
    pool.on('connect', (client) => client.on('error', () => {}));
  }
  let presence: Presence | undefined;
  const stop = async () => {
    await Promise.all([readers.end(), writers.end()]);
    // Last, so that nothing is called left behind that was still being written.
    await presence?.release();
  };

  try {
    await migratePostgres();
    presence = await holdPresence({
      newClient: (config) => new pg.Client({ ...shared, ...config }),
      log,
      where,
    });
    const commits = createGroupCommit(async (group) => {
      const client = await writers.connect().catch((error: unknown) => {
        throw postgresError(error, where);
      });
      try {
        return await commitGroup(client, group, where);
      } finally {
        client.release();
      }
    });
    const db = new Kysely<Database>({
      dialect: createDialect('postgres', {
        async read({ sql, parameters }) {
          try {
            const { rows } = await readers.query<Record<string, unknown>>(sql, parameters);
            return { rows, affected: 0 };
          } catch (error) {
            throw postgresError(error, where);
          }
        },
        write: commits.write,
      }),
    });
    const write: Store['write'] = async (statements) =>
      commits.write(statements.map((statement) => toStatement(statement.compile())));
    const blobs = await openBlobChunks({ db, write, now });
    let closed: Promise<void> | undefined;
    return {
      kind: 'postgres',
      node: { id: presence.id },
      db,
      write,
      text: createPostgresTextIndex(db),
      blobs,
      close() {
        closed ??= commits.idle().then(stop);
        return closed;
      },
    };
  } catch (error) {
    await stop();
    throw postgresError(error, where);
  }

  async function migratePostgres(): Promise<void> {
    const client = await readers.connect();
    const run = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;
    try {
      await run('begin');
      // Nodes that start together take turns; the second finds nothing left to do.
      await run(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      await migrate({ kind: 'postgres', run, where, now, ...(migrations ? { migrations } : {}) });
      await run('commit');
      client.release();
    } catch (error) {
      // Closing the connection is what rolls back.
      client.release(true);
      throw error;
    }
  }
}

/** Host, port and database of an address, without its user and password. */
function placeOf(databaseUrl: string): string {
  try {
    const { host, pathname } = new URL(databaseUrl);
    return `${host || 'localhost'}${pathname}`;
  } catch {
    return 'in DATABASE_URL';
  }
}
