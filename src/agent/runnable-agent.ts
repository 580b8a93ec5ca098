// An agent that is named by whoever wants to look at it or run it. To a limited key one outside its limits is one that is
// not there, in the same words, so that a refusal does not tell what else this program has.
import type { Agent } from '../contracts/agent.ts';
import { AtelierError } from '../contracts/errors.ts';
import { type Identity, mayRun } from '../contracts/identity.ts';
import { agentScope } from './agent-scope.ts';
import type { Agents } from './agents.ts';

export const noAgent = (asked: string) =>
  new AtelierError('not_found', `There is no agent ${asked}.`, { data: { id: asked } });

/** By id or name. @throws AtelierError not_found */
export async function runnableAgent(
  agents: Pick<Agents, 'get'>,
  who: Identity,
  asked: string,
): Promise<Agent> {
  const found = await agents.get(who, asked);
  if (mayRun(who, agentScope(found.name))) return found;
  throw noAgent(asked);
}
