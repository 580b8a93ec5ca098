// Kysely over any engine that runs one statement at a time: selects go to `read`, the rest to `write`.
// There are no interactive transactions: an atomic change is one `store.write`.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { AtelierError } from '../contracts/errors.ts';
import type { Statement } from './group-commit.ts';
import { toParameters } from './parameters.ts';
import type { StatementResult, Store } from './store.ts';

export interface Engine {
  read(statement: Statement): Promise<StatementResult>;
  write(batch: Statement[]): Promise<StatementResult[]>;
}

export function toStatement({ sql, parameters }: CompiledQuery): Statement {
  return { sql, parameters: toParameters(parameters, sql) };
}

function isSelect({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql));
}

export function createDialect(kind: Store['kind'], engine: Engine): Dialect {
  async function execute<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    const statement = toStatement(compiled);
    if (isSelect(compiled)) return { rows: (await engine.read(statement)).rows as R[] };
    const [result] = await engine.write([statement]);
    return { rows: (result?.rows ?? []) as R[], numAffectedRows: BigInt(result?.affected ?? 0) };
  }
  const connection: DatabaseConnection = {
    executeQuery: execute,
    async *streamQuery<R>(compiled: CompiledQuery) {
      yield await execute<R>(compiled);
    },
  };
  const refuse = async () => {
    throw new AtelierError(
      'internal',
      'The store has no interactive transactions; pass the statements to store.write.',
    );
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => {},
    destroy: async () => {},
  };
  return kind === 'sqlite'
    ? {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => driver,
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      }
    : {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => driver,
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      };
}
