// Whether an agent's model is, by way of aliases and other agents, the agent itself: said before anything runs.
import type { Agent } from '../../contracts/agent.ts';
import { isAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import { loopError } from './served-chain.ts';

const PREFIX = 'agents/';

export interface AgentLoopParts {
  agents: { get(who: Identity, name: string): Promise<Agent> };
  aliases(): Promise<Record<string, string>>;
}

/** @throws AtelierError invalid_request that names the way round */
export async function checkAgentLoop(
  { agents, aliases }: AgentLoopParts,
  who: Identity,
  name: string,
): Promise<void> {
  const known = await aliases();
  const way = [`${PREFIX}${name}`];
  for (let agent = await agents.get(who, name); ; ) {
    const asked = agent.model;
    const model = Object.hasOwn(known, asked) ? (known[asked] ?? asked) : asked;
    if (!model.startsWith(PREFIX)) return;
    const from = way.indexOf(model);
    way.push(model);
    if (from >= 0) throw loopError(way.slice(from));
    try {
      agent = await agents.get(who, model.slice(PREFIX.length));
    } catch (error) {
      // A model that is not there is refused where it is called.
      if (isAtelierError(error) && error.code === 'not_found') return;
      throw error;
    }
  }
}
