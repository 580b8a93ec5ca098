// The root of a turn's trace: what a person asked, from the moment it was taken to the end of its answer. Its ids follow
// from the run's, so that the process that takes an agent's run up after a crash goes on with the same trace.
import { createHash } from 'node:crypto';
import { agentScope } from '../../agent/agent-scope.ts';
import type { RunFinish } from '../../agent/agents.ts';
import type { OpenSpan } from '../../monitoring/ledger.ts';
import type { ChatParts } from './chat-parts.ts';
import type { AnswerOrder } from './write-answer.ts';

export interface RequestIds {
  traceId: string;
  spanId: string;
}

export function requestIds(runId: string): RequestIds {
  const hash = createHash('sha256').update(`request ${runId}`).digest('hex');
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) };
}

function nameOf({ source, way }: AnswerOrder): string {
  const request = `${source} request`;
  if (way.by === 'agent') return `${request} (agent ${way.order.agent.name})`;
  return way.by === 'knowledge' ? `${request} (documents)` : request;
}

export function openRequest({ ledger }: ChatParts, runId: string, order: AnswerOrder): OpenSpan {
  const { who, conversation, answer, path, way, before } = order;
  const ids = requestIds(runId);
  return ledger.startSpan({
    ...ids,
    ...(before === undefined ? {} : { reopens: { spanId: ids.spanId, startUs: answer.createdAt * 1000 } }),
    parentId: null,
    name: nameOf(order),
    kind: 'request',
    userId: who.userId,
    conversationId: conversation.id,
    source: order.source,
    keyId: who.keyId ?? null,
    app: way.by === 'agent' ? agentScope(way.order.agent.name) : null,
    attributes: { 'atelier.run.id': runId },
    input: path.at(-1)?.parts ?? null,
  });
}

/** An agent's run that a stop of the program interrupts goes on in the next process, and so does its request. */
export function endRequest(span: OpenSpan, { status, receipt, error }: RunFinish, output: unknown): void {
  span.end({
    status: status === 'complete' ? 'ok' : status === 'failed' ? 'error' : 'cancelled',
    error,
    model: receipt?.model ?? null,
    timeToFirstTokenMs: receipt?.timeToFirstTokenMs ?? null,
    output,
  });
}
