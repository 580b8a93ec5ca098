// Which agents a person has: their own, and those of the house, which an admin or a builder made. What somebody made who
// builds no longer is theirs alone again; what somebody made who has left stays with the house.
import type { Agent } from '../contracts/agent.ts';
import { agentInputSchema } from '../contracts/agent.ts';
import type { Identity } from '../contracts/identity.ts';
import type { Store } from '../store/store.ts';

interface AgentRow {
  id: string;
  user_id: string;
  maker: string | null;
  name: string;
  definition: string;
  created_at: number;
  updated_at: number;
}

const builds = ['admin', 'builder'];

export function toAgent(row: AgentRow): Agent {
  const input = agentInputSchema.parse({ ...(JSON.parse(row.definition) as object), name: row.name });
  return {
    ...input,
    id: row.id,
    source: 'person',
    madeBy: { id: row.user_id, name: row.maker ?? '' },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const rows = (db: Store['db']) =>
  db
    .selectFrom('agents')
    .leftJoin('users', 'users.id', 'agents.user_id')
    .select([
      'agents.id',
      'agents.user_id',
      'users.name as maker',
      'agents.name',
      'agents.definition',
      'agents.created_at',
      'agents.updated_at',
    ]);

/** The oldest first, by which two of one name are told apart. */
export const houseRows = (db: Store['db']) =>
  rows(db).where('users.role', 'in', builds).orderBy('agents.created_at').orderBy('agents.id');

/** Their own first. */
export const rowsFor = (db: Store['db'], { userId }: Identity) =>
  rows(db)
    .where((eb) => eb.or([eb('agents.user_id', '=', userId), eb('users.role', 'in', builds)]))
    .orderBy((eb) => eb.case().when('agents.user_id', '=', userId).then(0).else(1).end())
    .orderBy('agents.created_at')
    .orderBy('agents.id');
