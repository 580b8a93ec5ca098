// What an answer took, as the line under it shows: measured on the way, priced once at the end.
import type { LanguageModelV4StreamPart, SharedV4Warning } from '@ai-sdk/provider';
import type { Receipt } from '../contracts/conversation.ts';
import { atelierMetadataSchema } from '../contracts/model.ts';
import { noUsage, type Usage } from '../contracts/money.ts';
import { type Notice, noticeOf, noticesOf, saidOf } from '../contracts/notice.ts';
import type { ModelStream } from '../models/model-call.ts';
import { priceOf, toUsage } from '../models/usage.ts';

/** As a run tells it. A provider's own words have no code. */
export function warningNotice(warning: SharedV4Warning): Notice {
  const message = warningText(warning);
  return 'feature' in warning
    ? noticeOf('not_supported', message, { feature: warning.feature })
    : { message };
}

function warningText(warning: SharedV4Warning): string {
  if (warning.type === 'other') return warning.message;
  if (warning.type === 'deprecated') return `${warning.setting}: ${warning.message}`;
  const details = warning.details ? `: ${warning.details}` : '';
  return `The model does not support ${warning.feature}${details}.`;
}

export interface ReceiptMeter {
  part(part: LanguageModelV4StreamPart): void;
  /** `usage`: what a stopped call still reported. `readTokens`: prompt tokens that the engine spoke of. */
  receipt(
    model: ModelStream,
    ended: { reason: string | null; usage: Usage | null; readTokens: number },
  ): Receipt;
}

export function createReceiptMeter(now: () => number): ReceiptMeter {
  const startedAt = now();
  let firstAt: number | null = null;
  let lastAt: number | null = null;
  let usage: Usage | null = null;
  let writeMs: number | undefined;
  let finishReason: string | null = null;
  const said: Notice[] = [];

  return {
    part(part) {
      if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
        lastAt = now();
        firstAt ??= lastAt;
      } else if (part.type === 'stream-start') said.push(...part.warnings.map(warningNotice));
      else if (part.type === 'finish') {
        usage = toUsage(part.usage);
        finishReason = part.finishReason.unified;
        const extra = atelierMetadataSchema.safeParse(part.providerMetadata?.atelier ?? {}).data;
        writeMs = extra?.timings?.writeMs;
        said.push(...noticesOf(extra ?? {}));
      }
    },
    receipt({ model, traceId, spanId, routed }, ended) {
      const known = usage ?? ended.usage;
      const isCached = routed?.cache === 'hit';
      const { cost, note } = isCached
        ? { cost: { kind: 'none' } as const, note: null }
        : priceOf(known, model.price);
      if (note !== null) said.push(note);
      else if (known === null)
        said.push(noticeOf('counts_missing', 'The model reported no token counts for this answer.'));
      const wroteMs = writeMs ?? (firstAt === null || lastAt === null ? 0 : lastAt - firstAt);
      const written = known?.output ?? 0;
      return {
        model: model.id,
        place: model.place,
        usage: known ?? { ...noUsage, input: ended.readTokens },
        cost,
        finishReason: ended.reason ?? finishReason ?? 'other',
        timeToFirstTokenMs: firstAt === null ? null : Math.round((firstAt - startedAt) * 10) / 10,
        durationMs: Math.round(now() - startedAt),
        tokensPerSecond:
          written > 1 && wroteMs > 0 ? Math.round(((written - 1) / wroteMs) * 10_000) / 10 : null,
        traceId,
        spanId,
        ...saidOf(said),
        ...(routed && (routed.fallback || isCached) ? { routed } : {}),
      };
    },
  };
}
