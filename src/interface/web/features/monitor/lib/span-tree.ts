// A trace's spans as the rows of a tree, with bars on one time axis, and the sums that must add up.
import type { Cost, Usage } from '../../../../../contracts/money.ts';
import type { Span } from '../../../../../contracts/span.ts';

export interface SpanRow {
  span: Span;
  depth: number;
  hasChildren: boolean;
  /** Start and length of the bar, as parts of the whole (0 to 1). */
  offset: number;
  length: number;
}

/** Depth first, children by start. A span whose parent is missing stands at the root. */
export function spanRows(spans: readonly Span[], nowUs: number): SpanRow[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const children = new Map<string | null, Span[]>();
  for (const span of spans) {
    const parent = span.parentId !== null && ids.has(span.parentId) ? span.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const { startUs, lengthUs } = axisOf(spans, nowUs);
  const rows: SpanRow[] = [];
  const seen = new Set<string>();
  const walk = (parent: string | null, depth: number) => {
    const level = [...(children.get(parent) ?? [])].sort((a, b) => a.startUs - b.startUs);
    for (const span of level) {
      if (seen.has(span.spanId)) continue;
      seen.add(span.spanId);
      const end = span.endUs ?? Math.max(nowUs, span.startUs);
      rows.push({
        span,
        depth,
        hasChildren: (children.get(span.spanId) ?? []).length > 0,
        offset: (span.startUs - startUs) / lengthUs,
        length: Math.min(1, (end - span.startUs) / lengthUs),
      });
      walk(span.spanId, depth + 1);
    }
  };
  walk(null, 0);
  return rows;
}

/** From the first start to the last end; an open span reaches to now. */
export function axisOf(spans: readonly Span[], nowUs: number): { startUs: number; lengthUs: number } {
  const startUs = Math.min(...spans.map((span) => span.startUs));
  const endUs = Math.max(...spans.map((span) => span.endUs ?? Math.max(nowUs, span.startUs)));
  return { startUs, lengthUs: Math.max(1, endUs - startUs) };
}

/** Only spans that carry a cost were charged; their tokens and money are the trace's. */
export function charged(spans: readonly Span[]): Span[] {
  return spans.filter((span) => span.cost !== null);
}

const summed = ['input', 'output', 'cacheRead', 'cacheWrite', 'reasoning'] as const;

export function sumUsage(spans: readonly Span[]): Usage {
  const sum: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
  for (const { usage } of charged(spans)) {
    if (!usage) continue;
    for (const key of summed) sum[key] += usage[key];
  }
  return sum;
}

export interface CostSum {
  /** What is known adds up to this; null when nothing is known. */
  nanoDollars: number | null;
  unknown: number;
  free: number;
}

export function sumCost(spans: readonly Span[]): CostSum {
  const costs = charged(spans).map((span) => span.cost as Cost);
  const known = costs.filter((cost) => cost.kind === 'known');
  return {
    nanoDollars: known.length === 0 ? null : known.reduce((sum, cost) => sum + cost.nanoDollars, 0),
    unknown: costs.filter((cost) => cost.kind === 'unknown').length,
    free: costs.filter((cost) => cost.kind === 'none').length,
  };
}

/** The span that a reader wants first: the task of an agent, else the first model call with content, else the root. */
export function firstSpan(rows: readonly SpanRow[]): Span | undefined {
  const root = rows[0]?.span;
  if (root?.kind === 'agent' && root.input !== null) return root;
  return (
    rows.find(({ span }) => span.kind === 'model' && (span.input !== null || span.error !== null))?.span ??
    rows[0]?.span
  );
}
