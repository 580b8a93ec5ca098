// The loop of an agent: plan, then steps of one model call and its tool calls, until an answer stands. It keeps no state
// of its own: everything that matters is in the run's events (run-state.ts).

import { AtelierError, isAtelierError, toAtelierError } from '../../contracts/errors.ts';
import { noticeOf } from '../../contracts/notice.ts';
import { newId } from '../../lib/ids.ts';
import type { OpenSpan } from '../../monitoring/ledger.ts';
import { agentScope } from '../agent-scope.ts';
import { chooseTools } from '../agent-tools.ts';
import { awaitModel } from '../await-model.ts';
import { figuresNotice } from '../figures.ts';
import { throttledStatus } from '../throttled-status.ts';
import { workspaceOf } from '../workspace-of.ts';
import { isSentBack, toldFigures } from './check-figures.ts';
import { modeOf, passageRoom } from './how-it-calls.ts';
import { type StepKind, type StepOutcome, takeModelStep } from './model-step.ts';
import { checkOutput, MAX_CORRECTIONS } from './output.ts';
import { advancePlan, endPlan } from './plan.ts';
import { runCalls } from './run-calls.ts';
import { broughtSomething, type RunState, type StepRecord } from './run-state.ts';
import { type LoopParts, type RunInHand, type StepContext, stepOptions, warn } from './step-context.ts';
import { anyOf, repeatsItself, stepCountIs } from './stop-conditions.ts';
import { writePlan } from './write-plan.ts';

const MAX_TRIES = 3;

export async function runLoop(parts: LoopParts, run: RunInHand): Promise<void> {
  const { order, writer, state, emit } = run;
  let following = true;
  const onStatus = throttledStatus(
    (event) => {
      if (following) emit(event);
    },
    () => undefined,
  );
  try {
    const asked = order.model ?? order.agent.model;
    const { info: model } = await awaitModel(parts.registry, asked, false, writer.signal, onStatus);
    if (model.kind !== 'chat')
      throw new AtelierError('invalid_request', `${model.id} cannot answer. Choose a chat model.`, {
        data: { model: model.id, kind: model.kind },
      });
    run.model = model;
    const tools = await chooseTools({
      registry: parts.tools.registry,
      knowledge: parts.knowledge,
      order,
      passages: passageRoom(model),
      sources: () => state.sources,
      onSources: (sources) => emit({ type: 'sources', sources, verdict: null }),
    });
    for (const warning of tools.warnings) warn(run, warning);
    const context: StepContext = { parts, run, asked, model, mode: modeOf(model, tools), tools, onStatus };
    if (order.agent.planning && tools.tools.length > 0 && state.plan === null && state.steps.length === 0)
      await writePlan(context);
    await takeSteps(context);
    if (hasPlan(state))
      emit({ type: 'plan', items: endPlan(state.plan ?? [], { failed: onlyFailed(state) }) });
  } finally {
    following = false;
  }
}

/** Whether something was tried, and nothing of it worked. */
const onlyFailed = ({ steps }: RunState): boolean => {
  const calls = steps.flatMap((step) => step.calls);
  return calls.length > 0 && calls.every(({ result }) => result?.isError !== false);
};

/** An empty plan says only that one was asked for. */
const hasPlan = ({ plan }: RunState): boolean => (plan?.length ?? 0) > 0;

/**
 * A small model that has its one result, or asks for the same again, calls on and on when it may. Without a plan there is
 * a single thing to do, and it is done.
 */
const hasItsResult = (state: RunState): boolean =>
  state.plan?.length === 0 &&
  (state.steps
    .at(-1)
    ?.calls.some((call) => broughtSomething(call) || call.result?.error?.data.failed === false) ??
    false);

/**
 * With a plan it answers too early: while more than the answer is left and the last call worked, it has to call a tool.
 * Not once something was written: a plan may be wrong, and what it makes happen twice stays.
 */
const mustGoOn = (state: RunState): boolean =>
  (state.plan ?? []).filter(({ status }) => status === 'open' || status === 'doing').length > 1 &&
  state.steps.every(({ calls }) => calls.every((call) => call.effect === 'read')) &&
  (state.steps.at(-1)?.calls.every(broughtSomething) ?? true);

async function takeSteps(context: StepContext): Promise<void> {
  const { parts, run } = context;
  const { state, order, begunAt } = run;
  const stop = anyOf(
    stepCountIs(order.agent.maxSteps),
    repeatsItself(2),
    ...(parts.stopWhen === undefined ? [] : [parts.stopWhen]),
  );
  for (;;) {
    run.writer.signal.throwIfAborted();
    const last = state.steps.at(-1);
    if (last !== undefined && last.calls.length > 0 && !last.finished) {
      // An earlier process had the model's step and not all of its calls.
      await inStepSpan(context, last.number, (span) => finishCalls(context, last, span));
      continue;
    }
    if (last?.finished === true && last.calls.length === 0 && (await isAnswer(context, last))) return;
    const reason = stop({ state, elapsedMs: Date.now() - begunAt });
    if (reason !== null && context.tools.tools.length > 0 && state.steps.length > 0)
      warn(run, { ...reason, message: `${reason.message} The agent answers with what it has.` });
    const number = last === undefined ? 1 : last.finished ? last.number + 1 : last.number;
    if (number > order.agent.maxSteps + MAX_CORRECTIONS)
      throw new AtelierError('model_failed', 'The model did not come to an answer within its steps.', {
        data: { steps: order.agent.maxSteps },
      });
    const small = context.mode === 'constrained';
    const kind =
      reason !== null || (small && hasItsResult(state))
        ? 'answer'
        : small && (mustGoOn(state) || state.steps.at(-1)?.calls.some(isSentBack) === true)
          ? 'tool'
          : 'any';
    await inStepSpan(context, number, (span) => takeStep(context, number, kind, span));
  }
}

/** Whether the text of a step without calls is the answer; with an output schema it must fit. */
async function isAnswer({ run }: StepContext, step: StepRecord): Promise<boolean> {
  const { outputSchema } = run.order.agent;
  if (outputSchema === null || run.state.output !== undefined) return true;
  const faults = await checkOutput(outputSchema, step.text);
  return faults === null;
}

async function inStepSpan(
  { parts, run }: StepContext,
  number: number,
  work: (span: OpenSpan) => Promise<void>,
): Promise<void> {
  const { identity, conversationId } = run.order.context;
  const span = parts.ledger.startSpan({
    traceId: run.span.traceId,
    parentId: run.span.spanId,
    name: `step ${number}`,
    kind: 'agent',
    userId: identity.userId,
    conversationId: conversationId ?? null,
    attributes: { 'atelier.agent.step': number },
  });
  try {
    await work(span);
    span.end({ status: 'ok' });
  } catch (thrown) {
    const cancelled = run.writer.signal.aborted;
    span.end({
      status: cancelled ? 'cancelled' : 'error',
      error: cancelled ? null : toAtelierError(thrown).toJSON(),
    });
    throw thrown;
  }
}

async function takeStep(context: StepContext, number: number, kind: StepKind, span: OpenSpan): Promise<void> {
  const { run, tools } = context;
  const { emit, state, order } = run;
  const outcome = await withRetries(context, async () => {
    emit({ type: 'step-start', step: number });
    const options = await stepOptions(context, kind, span, `s${number}`);
    return takeModelStep(options);
  });
  remember(run, outcome);
  const titles = new Map(tools.tools.map((tool) => [tool.name, tool]));
  // In one go, so that the log has all calls of a step or none.
  for (const { toolName, input } of outcome.calls) {
    const tool = titles.get(toolName);
    emit({
      type: 'tool-call',
      toolCallId: newId('call'),
      toolName,
      title: tool?.title ?? toolName,
      effect: tool?.effect ?? 'read',
      input,
    });
  }
  const step = state.steps.at(-1);
  if (step === undefined) throw new AtelierError('internal', 'A step vanished from the state of its run.');
  if (outcome.calls.length > 0) return finishCalls(context, step, span);
  const { instructions } = order.agent;
  const figures =
    toldFigures({ instructions, prompt: order.prompt }, state)?.unknownIn(outcome.output ?? step.text) ?? [];
  if (figures.length > 0) warn(run, figuresNotice(figures));
  if (outcome.output !== null) await giveOutput(context, number, outcome.output);
  else if (step.text === '' && order.agent.outputSchema === null)
    warn(
      run,
      noticeOf('empty_answer', 'The model gave an empty answer. Ask again, or choose another model.'),
    );
  emit({ type: 'step-finish', step: number });
}

async function finishCalls(context: StepContext, step: StepRecord, span: OpenSpan): Promise<void> {
  const { parts, run, asked, mode, tools } = context;
  const { order, writer, state, emit } = run;
  const { agent } = order;
  const { identity, source } = order.context;
  const conversationId = order.context.conversationId ?? null;
  await runCalls({
    step,
    state,
    agent: agent.name,
    identity,
    conversationId,
    source,
    writer,
    append: emit,
    approvals: parts.approvals,
    toolOf: tools.toolOf,
    ruleOf: (name) =>
      Object.hasOwn(agent.approvals, name) ? agent.approvals[name] : parts.approvalRule(name),
    workspace: await parts.tools.workspaces.open(workspaceOf({ id: writer.id, conversationId })),
    ledger: parts.ledger,
    languageModel: (id, parent) =>
      parts.gateway.languageModel(id ?? asked, { ...order.context, app: agentScope(agent.name), parent }),
    span,
    log: parts.log,
    repeats: mode === 'constrained' ? 1 : 3,
    told: { instructions: agent.instructions, prompt: order.prompt },
    sendsBack: mode === 'constrained',
  });
  if (hasPlan(state) && step.calls.some((call) => call.result?.isError === false))
    emit({ type: 'plan', items: advancePlan(state.plan ?? []) });
  emit({ type: 'step-finish', step: step.number });
}

/** A typed answer: shown once it is known to fit; otherwise the model is told what is wrong and writes again. */
async function giveOutput({ run }: StepContext, number: number, text: string): Promise<void> {
  const { emit, order, state } = run;
  const faults = await checkOutput(order.agent.outputSchema ?? {}, text);
  const block = `s${number}`;
  emit({ type: 'text-start', id: block });
  emit({ type: 'text-delta', id: block, delta: text });
  emit({ type: 'text-end', id: block });
  if (faults === null) {
    emit({ type: 'output', output: JSON.parse(text) as unknown });
    return;
  }
  const tried = state.steps.filter((step) => step.calls.length === 0).length;
  if (tried >= MAX_CORRECTIONS) {
    throw new AtelierError(
      'model_failed',
      `The model's answer does not fit the output schema of ${order.agent.name}: ${faults}. Simplify the schema, or choose another model.`,
      { data: { faults } },
    );
  }
  warn(
    run,
    noticeOf(
      'output_mended',
      `The answer did not fit the output schema (${faults}); the model was asked to mend it.`,
      { faults },
    ),
  );
}

function remember(run: RunInHand, outcome: StepOutcome): void {
  run.times.firstTokenMs ??= outcome.firstTokenMs;
  run.times.writeMs += outcome.writeMs;
  run.times.writtenTokens = run.state.usage.output;
  run.notes.push(...outcome.notes);
  run.finishReason = outcome.finishReason;
}

/** A provider that fails for a moment is asked again; what the failed try had written is done anew. */
async function withRetries<T>({ parts, run }: StepContext, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (thrown) {
      const { signal } = run.writer;
      if (signal.aborted || tries >= MAX_TRIES || !isAtelierError(thrown) || !thrown.retryable) throw thrown;
      run.emit({
        type: 'run-warning',
        ...noticeOf(
          'step_retried',
          `The model failed (${thrown.message}); the step is tried again, ${tries} of ${MAX_TRIES - 1}.`,
          { reason: thrown.message, tries, most: MAX_TRIES - 1 },
        ),
      });
      await pause((parts.retryMs ?? 500) * 2 ** (tries - 1), signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
