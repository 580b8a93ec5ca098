// Who writes what, where several programs share a PostgreSQL. A program holds an advisory lock under its number as long as
// it lives (postgres/presence.ts), and rows that are being written carry that number. All of it asks nothing of a store
// that only one program opens.
import { type Compilable, type RawBuilder, type SqlBool, sql } from 'kysely';
import { isAtelierError } from '../contracts/errors.ts';
import type { Store } from './store.ts';

type Shared = Pick<Store, 'db' | 'node'>;

/** What stands in `owner` of a row that this program writes. */
export const ownerOf = ({ node }: Shared): number | null => node?.id ?? null;

/** The numbers under which somebody holds a lock in this database. A lock of one bigint shows as its two halves. */
const living = sql`select (classid::bigint << 32) | objid::bigint from pg_locks
  where locktype = 'advisory' and objsubid = 1 and granted
    and database = (select oid from pg_database where datname = current_database())`;

/** Whether nobody who lives writes the row whose owner stands in `column`. */
export function isLeft({ node }: Shared, column: string): RawBuilder<SqlBool> {
  if (node === null) return sql<SqlBool>`1 = 1`;
  const owner = sql.ref(column);
  return sql<SqlBool>`(${owner} is null or ${owner} <> all (array(${living})))`;
}

/** Whether another program that lives writes the row. */
export function isElsewhere({ node }: Shared, column: string): RawBuilder<SqlBool> {
  if (node === null) return sql<SqlBool>`1 = 0`;
  const owner = sql.ref(column);
  return sql<SqlBool>`(${owner} is not null and ${owner} <> ${node.id} and ${owner} = any (array(${living})))`;
}

/** For a batch that may only be stored while the run is this program's: the batch fails with `isRefused` otherwise. */
export function onlyForOwner({ db, node }: Shared, runId: string): Compilable[] {
  if (node === null) return [];
  // The lock lets nobody take the run over before the batch is stored; without a row, the division fails.
  const query = sql`select 1 / count(*) as one from
    (select 1 from runs where id = ${runId} and owner = ${node.id} for no key update) as mine`;
  return [{ compile: () => query.compile(db) }];
}

/**
 * For a batch that begins a run of a conversation: it fails with `isRefused` while another program that lives writes one
 * there. Two that begin at once take turns.
 */
export function onlyRunOf({ db, node }: Shared, conversationId: string | null): Compilable[] {
  if (node === null || conversationId === null) return [];
  const turn = sql`select pg_advisory_xact_lock(${CONVERSATIONS}, hashtext(${conversationId}))`;
  const query = sql`select 1 / (case when exists (select 1 from runs where conversation_id = ${conversationId}
    and status = 'running' and ${isElsewhere({ db, node }, 'owner')}) then 0 else 1 end) as one`;
  return [turn, query].map((statement) => ({ compile: () => statement.compile(db) }));
}

/** A lock of two integers shows with another `objsubid` and is nobody's number. */
const CONVERSATIONS = 4_242_002;
const DIVISION_BY_ZERO = '22012';

export const isRefused = (error: unknown): boolean =>
  isAtelierError(error) && error.data.sqlstate === DIVISION_BY_ZERO;
