// What a span of retrieval, a tool, an approval or an agent holds, read from the record. What is not there is null or empty.
import type { SearchHit } from '../../../../../contracts/knowledge.ts';
import type { Span } from '../../../../../contracts/span.ts';
import { attribute } from '../../../../../contracts/span.ts';
import type { ToolEffect, ToolResult } from '../../../../../contracts/tool.ts';
import { toolEffects } from '../../../../../contracts/tool.ts';
import { isObject } from '../../../lib/json-schema.ts';

export type SpanView = 'messages' | 'passages' | 'tool' | 'approval' | 'agent';

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** How a span is best read. */
export function viewOf(span: Span): SpanView {
  if (span.kind === 'retrieval') return 'passages';
  if (span.kind === 'tool') return 'tool';
  if (text(span.attributes['atelier.approval.id']) !== null) return 'approval';
  if (span.kind === 'agent' && span.input !== null) return 'agent';
  return 'messages';
}

export interface ReadRetrieval {
  query: string;
  mode: 'hybrid' | 'lexical' | 'vector' | null;
  hits: SearchHit[];
}

export function readRetrieval(span: Span): ReadRetrieval {
  const output = isObject(span.output) ? span.output.hits : span.output;
  const mode = span.attributes['atelier.retrieval.mode'];
  return {
    query: text(span.input) ?? (isObject(span.input) ? (text(span.input.query) ?? '') : ''),
    mode: (['hybrid', 'lexical', 'vector'] as const).find((one) => one === mode) ?? null,
    hits: (Array.isArray(output) ? output : []).filter(
      (hit): hit is SearchHit => isObject(hit) && typeof hit.text === 'string' && isObject(hit.scores),
    ),
  };
}

export interface ReadTool {
  name: string;
  effect: ToolEffect | null;
  input: unknown;
  /** null: nothing came back, or it was not kept. */
  result: ToolResult | null;
}

export function readTool(span: Span): ReadTool {
  const effect = span.attributes['atelier.tool.effect'];
  const content = Array.isArray(span.output)
    ? span.output
    : typeof span.output === 'string'
      ? [{ type: 'text', text: span.output }]
      : null;
  return {
    name: text(span.attributes[attribute.toolName]) ?? span.name,
    effect: toolEffects.find((one) => one === effect) ?? null,
    input: span.input,
    result:
      content === null
        ? null
        : {
            content: content as ToolResult['content'],
            isError: span.status === 'error',
            data: null,
            // The error of the span stands above already.
            error: null,
            notes: [],
          },
  };
}

export interface ReadApproval {
  tool: string;
  rule: string;
  input: unknown;
  decision: 'yes' | 'no' | null;
  edited: boolean;
  reason: string | null;
}

export function readApproval(span: Span): ReadApproval {
  const answer = isObject(span.output) ? span.output : {};
  const decision = span.attributes['atelier.approval.decision'] ?? answer.decision;
  return {
    tool: span.name.slice(span.name.indexOf(' ') + 1),
    rule: text(span.attributes['atelier.approval.rule']) ?? '',
    input: span.input,
    decision: decision === 'yes' || decision === 'no' ? decision : null,
    edited: span.attributes['atelier.approval.edited'] === true || answer.input !== undefined,
    reason: text(answer.reason),
  };
}
