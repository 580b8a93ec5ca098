// What the first step of a run would read, before it is begun: instructions, tools, conversation and question, shortened
// as the run would shorten them. What tools will say comes on top and is not known.
import { isAtelierError } from '../../contracts/errors.ts';
import type { ModelInfo } from '../../contracts/model.ts';
import { chooseTools } from '../agent-tools.ts';
import type { WorkOrder } from '../agents.ts';
import { fitPrompt } from './fit-context.ts';
import { modeOf, passageRoom } from './how-it-calls.ts';
import { callOptions } from './model-step.ts';
import { type LoopParts, reservedTokens } from './step-context.ts';
import { constrainedPrompt, nativePrompt, type PromptParts } from './step-prompt.ts';

/** Null where the model cannot count. */
export async function countFirstStep(
  parts: Pick<LoopParts, 'gateway' | 'tools' | 'knowledge'>,
  order: WorkOrder,
  model: ModelInfo,
): Promise<number | null> {
  const { agent } = order;
  const tools = await chooseTools({
    registry: parts.tools.registry,
    knowledge: parts.knowledge,
    order,
    passages: passageRoom(model),
    sources: () => [],
    onSources: () => undefined,
  });
  const mode = modeOf(model, tools);
  const build = mode === 'constrained' ? constrainedPrompt : nativePrompt;
  const parameters = { ...agent.parameters, ...order.parameters };
  const { outputSchema } = agent;
  const promptParts: PromptParts = {
    instructions: agent.instructions,
    tools: tools.tools,
    prompt: order.prompt,
    steps: [],
    plan: null,
    outputSchema,
    corrections: new Map(),
    shortened: new Map(),
  };
  const count = (prompt: PromptParts['prompt']) =>
    parts.gateway.countTokens(
      model.id,
      callOptions({ mode, tools: tools.tools, outputSchema, kind: 'any', parameters, prompt }),
    );
  try {
    const { prompt } = await fitPrompt(promptParts, {
      contextLength: model.contextLength,
      reserve: reservedTokens(model, parameters),
      model: model.id,
      build,
      count,
    });
    return await count(prompt);
  } catch (thrown) {
    // Nothing is left to shorten: the whole is what does not fit.
    if (isAtelierError(thrown) && thrown.code === 'context_overflow') return count(build(promptParts));
    throw thrown;
  }
}
