// Who answers in a conversation: an agent with its tools, the documents, or the model itself.
import type { WorkOrder } from '../../agent/agents.ts';
import { ASSISTANT } from '../../agent/builtin-agents.ts';
import { runnableAgent } from '../../agent/runnable-agent.ts';
import type { Agent } from '../../contracts/agent.ts';
import type { Conversation, Message } from '../../contracts/conversation.ts';
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Place } from '../../contracts/model.ts';
import { checkChosen } from '../../models/check-scope.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import { buildPrompt } from './build-prompt.ts';
import type { ChatParts } from './chat-parts.ts';
import { DEFAULT_MODEL } from './defaults.ts';
import type { RequestIds } from './request-span.ts';

export type AnswerWay = { by: 'model' } | { by: 'knowledge' } | { by: 'agent'; agent: Agent };

/** @throws AtelierError not_found (the agent was removed, or is none that the key may run), invalid_request (this program has no agents or no knowledge) */
export async function wayOf(
  { agents, answers }: Pick<ChatParts, 'agents' | 'answers'>,
  who: Identity,
  conversation: Pick<Conversation, 'agent' | 'tools' | 'knowledge'>,
): Promise<AnswerWay> {
  const { agent, tools, knowledge } = conversation;
  if (agent !== null)
    return { by: 'agent', agent: await runnableAgent(having(agents, 'agents'), who, agent) };
  if (tools.length > 0) {
    const assistant = await runnableAgent(having(agents, 'agents'), who, ASSISTANT);
    return { by: 'agent', agent: { ...assistant, tools: [...tools] } };
  }
  if (knowledge.length === 0) return { by: 'model' };
  having(answers, 'knowledge');
  return { by: 'knowledge' };
}

function having<T>(part: T | null, what: string): T {
  if (part !== null) return part;
  throw new AtelierError('invalid_request', `This program was started without ${what}.`);
}

/** The person's choice for this answer, then for the conversation, then the agent's own. */
export function modelOf(
  way: AnswerWay,
  conversation: Pick<Conversation, 'model'>,
  asked: string | undefined,
): string {
  if (asked !== undefined) return asked;
  return way.by === 'agent' && conversation.model === DEFAULT_MODEL ? way.agent.model : conversation.model;
}

/** What a key may not ask, it may not ask by way of an agent either, unless the agent itself names it. */
export async function checkChosenFor(
  registry: Pick<ModelRegistry, 'plan'>,
  who: Identity,
  way: AnswerWay,
  model: string,
): Promise<void> {
  const own = way.by === 'agent' && model === way.agent.model;
  try {
    await checkChosen(registry, who, own ? undefined : model);
  } catch (thrown) {
    // A model that is still being fetched is waited for, and asked about then.
    if (!isAtelierError(thrown) || thrown.code !== 'model_loading') throw thrown;
  }
}

/** What is stored with the run, so that another process can continue it. */
export function workOrderOf(
  agent: Agent,
  who: Identity,
  conversation: Pick<Conversation, 'id' | 'system' | 'parameters' | 'knowledge'>,
  path: readonly Pick<Message, 'role' | 'parts' | 'status'>[],
  call: { model: string; source: string; place: Place['kind']; parent: RequestIds },
): WorkOrder {
  const instructions = [agent.instructions, conversation.system].filter((text) => text.trim() !== '');
  return {
    agent: { ...agent, instructions: instructions.join('\n\n') },
    prompt: buildPrompt('', path, call.place),
    ...(call.model === agent.model ? {} : { model: call.model }),
    parameters: conversation.parameters,
    knowledge: conversation.knowledge,
    context: { identity: who, source: call.source, conversationId: conversation.id, parent: call.parent },
  };
}
