// Runs an agent and tells how it ended. What stands in the run's log already is taken up, so that a run goes on after a
// kill where it was, in the same trace. The loop itself is loop/agent-loop.ts.
import { createHash } from 'node:crypto';
import type { PlanItem } from '../contracts/agent.ts';
import { type AtelierError, toAtelierError } from '../contracts/errors.ts';
import type { LoggedEvent, RunEvent } from '../contracts/run.ts';
import { attribute } from '../contracts/span.ts';
import type { Ledger, OpenSpan } from '../monitoring/ledger.ts';
import { agentScope } from './agent-scope.ts';
import type { AgentRunner, RunFinish, WorkOrder } from './agents.ts';
import { runLoop } from './loop/agent-loop.ts';
import { countFirstStep } from './loop/count-first-step.ts';
import { applyEvent, newRunState } from './loop/run-state.ts';
import type { LoopParts, RunInHand } from './loop/step-context.ts';
import type { RunLog } from './run-log.ts';
import { runReceipt } from './run-receipt.ts';

export interface AgentRunnerOptions extends LoopParts {
  runs: Pick<RunLog, 'events'>;
}

/** A run that this process is working on, as others may reach into it. */
export interface LiveAgentRun {
  userId: string;
  setPlan(items: PlanItem[]): void;
}

export interface AgentRunners extends AgentRunner {
  /** Undefined when this process does not work on that run. */
  live(runId: string): LiveAgentRun | undefined;
}

const hex = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

/** The same after a kill, so that the run goes on in the trace and the span where it began. */
export const traceOf = (
  runId: string,
  parent?: { traceId: string },
): { traceId: string; spanId: string } => ({
  traceId: parent?.traceId ?? hex(`trace of ${runId}`, 32),
  spanId: hex(`agent span of ${runId}`, 16),
});

export function createAgentRunner(options: AgentRunnerOptions): AgentRunners {
  const live = new Map<string, LiveAgentRun>();
  const { ledger, log, runs, approvals } = options;

  return {
    live: (runId) => live.get(runId),
    count: (order, model) => countFirstStep(options, order, model),
    async run(order, writer, append) {
      const state = newRunState();
      const history: LoggedEvent[] = [];
      let failure: AtelierError | null = null;
      try {
        history.push(...(await runs.events(writer.id)));
      } catch (thrown) {
        failure = toAtelierError(thrown);
      }
      for (const { event } of history) applyEvent(state, event);
      const { userId } = order.context.identity;
      const run: RunInHand = {
        order,
        writer,
        state,
        span: openSpan(ledger, order, writer.id, history),
        emit(event: RunEvent) {
          applyEvent(state, event);
          append(event);
        },
        model: null,
        // What an earlier process took counts too.
        begunAt: history[0]?.at ?? Date.now(),
        times: { firstTokenMs: null, writeMs: 0, writtenTokens: 0 },
        notes: [],
        finishReason: 'other',
      };
      live.set(writer.id, { userId, setPlan: (items) => run.emit({ type: 'plan', items }) });
      try {
        if (failure !== null) throw failure;
        await runLoop(options, run);
        return finishOf(run, 'complete', null);
      } catch (thrown) {
        const error = toAtelierError(thrown);
        if (writer.signal.aborted)
          return finishOf(run, writer.signal.reason === 'shutdown' ? 'interrupted' : 'stopped', null);
        if (error.code === 'internal')
          log.error('a run of an agent failed', { run: writer.id, message: error.message });
        return finishOf(run, 'failed', error);
      } finally {
        live.delete(writer.id);
        // A run that the program's stop interrupts goes on later, and its questions stay open.
        if (writer.signal.reason !== 'shutdown')
          await approvals.withdraw(writer.id, userId).catch((error: unknown) => {
            log.error('open approvals of a run could not be closed', {
              run: writer.id,
              error: String(error),
            });
          });
      }
    },
  };
}

function finishOf(run: RunInHand, status: RunFinish['status'], error: AtelierError | null): RunFinish {
  const { state, span, model } = run;
  const reason = status === 'complete' ? run.finishReason : status === 'failed' ? 'error' : status;
  span.end({
    status: status === 'complete' ? 'ok' : status === 'failed' ? 'error' : 'cancelled',
    error: error?.toJSON() ?? null,
    model: model?.id ?? null,
    output: state.output ?? state.steps.at(-1)?.text ?? null,
    attributes: {
      'atelier.agent.steps': state.steps.length,
      [attribute.finishReasons]: [reason],
      ...(error === null ? {} : { [attribute.errorType]: error.code }),
    },
  });
  const durationMs = Date.now() - run.begunAt;
  const receipt =
    model === null ? null : runReceipt(model, state, { ...run.times, durationMs }, span, reason, run.notes);
  return { type: 'run-finish', status, receipt, error: error?.toJSON() ?? null };
}

/** Events that say no more than that somebody has begun. */
const opening = new Set<RunEvent['type']>(['run-start', 'run-status']);

function openSpan(
  ledger: Ledger,
  order: WorkOrder,
  runId: string,
  history: readonly LoggedEvent[],
): OpenSpan {
  const { agent, context } = order;
  const { traceId, spanId } = traceOf(runId, context.parent);
  const resumed = history.some(({ event }) => !opening.has(event.type));
  return ledger.startSpan({
    traceId,
    spanId,
    ...(resumed ? { reopens: { spanId, startUs: (history[0]?.at ?? 0) * 1000 } } : {}),
    parentId: context.parent?.spanId ?? null,
    name: `invoke_agent ${agent.name}`,
    kind: 'agent',
    userId: context.identity.userId,
    conversationId: context.conversationId ?? null,
    source: context.source,
    keyId: context.identity.keyId ?? null,
    app: agentScope(agent.name),
    attributes: {
      [attribute.operation]: 'invoke_agent',
      'gen_ai.agent.name': agent.name,
      'gen_ai.agent.id': agent.id,
      [attribute.requestModel]: order.model ?? agent.model,
      'atelier.run.id': runId,
    },
    input: order.prompt,
  });
}
