// The agents and their runner, made together: approvals, runs and changes know of each other.
import type { ToolDefinition } from '../contracts/tool.ts';
import type { Store } from '../store/store.ts';
import type { Agents } from './agents.ts';
import { createApprovals } from './approvals.ts';
import { type AgentRunners, createAgentRunner } from './create-agent-runner.ts';
import { createAgents } from './create-agents.ts';
import { createKnowledgeTool, SEARCH_KNOWLEDGE } from './knowledge-tool.ts';
import type { LoopParts } from './loop/step-context.ts';
import type { RunLog } from './run-log.ts';

export interface AgentCoreOptions extends Omit<LoopParts, 'approvals'> {
  store: Store;
  runs: RunLog;
  now?: () => number;
}

export interface AgentCore {
  runner: AgentRunners;
  agents: Agents;
}

export function createAgentCore({ store, runs, now = Date.now, ...parts }: AgentCoreOptions): AgentCore {
  const toolOf = (name: string): ToolDefinition =>
    name === SEARCH_KNOWLEDGE && parts.knowledge !== null
      ? createKnowledgeTool({
          knowledge: parts.knowledge,
          collectionIds: [],
          about: '',
          source: 'page',
          maxPassages: 0,
          maxCharacters: 0,
          sources: () => [],
          onSources: () => undefined,
        })
      : parts.tools.registry.get(name);
  const approvals = createApprovals({
    store,
    now,
    toolOf,
    changed: (userId) => agents.approvalsChanged(userId),
  });
  const runner = createAgentRunner({ ...parts, runs, approvals });
  const { registry, log } = parts;
  const agents = createAgents({ store, runs, registry, runner, approvals, log, now });
  return { runner, agents };
}
