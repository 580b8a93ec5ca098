// What the addresses of the agents' pages may ask for.
export const agentTabs = ['agents', 'approvals', 'runs', 'tools', 'servers'] as const;
export type AgentTab = (typeof agentTabs)[number];

export interface AgentsSearch {
  tab?: AgentTab;
  /** A dialog to open: a new agent, or a new MCP server. */
  add?: 'agent' | 'server';
}

export function readAgentsSearch(search: Record<string, unknown>): AgentsSearch {
  const tab = agentTabs.find((one) => one === search.tab);
  return {
    ...(tab && tab !== 'agents' ? { tab } : {}),
    ...(search.add === 'agent' || search.add === 'server' ? { add: search.add } : {}),
  };
}

export const agentViews = ['try', 'runs', 'settings', 'code'] as const;
export type AgentView = (typeof agentViews)[number];

export interface AgentSearch {
  view?: AgentView;
  /** A run that is shown. */
  run?: string;
}

export function readAgentSearch(search: Record<string, unknown>): AgentSearch {
  const view = agentViews.find((one) => one === search.view);
  return {
    ...(view && view !== 'try' ? { view } : {}),
    ...(typeof search.run === 'string' && search.run !== '' ? { run: search.run } : {}),
  };
}
