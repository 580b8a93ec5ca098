// An agent as a form holds it: texts while they are typed, and the input that they come to.
import { type Agent, type AgentInput, agentNameSchema } from '../../../../../contracts/agent.ts';
import { isObject } from '../../../lib/json-schema.ts';

export interface AgentDraft {
  title: string;
  name: string;
  description: string;
  instructions: string;
  model: string;
  parameters: AgentInput['parameters'];
  tools: readonly string[];
  knowledge: readonly string[];
  approvals: Readonly<Record<string, string>>;
  planning: boolean;
  maxSteps: string;
  /** JSON text; null: the answer is text. */
  output: string | null;
}

export const exampleSchema = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
};

export const emptyDraft: AgentDraft = {
  title: '',
  name: '',
  description: '',
  instructions: '',
  model: 'default',
  parameters: {},
  tools: [],
  knowledge: [],
  approvals: {},
  planning: true,
  maxSteps: '20',
  output: null,
};

export function draftOf(agent: Agent): AgentDraft {
  return {
    title: agent.title,
    name: agent.name,
    description: agent.description,
    instructions: agent.instructions,
    model: agent.model,
    parameters: agent.parameters,
    tools: agent.tools,
    knowledge: agent.knowledge,
    approvals: agent.approvals,
    planning: agent.planning,
    maxSteps: String(agent.maxSteps),
    output: agent.outputSchema === null ? null : JSON.stringify(agent.outputSchema, null, 2),
  };
}

/** A name for an address out of a title: letters without accents, words joined by a hyphen. */
export function nameOf(title: string): string {
  return title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 48)
    .replace(/-+$/, '');
}

/** A name that nobody has yet. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let n = 2; ; n++) {
    const next = `${name.slice(0, 44)}-${n}`;
    if (!taken.includes(next)) return next;
  }
}

export type DraftFault = 'title' | 'name' | 'taken' | 'steps' | 'output';

/** The input, or which fields are wrong. `taken`: names of the other agents. */
export function inputOf(
  draft: AgentDraft,
  taken: readonly string[],
): { ok: true; input: AgentInput } | { ok: false; faults: DraftFault[] } {
  const faults: DraftFault[] = [];
  if (draft.title.trim() === '') faults.push('title');
  if (!agentNameSchema.safeParse(draft.name).success) faults.push('name');
  else if (taken.includes(draft.name)) faults.push('taken');
  const maxSteps = Number(draft.maxSteps);
  if (!Number.isInteger(maxSteps) || maxSteps < 1 || maxSteps > 100) faults.push('steps');
  const outputSchema = draft.output === null ? null : parsed(draft.output);
  if (outputSchema === undefined) faults.push('output');
  if (faults.length > 0 || outputSchema === undefined) return { ok: false, faults };
  return {
    ok: true,
    input: {
      name: draft.name,
      title: draft.title.trim(),
      description: draft.description.trim(),
      instructions: draft.instructions.trim(),
      model: draft.model,
      parameters: draft.parameters,
      tools: [...draft.tools],
      knowledge: [...draft.knowledge],
      // A rule for a tool that it may not use says nothing.
      approvals: Object.fromEntries(
        Object.entries(draft.approvals).filter(([tool]) => draft.tools.includes(tool)),
      ),
      outputSchema,
      planning: draft.planning,
      maxSteps,
    },
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
