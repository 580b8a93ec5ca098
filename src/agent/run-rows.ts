// Rows of runs and their events, read and written.
import type { Compilable, Selectable } from 'kysely';
import { AtelierError } from '../contracts/errors.ts';
import type { LoggedEvent, Run, RunEvent } from '../contracts/run.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { WorkOrder } from './agents.ts';

const ROWS_A_STATEMENT = 500;

export type RunRow = Selectable<Database['runs']>;

export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    kind: row.kind,
    userId: row.user_id,
    conversationId: row.conversation_id,
    messageId: row.message_id,
    agent: row.agent,
    task: taskOf(row),
    status: row.status as Run['status'],
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}

const TASK_CHARACTERS = 300;

function taskOf({ work_order }: RunRow): string | null {
  if (work_order === null) return null;
  const { prompt } = JSON.parse(work_order) as Partial<WorkOrder>;
  const asked = prompt?.findLast(({ role }) => role === 'user');
  if (asked?.role !== 'user') return null;
  const text = asked.content.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return null;
  return line.length <= TASK_CHARACTERS ? line : `${line.slice(0, TASK_CHARACTERS).toWellFormed()}…`;
}

/** @throws AtelierError not_found, also for another person's run */
export async function runOf({ db }: Store, id: string, userId: string): Promise<Run> {
  const row = await db
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (row === undefined) throw new AtelierError('not_found', `There is no run ${id}.`, { data: { id } });
  return toRun(row);
}

export function insertEvents({ db }: Store, runId: string, events: readonly LoggedEvent[]): Compilable[] {
  const statements: Compilable[] = [];
  for (let from = 0; from < events.length; from += ROWS_A_STATEMENT) {
    const rows = events.slice(from, from + ROWS_A_STATEMENT).map(({ seq, at, event }) => ({
      run_id: runId,
      seq,
      at,
      event: JSON.stringify(event),
    }));
    statements.push(db.insertInto('run_events').values(rows));
  }
  return statements;
}

export async function selectEvents(
  { db }: Store,
  runId: string,
  after: number,
  limit: number,
): Promise<LoggedEvent[]> {
  const rows = await db
    .selectFrom('run_events')
    .select(['seq', 'at', 'event'])
    .where('run_id', '=', runId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(({ seq, at, event }) => ({ seq, at, event: JSON.parse(event) as RunEvent }));
}
