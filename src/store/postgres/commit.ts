// Runs a group of batches on one PostgreSQL connection, in one transaction that is sent without waiting in between.
// When one of them fails, each batch gets a transaction, and so an outcome, of its own.
import type { PoolClient } from 'pg';
import type { Batch, BatchOutcome } from '../group-commit.ts';
import type { StatementResult } from '../store.ts';
import { isAftermath, isCollision, postgresError } from './errors.ts';

const ATTEMPTS = 4;

export async function commitGroup(
  client: PoolClient,
  group: Batch[],
  where: string,
): Promise<BatchOutcome[]> {
  if (group.length > 1) {
    const together = await transact(client, group.flat());
    if ('results' in together) {
      const left = together.results.values();
      return group.map((batch) => ({ results: [...left.take(batch.length)] }));
    }
  }
  const outcomes: BatchOutcome[] = [];
  for (const batch of group) outcomes.push(await commitAlone(client, batch, where));
  return outcomes;
}

async function commitAlone(client: PoolClient, batch: Batch, where: string): Promise<BatchOutcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await transact(client, batch);
    if ('results' in outcome) return outcome;
    if (attempt >= ATTEMPTS || !isCollision(outcome.error))
      return { error: postgresError(outcome.error, where) };
  }
}

async function transact(
  client: PoolClient,
  statements: Batch,
): Promise<{ results: StatementResult[] } | { error: unknown }> {
  const sent = [
    client.query('begin'),
    ...statements.map(({ sql, parameters }) => client.query<Record<string, unknown>>(sql, parameters)),
    // After a failed statement this is a rollback.
    client.query('commit'),
  ];
  const settled = await Promise.allSettled(sent);
  const failures = settled.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
  if (failures.length > 0) return { error: failures.find((error) => !isAftermath(error)) ?? failures[0] };
  const answers = settled.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  return { results: answers.slice(1, -1).map(({ rows, rowCount }) => ({ rows, affected: rowCount ?? 0 })) };
}
