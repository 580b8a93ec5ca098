// Whose agent it is: a builder changes their own, an admin everybody's. The server decides; the page offers no more.
import type { Agent } from '../../../../../contracts/agent.ts';
import { useRights } from '../../../lib/session.ts';

export interface AgentRights {
  mayChange(agent: Agent): boolean;
  /** The name of who made it, when that is somebody else. */
  madeByOther(agent: Agent): string | null;
}

export function useAgentRights(): AgentRights {
  const { accounts, user, may } = useRights();
  const isOthers = ({ madeBy }: Agent) => accounts && madeBy !== null && madeBy.id !== user?.id;
  return {
    mayChange: (agent) =>
      may('agents') && agent.madeBy !== null && (!isOthers(agent) || user?.role === 'admin'),
    madeByOther: (agent) => (isOthers(agent) ? (agent.madeBy?.name ?? null) : null),
  };
}
