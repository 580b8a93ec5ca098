// A span while it is in memory, and the JSON of what it carries. Nothing that a caller hands over can break a batch.
import type { ErrorBody } from '../contracts/errors.ts';
import type { Cost, Usage } from '../contracts/money.ts';
import type { Span } from '../contracts/span.ts';

export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly kind: Span['kind'];
  readonly startUs: number;
  readonly userId: string;
  readonly conversationId: string | null;
  readonly source: string | null;
  readonly keyId: string | null;
  readonly app: string | null;
  /** An earlier process began it, and it was marked as interrupted since. Set back once that is undone in the store. */
  reopened?: boolean;
  endUs: number | null;
  status: Span['status'];
  error: ErrorBody | null;
  model: string | null;
  usage: Usage | null;
  cost: Cost | null;
  timeToFirstTokenMs: number | null;
  attributes: Record<string, unknown>;
  /** Forgotten once it is stored. */
  input: unknown;
  output: unknown;
}

export const keyOf = (span: SpanRecord): string => `${span.traceId}${span.spanId}`;

/** Bytes become their length, so that an image in a prompt is not spelled out digit by digit. */
function replacer(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { type: 'bytes', length: value.byteLength };
  if (typeof value === 'bigint') return value.toString();
  return value;
}

/** JSON of any value; what cannot be written as JSON (a circle) says so instead of failing the batch. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value, replacer) ?? 'null';
  } catch {
    return '"[not serialisable]"';
  }
}
