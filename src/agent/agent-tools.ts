// The tools of one run: those that the agent names and that are there, and the search in its collections.
import type { Agent } from '../contracts/agent.ts';
import { AtelierError, isAtelierError } from '../contracts/errors.ts';
import type { Source } from '../contracts/knowledge.ts';
import { type Notice, noticeOf } from '../contracts/notice.ts';
import type { ToolDefinition } from '../contracts/tool.ts';
import type { Knowledge } from '../retrieval/knowledge.ts';
import type { ToolRegistry } from '../tools/tool-registry.ts';
import type { WorkOrder } from './agents.ts';
import { createKnowledgeTool, SEARCH_KNOWLEDGE } from './knowledge-tool.ts';

export interface AgentTools {
  tools: readonly ToolDefinition[];
  /** What could not be had, for the person. */
  warnings: readonly Notice[];
  /** @throws AtelierError tool_not_found */
  toolOf(name: string): ToolDefinition;
}

export interface AgentToolsOptions {
  registry: Pick<ToolRegistry, 'get'>;
  knowledge: Knowledge | null;
  order: WorkOrder;
  /** What one search may give to the model. */
  passages: { maxPassages: number; maxCharacters: number };
  sources(): readonly Source[];
  onSources(sources: Source[]): void;
}

export const collectionsOf = (agent: Agent, order: Pick<WorkOrder, 'knowledge'>): string[] => [
  ...new Set([...agent.knowledge, ...order.knowledge]),
];

export async function chooseTools(options: AgentToolsOptions): Promise<AgentTools> {
  const { registry, order } = options;
  const byName = new Map<string, ToolDefinition>();
  const warnings: Notice[] = [];
  for (const name of order.agent.tools) {
    if (name === SEARCH_KNOWLEDGE) continue;
    try {
      byName.set(name, registry.get(name));
    } catch (thrown) {
      if (!isAtelierError(thrown) || thrown.code !== 'tool_not_found') throw thrown;
      warnings.push(
        noticeOf('tool_gone', `The tool ${name} is not there or switched off; the agent works without it.`, {
          tool: name,
        }),
      );
    }
  }
  const search = await searchTool(options, warnings);
  if (search !== null) byName.set(search.name, search);
  // The search first: where documents are given, they are what the question is about.
  const tools = [...byName.values()].sort((a, b) => Number(b === search) - Number(a === search));
  return {
    tools,
    warnings,
    toolOf(name) {
      const tool = byName.get(name);
      // Asked again at each call: a person may switch a tool off while the run goes on.
      if (tool !== undefined) return tool === search ? tool : registry.get(name);
      const names = [...byName.keys()];
      throw new AtelierError(
        'tool_not_found',
        `There is no tool ${JSON.stringify(name)}. There are: ${names.join(', ') || 'none'}.`,
        { data: { name, names } },
      );
    },
  };
}

async function searchTool(options: AgentToolsOptions, warnings: Notice[]): Promise<ToolDefinition | null> {
  const { knowledge, order } = options;
  const wanted = collectionsOf(order.agent, order);
  if (wanted.length === 0) return null;
  if (knowledge === null) {
    warnings.push(
      noticeOf('knowledge_gone', 'There is no knowledge here; the agent works without its documents.'),
    );
    return null;
  }
  const found: string[] = [];
  const about: string[] = [];
  for (const id of wanted) {
    try {
      const { name, description } = await knowledge.getCollection(order.context.identity, id);
      found.push(id);
      about.push(description.trim() === '' ? name : `${name} (${description.trim().slice(0, 200)})`);
    } catch (thrown) {
      if (!isAtelierError(thrown) || thrown.code !== 'not_found') throw thrown;
      if (isOfAnother(order) && order.agent.knowledge.includes(id)) throw notReadable(order, id);
      warnings.push(
        noticeOf('collection_gone', `The collection ${id} is gone; the agent works without it.`, {
          collection: id,
        }),
      );
    }
  }
  if (found.length === 0) return null;
  return createKnowledgeTool({
    knowledge,
    collectionIds: found,
    about: about.join('; '),
    source: order.context.source,
    ...options.passages,
    sources: options.sources,
    onSources: options.onSources,
  });
}

/** Work orders from before agents were shared name no maker. */
const isOfAnother = ({ agent, context }: WorkOrder): boolean =>
  agent.madeBy?.id !== undefined && agent.madeBy.id !== context.identity.userId;

/** Without the documents it was made for it would answer from nothing. */
const notReadable = ({ agent }: WorkOrder, id: string): AtelierError =>
  new AtelierError(
    'forbidden',
    `The agent ${agent.name} searches the collection ${id}, which you may not read${agent.madeBy?.name ? `, or which ${agent.madeBy.name} has deleted` : ''}. Copy the agent and give it a collection of yours.`,
    { data: { agent: agent.name, collection: id } },
  );
