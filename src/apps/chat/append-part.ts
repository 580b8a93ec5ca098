// Parts of a model's stream as events of a run.

import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { warningNotice } from '../../agent/receipt.ts';
import { noticeOf } from '../../contracts/notice.ts';
import type { RunEvent } from '../../contracts/run.ts';

/** Parts that say how the stream goes and are not shown. */
const silent = new Set<LanguageModelV4StreamPart['type']>(['response-metadata', 'finish', 'raw', 'error']);

export function appendPart(part: LanguageModelV4StreamPart, append: (event: RunEvent) => void): void {
  switch (part.type) {
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-end':
      append({ type: part.type, id: part.id });
      return;
    case 'text-delta':
    case 'reasoning-delta':
      if (part.delta !== '') append({ type: part.type, id: part.id, delta: part.delta });
      return;
    case 'stream-start':
      for (const warning of part.warnings) append({ type: 'run-warning', ...warningNotice(warning) });
      return;
    default:
      if (!silent.has(part.type)) {
        append({
          type: 'run-warning',
          ...noticeOf('part_not_shown', `The model sent ${part.type}, which the chat cannot show.`, {
            part: part.type,
          }),
        });
      }
  }
}
