// One call of what is served, below a span of its own: the trace's id is known from the start and is the run's id here.
import { agentScope } from '../../../agent/agent-scope.ts';
import type { Served, ServedEvent } from '../../../apps/served/served.ts';
import { AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { Identity } from '../../../contracts/identity.ts';
import type { Ledger } from '../../../monitoring/ledger.ts';
import { agentInput, lastHumanText } from './messages.ts';
import type { ServeConfig } from './read-request.ts';

export interface ServeRunOptions {
  served: Served;
  who: Identity;
  input: unknown;
  config: ServeConfig;
  source: string;
  signal: AbortSignal;
}

export interface ServeRun {
  runId: string;
  traceId: string;
  /** Reading it does the work; it must be read, or returned. */
  events: AsyncIterable<ServedEvent>;
}

/** A trace's id is 16 random bytes, as a UUID is. */
export function toRunId(traceId: string): string {
  return traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** null when it is no UUID. */
export function toTraceId(runId: string): string | null {
  const hex = runId.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) ? hex : null;
}

/** An app takes its own input; messages where it wants none are the text of the last human one. */
function inputFor(served: Served, input: unknown): unknown {
  if (served.kind === 'agent') return agentInput(input);
  const properties = served.inputSchema?.properties;
  const takesMessages = typeof properties === 'object' && properties !== null && 'messages' in properties;
  return takesMessages ? input : (lastHumanText(input) ?? input);
}

export function startRun(ledger: Ledger, options: ServeRunOptions): ServeRun {
  const { served, who, input, config, source, signal } = options;
  const span = ledger.startSpan({
    name: `serve ${served.kind}s/${served.name}`,
    kind: 'request',
    userId: who.userId,
    source,
    keyId: who.keyId ?? null,
    app: served.kind === 'agent' ? agentScope(served.name) : served.name,
    input,
  });
  const { traceId, spanId } = span;

  async function* events(): AsyncGenerator<ServedEvent> {
    let end: Parameters<typeof span.end>[0] = {
      status: 'cancelled',
      error: new AtelierError('cancelled', 'The caller went away.').toJSON(),
    };
    let output: unknown;
    try {
      const stream = served.stream(who, {
        input: inputFor(served, input),
        source,
        signal,
        parent: { traceId, spanId },
        ...(config.model === undefined ? {} : { model: config.model }),
        ...(config.maxSteps === undefined ? {} : { maxSteps: config.maxSteps }),
      });
      for await (const event of stream) {
        if (event.type === 'output') output = event.output;
        // Before it is handed on: a reader may leave at the end without asking for more.
        if (event.type === 'finish') end = { status: 'ok', model: event.receipt.model || null, output };
        yield event;
      }
    } catch (thrown) {
      const error = toAtelierError(thrown);
      end = { status: error.code === 'cancelled' ? 'cancelled' : 'error', error: error.toJSON() };
      throw error;
    } finally {
      span.end(end);
    }
  }
  return { runId: toRunId(traceId), traceId, events: events() };
}
