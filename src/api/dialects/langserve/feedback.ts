// POST P/feedback: what a client thinks of a run becomes a score of its trace.
import { z } from '@hono/zod-openapi';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Identity } from '../../../contracts/identity.ts';
import type { Ledger } from '../../../monitoring/ledger.ts';
import { validationError } from '../../errors.ts';
import { readJson } from './read-request.ts';
import { toTraceId } from './serve-run.ts';

const number = z.union([z.number(), z.boolean()]).nullish();
const feedbackSchema = z.object({
  run_id: z.string().refine((id) => toTraceId(id) !== null, 'not a UUID'),
  key: z.string().min(1).max(128),
  score: number,
  value: z.union([z.number(), z.boolean(), z.string(), z.record(z.string(), z.unknown())]).nullish(),
  comment: z.string().max(4000).nullish(),
  correction: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
});

/** The thumb of LangServe's playground, and ours. */
const thumbs: ReadonlySet<string> = new Set(['user_score', 'user.rating']);

/** @throws AtelierError invalid_request, not_found */
export async function giveFeedback(ledger: Ledger, who: Identity, body: string) {
  const parsed = feedbackSchema.safeParse(readJson(body));
  if (!parsed.success) throw validationError(parsed.error.issues);
  const { run_id, key, score, value, comment } = parsed.data;
  const figure = [score, value].find((one) => typeof one === 'number' || typeof one === 'boolean');
  if (figure === undefined)
    throw new AtelierError('invalid_request', 'score: a number or a boolean was expected', {
      data: { faults: [{ path: 'score', message: 'a number or a boolean was expected' }] },
    });
  const traceId = toTraceId(run_id) ?? '';
  await ledger.flush();
  const { spans } = await ledger.getTrace(traceId, who.userId);
  const spanId = spans.find((span) => span.parentId === null)?.spanId ?? '';
  const correction =
    parsed.data.correction === undefined || parsed.data.correction === null
      ? null
      : typeof parsed.data.correction === 'string'
        ? parsed.data.correction
        : JSON.stringify(parsed.data.correction);
  const reason = comment ?? (typeof value === 'string' ? value : null);
  const stored = thumbs.has(key)
    ? await ledger.rate(spanId, traceId, who.userId, {
        value: Number(figure) > 0 ? 1 : -1,
        reason,
        correction,
      })
    : await ledger.score(
        { traceId, spanId, userId: who.userId },
        { name: key, value: Number(figure), reason, correction, source: 'person' },
      );
  const at = new Date(stored?.createdAt ?? Date.now()).toISOString();
  return {
    id: stored?.id ?? '',
    run_id,
    created_at: at,
    modified_at: at,
    key,
    score: Number(figure),
    value: value ?? null,
    comment: comment ?? null,
    correction: parsed.data.correction ?? null,
  };
}
