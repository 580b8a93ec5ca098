// What a run of an app took: a query over the ledger, so that every call below the run is counted and each charge once.
import type { AppEvent } from '../contracts/app.ts';
import { type Cost, noUsage, type Usage } from '../contracts/money.ts';
import type { Span } from '../contracts/span.ts';
import type { Ledger, OpenSpan } from '../monitoring/ledger.ts';

export type AppReceipt = Extract<AppEvent, { type: 'finish' }>['receipt'];

const callKinds: readonly Span['kind'][] = ['model', 'embedding'];

/** `model`: what answers when the run asked no model. */
export async function appReceipt(
  ledger: Ledger,
  span: OpenSpan,
  { userId, model, durationMs }: { userId: string; model: string; durationMs: number },
): Promise<AppReceipt> {
  await ledger.flush();
  const { spans } = await ledger.getTrace(span.traceId, userId);
  const own = below(spans, span.spanId);
  const calls = own.filter(({ kind }) => callKinds.includes(kind));
  return {
    model: calls.findLast((call) => call.model !== null)?.model ?? model,
    usage: own.reduce((sum, { usage }) => (usage === null ? sum : addUsage(sum, usage)), noUsage),
    cost: own.reduce<Cost>((sum, { cost }) => (cost === null ? sum : addCost(sum, cost)), { kind: 'none' }),
    calls: calls.length,
    durationMs: Math.round(durationMs),
    traceId: span.traceId,
    spanId: span.spanId,
  };
}

/** The run may hang in a larger trace. */
function below(spans: readonly Span[], rootId: string): Span[] {
  const children = new Map<string, Span[]>();
  for (const span of spans)
    if (span.parentId !== null) children.set(span.parentId, [...(children.get(span.parentId) ?? []), span]);
  const found: Span[] = [];
  const open = [rootId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const child of children.get(id) ?? []) {
      found.push(child);
      open.push(child.spanId);
    }
  }
  return found.sort((a, b) => a.startUs - b.startUs);
}

const addUsage = (a: Usage, b: Usage): Usage => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite: a.cacheWrite + b.cacheWrite,
  reasoning: a.reasoning + b.reasoning,
});

/** One unknown price makes the sum unknown. */
function addCost(a: Cost, b: Cost): Cost {
  if (a.kind === 'unknown' || b.kind === 'unknown') return { kind: 'unknown' };
  if (a.kind === 'none') return b;
  if (b.kind === 'none') return a;
  return { kind: 'known', nanoDollars: a.nanoDollars + b.nanoDollars };
}
