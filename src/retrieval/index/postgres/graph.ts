// The graph (HNSW) over the vectors of one size, for sets in which comparing all takes too long. Building one over many
// rows locks the table for minutes, so it is made while there are few; where there are many already, the log says what
// an administrator may run. Without it a search compares all vectors: slower, never wrong.
import { type Compilable, type RawBuilder, sql } from 'kysely';
import type { Log } from '../../../lib/log.ts';
import type { Store } from '../../../store/store.ts';
import { SETUP_LOCK, type VectorType } from './pgvector.ts';

/** Vectors of the searched collections from which the graph is quicker than comparing all (20,000: about 10 ms). */
export const GRAPH_FROM = 20_000;
/** What one search of the graph returns, and how widely it looks: recall against speed. */
export const GRAPH_LIMIT = 200;
const EF_SEARCH = 500;
/** A build over so many takes a second or two. */
const BUILT_AT_ONCE = 5_000;

export const neighboursFunction = (dimensions: number): string => `passage_neighbours_${dimensions}`;
const graphName = (dimensions: number) => `passage_vectors_graph_${dimensions}`;

export interface VectorGraph {
  /** Whether there is one for this size. */
  has(dimensions: number): Promise<boolean>;
  /** Vectors of this size are stored: see that there is one. */
  ensure(dimensions: number, vectors: VectorType): Promise<void>;
}

export function createVectorGraph({ store, log }: { store: Store; log: Log }): VectorGraph {
  const { db } = store;
  const known = new Map<number, Promise<boolean>>();
  /** Sizes that were looked after; what was refused then stays so until the next start. */
  const tried = new Set<number>();

  async function look(dimensions: number): Promise<boolean> {
    const { rows } = await sql`select 1 from pg_class c join pg_index i on i.indexrelid = c.oid
      where c.relname = ${graphName(dimensions)} and c.relnamespace = current_schema()::regnamespace and i.indisvalid
        and exists (select 1 from pg_proc p where p.proname = ${neighboursFunction(dimensions)}
          and p.pronamespace = c.relnamespace)`.execute(db);
    return rows.length > 0;
  }

  function has(dimensions: number): Promise<boolean> {
    const found = known.get(dimensions) ?? look(dimensions);
    known.set(dimensions, found);
    found.catch(() => known.delete(dimensions));
    return found;
  }

  return {
    has,
    async ensure(dimensions, vectors) {
      if (tried.has(dimensions) || (await has(dimensions))) return;
      tried.add(dimensions);
      const { rows } = await sql<{ count: number }>`select count(*) as count from
        (select 1 from passage_vectors where dimensions = ${sql.lit(dimensions)} limit ${sql.lit(BUILT_AT_ONCE + 1)}) as counted`.execute(
        db,
      );
      const build = (how: string) => `create index ${how} ${graphName(dimensions)} on passage_vectors
        using hnsw ((embedding::${vectors.name}(${dimensions})) ${vectors.schema}.halfvec_cosine_ops)
        with (m = 16, ef_construction = 128) where dimensions = ${dimensions}`;
      const few = (rows[0]?.count ?? 0) <= BUILT_AT_ONCE;
      await store.write([
        statement(sql`select pg_advisory_xact_lock(${sql.lit(SETUP_LOCK)})`),
        ...(few ? [statement(sql.raw(build('if not exists')))] : []),
        statement(sql.raw(searchFunction(dimensions, vectors))),
      ]);
      if (!few)
        log.warn('there is no graph over the vectors: searches in large collections are slow', {
          dimensions,
          run: `${build('concurrently if not exists').replace(/\s+/g, ' ')};`,
        });
      known.delete(dimensions);
    },
  };

  function statement(raw: RawBuilder<unknown>): Compilable {
    return { compile: () => raw.compile(db) };
  }
}

/** Settings of the graph hold for one function only, since reads share connections. */
function searchFunction(dimensions: number, { name, schema }: VectorType): string {
  return `create or replace function ${neighboursFunction(dimensions)}(collections text[], asked ${name})
    returns setof bigint language sql stable
    set hnsw.ef_search = ${EF_SEARCH} set hnsw.iterative_scan = strict_order set hnsw.max_scan_tuples = 100000
    set enable_seqscan = off set enable_sort = off
    as $body$ select number from passage_vectors
      where dimensions = ${dimensions} and collection_id = any(collections)
      order by (embedding::${name}(${dimensions})) operator(${schema}.<=>) (asked::${name}(${dimensions}))
      limit ${GRAPH_LIMIT} $body$`;
}
