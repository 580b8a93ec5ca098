// What the pieces of the loop share: the parts that it is built from, the run in hand, and the options of its next call.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { CallStatus, ModelInfo, Parameters } from '../../contracts/model.ts';
import type { Notice } from '../../contracts/notice.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { ToolDefinition } from '../../contracts/tool.ts';
import type { Log } from '../../lib/log.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { Ledger, OpenSpan } from '../../monitoring/ledger.ts';
import type { Knowledge } from '../../retrieval/knowledge.ts';
import type { ToolRegistry } from '../../tools/tool-registry.ts';
import type { Workspaces } from '../../tools/workspace/create-workspaces.ts';
import { agentScope } from '../agent-scope.ts';
import type { AgentTools } from '../agent-tools.ts';
import type { WorkOrder } from '../agents.ts';
import type { Approvals } from '../approvals.ts';
import type { RunWriter } from '../run-log.ts';
import type { RunTimes } from '../run-receipt.ts';
import { fitPrompt } from './fit-context.ts';
import { callOptions, type ModelStepOptions, type StepKind, type StepMode } from './model-step.ts';
import { correctionsOf } from './output.ts';
import { broughtSomething, type RunState, type StepRecord } from './run-state.ts';
import { constrainedPrompt, nativePrompt, type PromptParts } from './step-prompt.ts';
import type { StopCondition } from './stop-conditions.ts';

export interface LoopParts {
  gateway: Gateway;
  registry: ModelRegistry;
  ledger: Ledger;
  tools: { registry: Pick<ToolRegistry, 'get'>; workspaces: Workspaces };
  /** What the person has set for a tool; undefined: nothing. */
  approvalRule: (toolName: string) => string | undefined;
  approvals: Approvals;
  /** null until there is knowledge. */
  knowledge: Knowledge | null;
  log: Log;
  /** Beside the limit of steps and the guard against repetition. */
  stopWhen?: StopCondition;
  /** Tries of a step whose model fails for a moment, and the wait before the next. */
  retryMs?: number;
}

/** One run while it is worked on. */
export interface RunInHand {
  order: WorkOrder;
  writer: RunWriter;
  /** Into the state and into the log. */
  emit: (event: RunEvent) => void;
  state: RunState;
  span: OpenSpan;
  model: ModelInfo | null;
  begunAt: number;
  times: Omit<RunTimes, 'durationMs'>;
  notes: Notice[];
  finishReason: string;
}

/** What stays the same over the steps of a run. */
export interface StepContext {
  parts: LoopParts;
  run: RunInHand;
  /** Id or alias. */
  asked: string;
  model: ModelInfo;
  mode: StepMode;
  tools: AgentTools;
  onStatus: (status: CallStatus) => void;
}

const RESERVED_TOKENS = 1024;

/** Left for the step itself. */
export const reservedTokens = ({ contextLength }: ModelInfo, { maxOutputTokens }: Parameters): number =>
  Math.min(maxOutputTokens ?? RESERVED_TOKENS, Math.floor((contextLength ?? 4096) / 4));

/** Said once a run. */
export function warn({ state, emit }: RunInHand, notice: Notice): void {
  if (!state.warnings.has(notice.message)) emit({ type: 'run-warning', ...notice });
}

export async function stepOptions(
  context: StepContext,
  kind: StepKind,
  span: OpenSpan,
  block: string,
  change: (prompt: LanguageModelV4Prompt) => LanguageModelV4Prompt = (prompt) => prompt,
): Promise<ModelStepOptions> {
  const { parts, run, asked, model, mode, tools, onStatus } = context;
  const { order, state, writer, emit } = run;
  const { agent } = order;
  const steps = state.steps.filter((step) => step.finished);
  const promptParts: PromptParts = {
    instructions: agent.instructions,
    tools: tools.tools,
    prompt: order.prompt,
    steps,
    plan: state.plan,
    outputSchema: agent.outputSchema,
    corrections: agent.outputSchema === null ? new Map() : await correctionsOf(agent.outputSchema, steps),
    shortened: new Map(),
  };
  const build = mode === 'constrained' ? constrainedPrompt : nativePrompt;
  const parameters: Parameters = { ...agent.parameters, ...order.parameters };
  const options: ModelStepOptions = {
    gateway: parts.gateway,
    asked,
    model,
    mode,
    prompt: [],
    tools: mode === 'constrained' ? withoutResting(tools.tools, steps) : tools.tools,
    kind,
    outputSchema: agent.outputSchema,
    parameters,
    context: {
      ...order.context,
      app: agentScope(agent.name),
      parent: { traceId: span.traceId, spanId: span.spanId },
    },
    signal: writer.signal,
    block,
    append: emit,
    onStatus,
  };
  const { prompt, warnings } = await fitPrompt(promptParts, {
    contextLength: model.contextLength,
    reserve: reservedTokens(model, parameters),
    model: model.id,
    build: (current) => change(build(current)),
    count: (candidate) => parts.gateway.countTokens(model.id, callOptions({ ...options, prompt: candidate })),
  });
  for (const warning of warnings) warn(run, warning);
  return { ...options, prompt };
}

/**
 * A small model that has just read something reads it again when it may, instead of using it: what it read with rests for
 * a step, and so does what it repeated.
 */
function withoutResting(
  tools: readonly ToolDefinition[],
  steps: readonly StepRecord[],
): readonly ToolDefinition[] {
  const resting = (steps.at(-1)?.calls ?? [])
    .filter((call) => call.repeated || (call.effect === 'read' && broughtSomething(call)))
    .map(({ toolName }) => toolName);
  return tools.filter(({ name }) => !resting.includes(name));
}
