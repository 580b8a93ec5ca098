// The agents that Atelier brings. They can be copied and not changed.
import type { Agent } from '../contracts/agent.ts';

const builtin = (
  agent: Pick<Agent, 'name' | 'title' | 'description' | 'instructions' | 'tools'> & Partial<Agent>,
): Agent => ({
  id: `builtin-${agent.name}`,
  model: 'default',
  parameters: {},
  knowledge: [],
  approvals: {},
  outputSchema: null,
  planning: true,
  maxSteps: 20,
  source: 'builtin',
  madeBy: null,
  createdAt: 0,
  updatedAt: 0,
  ...agent,
});

export const ASSISTANT = 'assistant';

export const builtinAgents: readonly Agent[] = [
  builtin({
    name: ASSISTANT,
    title: 'Assistant',
    description:
      'Searches the documents it is given, computes, reads the web, runs JavaScript and writes files.',
    instructions: 'You are a careful assistant that works with tools.',
    tools: [
      'calculator',
      'current_time',
      'web_fetch',
      'run_javascript',
      'list_files',
      'read_file',
      'write_file',
      'append_file',
      'delete_file',
    ],
  }),
  builtin({
    name: 'researcher',
    title: 'Researcher',
    description: 'Answers from the documents it is given, with citations, and keeps notes in files.',
    instructions:
      'You answer from the documents only. Search them first, with other words when the first search is not enough. ' +
      'Cite each fact with the number of its passage, such as [1]. When the documents do not tell, say so.',
    tools: ['calculator', 'read_file', 'write_file', 'list_files'],
  }),
];
