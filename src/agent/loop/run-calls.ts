// The tool calls of one step: asked for where a rule says so, run side by side where they only read and one after the
// other where they have an effect, each written down before it may have that effect and after it had it.

import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import { noticeOf } from '../../contracts/notice.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { ToolContext, ToolDefinition, ToolEvent, ToolResult, Workspace } from '../../contracts/tool.ts';
import type { Log } from '../../lib/log.ts';
import type { Ledger, OpenSpan } from '../../monitoring/ledger.ts';
import { needsApproval } from '../../tools/approval.ts';
import { readInput } from '../../tools/read-input.ts';
import { type RunToolOptions, runTool } from '../../tools/run-tool.ts';
import { errorResult, withNotice } from '../../tools/tool-result.ts';
import type { Approvals } from '../approvals.ts';
import { figuresNotice } from '../figures.ts';
import type { RunWriter } from '../run-log.ts';
import {
  inventedFigures,
  isSentBack,
  sentBack,
  type Told,
  toldFigures,
  wasSentBack,
} from './check-figures.ts';
import { type CallRecord, REPEATED, type RunState, type StepRecord } from './run-state.ts';

export interface RunCallsOptions {
  step: StepRecord;
  state: RunState;
  agent: string;
  identity: Identity;
  conversationId: string | null;
  source: string;
  writer: RunWriter;
  /** Goes into the state of the run and into its log. */
  append: (event: RunEvent) => void;
  approvals: Approvals;
  /** @throws AtelierError tool_not_found */
  toolOf(name: string): ToolDefinition;
  /** The agent's rule, else the person's; undefined: the tool's own. */
  ruleOf(name: string): string | undefined;
  workspace: Workspace;
  ledger: Ledger;
  languageModel: NonNullable<RunToolOptions['languageModel']>;
  /** The span of the step. */
  span: OpenSpan;
  log: Log;
  /** How often the same call with the same outcome may be made. */
  repeats: number;
  /** What the model was told beside the results. */
  told: Told;
  /** Whether a call whose figures stand nowhere goes back to the model once. */
  sendsBack: boolean;
}

export async function runCalls(options: RunCallsOptions): Promise<void> {
  const waiting = options.step.calls.filter((call) => call.result === null);
  refuseRepeated(options, waiting);
  checkFigures(options, waiting);
  const due = waiting.filter((call) => call.result === null);
  const unasked = await askForApproval(options, due);
  const reading = due.filter((call) => call.effect === 'read');
  const inOrder = async () => {
    for (const call of due) if (call.effect !== 'read') await runOne(options, call, unasked);
  };
  // All are waited for, also when one fails: none may write into a run that has ended.
  const outcomes = await Promise.allSettled([
    ...reading.map((call) => runOne(options, call, unasked)),
    inOrder(),
  ]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** The tool, or null where there is none of that name; calling it then says so to the model. */
function toolOrNull(options: RunCallsOptions, name: string): ToolDefinition | null {
  try {
    return options.toolOf(name);
  } catch (thrown) {
    if (isAtelierError(thrown) && thrown.code === 'tool_not_found') return null;
    throw thrown;
  }
}

const sameCall = (a: CallRecord, b: CallRecord) =>
  a.toolName === b.toolName && JSON.stringify(a.input) === JSON.stringify(b.input);

const FAILING_REPEATS = 2;

/** A call that was made before, with nothing changed since, brings nothing new. */
function refuseRepeated({ state, append, repeats }: RunCallsOptions, calls: readonly CallRecord[]): void {
  const past = state.steps.flatMap((step) => step.calls);
  for (const call of calls) {
    if (call.started || call.approval !== null) continue;
    const before = past.filter(
      (other) => other !== call && other.result !== null && !isSentBack(other) && sameCall(other, call),
    );
    const last = before.findLast((other) => !other.repeated);
    if (last === undefined) continue;
    const changedSince = past
      .slice(past.indexOf(last) + 1)
      .some((other) => other.effect !== 'read' && other.result !== null && !other.result.isError);
    const sameOutcome = before.filter(
      (other) =>
        JSON.stringify(other.result?.content) === JSON.stringify(last.result?.content) || other.repeated,
    );
    const failed = last.result?.isError === true;
    const allowed = failed ? Math.min(repeats, FAILING_REPEATS) : repeats;
    if (sameOutcome.length < allowed || (call.effect === 'read' && changedSince)) continue;
    const error = new AtelierError(
      'conflict',
      failed
        ? `The same call of ${call.toolName} has failed before, so it was not made again. Change the input, use another tool, or answer with what you have.`
        : `The same call of ${call.toolName} was made before; its result stands above, so it was not made again. Go on with what is left to do, or answer.`,
      { data: { tool: call.toolName, reason: REPEATED, failed } },
    );
    append({
      type: 'run-warning',
      ...noticeOf(
        'call_repeated',
        `The model repeated a call of ${call.toolName} with the same input; it was not run again.`,
        { tool: call.toolName },
      ),
    });
    append({ type: 'tool-result', toolCallId: call.toolCallId, result: errorResult(error) });
  }
}

/** Before anybody is asked: what would leave figures behind that stand nowhere. */
function checkFigures(options: RunCallsOptions, calls: readonly CallRecord[]): void {
  const { state, append, told, sendsBack } = options;
  const known = toldFigures(told, state);
  if (known === null) return;
  for (const call of calls) {
    if (call.started || call.approval !== null || call.result !== null) continue;
    const figures = inventedFigures(call, known);
    if (figures.length === 0) continue;
    if (!sendsBack || wasSentBack(state, call)) append({ type: 'run-warning', ...figuresNotice(figures) });
    else
      append({
        type: 'tool-result',
        toolCallId: call.toolCallId,
        result: errorResult(sentBack(call, figures, state)),
      });
  }
}

/**
 * All questions of a step are asked at once, and stored before anybody sees them answered.
 * @returns the calls that nobody was asked about because they cannot run: if their tool would take them after all, they
 * must not run either
 */
async function askForApproval(
  options: RunCallsOptions,
  calls: readonly CallRecord[],
): Promise<ReadonlySet<CallRecord>> {
  const { writer, append, approvals, identity, workspace } = options;
  const unasked = new Set<CallRecord>();
  const statements = [];
  for (const call of calls) {
    if (call.approval !== null || call.started) continue;
    const tool = toolOrNull(options, call.toolName);
    if (tool === null) {
      unasked.add(call);
      continue;
    }
    const context = { identity, workspace, runId: writer.id };
    const { needed, rule, problem } = await needsApproval(
      tool,
      call.input,
      context,
      options.ruleOf(tool.name) ?? tool.approval,
    );
    if (!(await isValid(tool, call.input))) unasked.add(call);
    if (!needed || unasked.has(call)) continue;
    const { id, statement } = approvals.ask({
      runId: writer.id,
      userId: identity.userId,
      conversationId: options.conversationId,
      agent: options.agent,
      call,
      rule,
      problem,
    });
    // Who sees the question may answer it at once, so it is stored first.
    writer.hold();
    append({ type: 'tool-approval-request', approvalId: id, toolCallId: call.toolCallId, rule, problem });
    statements.push(statement);
  }
  if (statements.length === 0) return unasked;
  await writer.flush(statements);
  approvals.asked(identity.userId);
  return unasked;
}

/** What does not fit the tool is refused by it; nobody needs to be asked. */
const isValid = async (tool: ToolDefinition, input: unknown) =>
  'value' in (await tool.inputSchema.validate(readInput(input)));

/** The tool as it refuses what it would refuse anyway; it does nothing. */
const refusing = (tool: ToolDefinition): ToolDefinition => ({
  ...tool,
  execute() {
    throw new AtelierError(
      'conflict',
      `${tool.name} changed while it was being called, and nobody was asked for approval; it did not run. Call it again.`,
      { data: { tool: tool.name }, retryable: true },
    );
  },
});

async function runOne(
  options: RunCallsOptions,
  call: CallRecord,
  unasked: ReadonlySet<CallRecord>,
): Promise<void> {
  const { writer, append } = options;
  const { toolCallId } = call;
  const finish = (result: ToolResult) => append({ type: 'tool-result', toolCallId, result });

  const tool = toolOrNull(options, call.toolName);
  if (call.started && call.effect !== 'read' && tool?.repeatable !== true)
    return finish(mayHaveHappened(call));
  if (call.approval !== null && !(await isApproved(options, call, call.approval))) return;

  append({ type: 'tool-start', toolCallId });
  if (call.effect !== 'read') await writer.flush();
  const { toolOf } = options;
  finish(
    await perform(
      unasked.has(call) ? { ...options, toolOf: (name) => refusing(toolOf(name)) } : options,
      call,
    ),
  );
  if (call.effect !== 'read') await writer.flush();
}

function mayHaveHappened({ toolName }: CallRecord): ToolResult {
  return errorResult(
    new AtelierError(
      'interrupted',
      `The program ended while ${toolName} was running. It may have had its effect; look before you call it again.`,
      { data: { tool: toolName } },
    ),
  );
}

/** False once a refusal stands as the call's result. */
async function isApproved(
  options: RunCallsOptions,
  call: CallRecord,
  approval: NonNullable<CallRecord['approval']>,
): Promise<boolean> {
  const { append, approvals, writer, ledger, span, identity, conversationId } = options;
  if (approval.answered === null) {
    const wait = ledger.startSpan({
      traceId: span.traceId,
      parentId: span.spanId,
      name: `wait_for_approval ${call.toolName}`,
      kind: 'agent',
      userId: identity.userId,
      conversationId,
      attributes: { 'atelier.approval.id': approval.id, 'atelier.approval.rule': approval.rule },
      input: call.input,
    });
    try {
      const answer = await approvals.answerOf(approval.id, writer.signal);
      append({
        type: 'tool-approval-response',
        approvalId: approval.id,
        toolCallId: call.toolCallId,
        approved: answer.decision === 'yes',
        input: answer.input === undefined ? call.input : answer.input,
        reason: answer.reason ?? null,
      });
      wait.end({
        status: 'ok',
        output: answer,
        attributes: { 'atelier.approval.decision': answer.decision, 'atelier.approval.edited': call.edited },
      });
    } catch (thrown) {
      wait.end({ status: 'cancelled' });
      throw thrown;
    }
  }
  // The event has changed the record that `approval` was taken from.
  const answered = call.approval?.answered;
  if (answered?.approved === true) return true;
  const reason = answered?.reason ? ` Their reason: ${answered.reason}` : '';
  append({
    type: 'tool-result',
    toolCallId: call.toolCallId,
    result: errorResult(
      new AtelierError(
        'forbidden',
        `The person refused this call of ${call.toolName}.${reason} Do not ask for it again; go on without it or answer.`,
        { data: { tool: call.toolName } },
      ),
    ),
  });
  return false;
}

const PROGRESS_EVERY_MS = 200;

async function perform(options: RunCallsOptions, call: CallRecord): Promise<ToolResult> {
  const { identity, workspace, writer, conversationId, span, log, append } = options;
  const { toolCallId, toolName, input } = call;
  let lastAt = 0;
  let over = false;
  const emit = (event: ToolEvent) => {
    const at = performance.now();
    if (over || at - lastAt < PROGRESS_EVERY_MS) return;
    lastAt = at;
    append(
      event.type === 'tool-progress'
        ? { ...event, toolCallId, output: null }
        : { type: 'tool-progress', toolCallId, done: null, total: null, message: null, output: event.text },
    );
  };
  const context: Omit<ToolContext, 'toolCallId'> = {
    signal: writer.signal,
    identity,
    workspace,
    runId: writer.id,
    conversationId,
    trace: { traceId: span.traceId, spanId: span.spanId },
    log,
    emit,
  };
  try {
    const result = await runTool({
      resolve: options.toolOf,
      call: { toolCallId, toolName, input },
      context,
      ledger: options.ledger,
      source: options.source,
      languageModel: options.languageModel,
    });
    const note = 'The person changed the input of this call before it ran.';
    if (!call.edited) return result;
    const shown = `[${note} It was: ${JSON.stringify(input)}]`;
    return {
      ...withNotice(result, noticeOf('input_changed', note)),
      content: [...result.content, { type: 'text', text: shown }],
    };
  } finally {
    over = true;
  }
}
