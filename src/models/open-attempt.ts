// The span of one attempt, below the call's own: what was charged stands on it and nowhere else.
import type { ModelInfo } from '../contracts/model.ts';
import { attribute } from '../contracts/span.ts';
import type { Ledger, OpenSpan } from '../monitoring/ledger.ts';
import { modelAttributes } from './call-attributes.ts';
import type { CallContext } from './model-call.ts';

export function openAttempt(
  ledger: Ledger,
  root: OpenSpan,
  info: ModelInfo,
  { identity, conversationId }: CallContext,
  what = 'attempt',
): OpenSpan {
  return ledger.startSpan({
    traceId: root.traceId,
    parentId: root.spanId,
    name: `${what} ${info.id}`,
    kind: 'attempt',
    userId: identity.userId,
    conversationId: conversationId ?? null,
    attributes: {
      [attribute.operation]: 'chat',
      [attribute.requestModel]: info.name,
      ...modelAttributes(info),
    },
  });
}
