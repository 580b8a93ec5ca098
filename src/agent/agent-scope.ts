// How scopes of keys, budgets and figures spell an agent: beside the names of apps, and told apart from them.

export const agentScope = (name: string): string => `agents/${name}`;
