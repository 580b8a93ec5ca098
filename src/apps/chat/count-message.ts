// How many tokens a message would have a model read, by whoever would answer it: the model, the documents or an agent.
import { isAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { ModelInfo } from '../../contracts/model.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import { checkChosenFor, modelOf, wayOf, workOrderOf } from './answer-way.ts';
import { buildPrompt, callOptions } from './build-prompt.ts';
import type { ChatParts } from './chat-parts.ts';
import type { ConversationInput, MessageCount, SendInput } from './chat-service.ts';
import { conversationOf, messagesOf } from './conversation-rows.ts';
import { DEFAULT_MODEL } from './defaults.ts';
import { groundedQuestion, questionOf } from './grounded-question.ts';
import { checkSize } from './message-input.ts';
import { pathTo } from './message-tree.ts';

/** `id`: null before the conversation is begun. What the input names counts for the conversation's own. */
export async function countMessage(
  parts: ChatParts,
  who: Identity,
  id: string | null,
  input: SendInput & ConversationInput,
): Promise<MessageCount> {
  const { store, gateway, registry } = parts;
  const conversation = id === null ? null : await conversationOf(store, who.userId, id);
  const settings = {
    id: id ?? '',
    model: input.model ?? conversation?.model ?? DEFAULT_MODEL,
    system: input.system ?? conversation?.system ?? '',
    parameters: input.parameters ?? conversation?.parameters ?? {},
    knowledge: input.knowledge ?? conversation?.knowledge ?? [],
    agent: input.agent === undefined ? (conversation?.agent ?? null) : input.agent,
    tools: input.tools ?? conversation?.tools ?? [],
  };
  checkSize(input.parts, settings.system);
  const parentId = input.parentId === undefined ? (conversation?.headId ?? null) : input.parentId;
  const before = conversation === null ? [] : pathTo(await messagesOf(store, conversation.id), parentId);
  const turn = { role: 'user', parts: input.parts, status: 'complete' } as const;
  const path = [...before, turn];
  const way = await wayOf(parts, who, settings);
  const by = way.by === 'knowledge' && questionOf(turn) === '' ? 'model' : way.by;
  const model = modelOf(way, settings, undefined);
  await checkChosenFor(registry, who, way, model);
  const info = await readyModel(registry, model);
  if (info === null) return { tokens: null, contextLength: null, passageTokens: null, by };
  const { contextLength } = info;
  const place = info.place.kind;

  if (way.by === 'agent') {
    const call = { model: info.id, source: 'page', place, parent: { traceId: '', spanId: '' } };
    const order = workOrderOf(way.agent, who, settings, path, call);
    return {
      tokens: (await parts.runner?.count(order, info)) ?? null,
      contextLength,
      passageTokens: null,
      by,
    };
  }
  if (by === 'knowledge' && parts.answers !== null) {
    const question = groundedQuestion(path, settings, info.id, place);
    const { prompt, passageTokens } = await parts.answers.reading(question);
    const tokens = await gateway.countTokens(info.id, callOptions(prompt, settings.parameters));
    return { tokens, contextLength, passageTokens, by };
  }
  const prompt = buildPrompt(settings.system, path, place);
  const options = callOptions(prompt, settings.parameters);
  const tokens = prompt.length === 0 ? 0 : await gateway.countTokens(info.id, options);
  return { tokens, contextLength, passageTokens: null, by };
}

/** Null while it is still being fetched. */
async function readyModel(registry: ModelRegistry, model: string): Promise<ModelInfo | null> {
  try {
    return (await registry.resolve(model)).info;
  } catch (thrown) {
    if (isAtelierError(thrown) && thrown.code === 'model_loading') return null;
    throw thrown;
  }
}
