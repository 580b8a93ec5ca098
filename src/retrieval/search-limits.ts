// What a search cannot find yet, in words for its notes. The figures are kept for a moment: every search asks for them.
import { type Notice, noticeOf } from '../contracts/notice.ts';
import { createMemo, type Memo } from '../lib/memo.ts';
import type { WorkRows } from './ingest/work-rows.ts';

export interface SearchLimits {
  notices(collectionIds: readonly string[]): Promise<Notice[]>;
  /** Something changed in the collection. */
  forget(collectionId: string): void;
}

interface Figures {
  waiting: number;
  withoutVectors: number;
}

/** How long another program's changes go unseen. */
const KEPT_MS = 2_000;
const MOST_KEPT = 1_000;

export function createSearchLimits(rows: WorkRows): SearchLimits {
  const kept = new Map<string, Memo<Figures>>();

  function figuresOf(id: string): Promise<Figures> {
    let memo = kept.get(id);
    if (memo === undefined) {
      if (kept.size >= MOST_KEPT) kept.clear();
      memo = createMemo(async () => {
        const [waiting, withoutVectors] = await Promise.all([rows.waiting(id), rows.withoutVectors(id)]);
        return { waiting, withoutVectors };
      }, KEPT_MS);
      kept.set(id, memo);
    }
    return memo.get();
  }

  return {
    async notices(collectionIds) {
      const figures = await Promise.all(collectionIds.map(figuresOf));
      const sum = (name: keyof Figures) => figures.reduce((total, one) => total + one[name], 0);
      const [waiting, bare] = [sum('waiting'), sum('withoutVectors')];
      const documents = (count: number) => (count === 1 ? '1 document is' : `${count} documents are`);
      return [
        ...(waiting > 0
          ? [noticeOf('documents_waiting', `${documents(waiting)} still being read.`, { documents: waiting })]
          : []),
        ...(bare > 0
          ? [
              noticeOf(
                'documents_without_vectors',
                `${documents(bare)} found by words only: their vectors are not there yet.`,
                { documents: bare },
              ),
            ]
          : []),
      ];
    },
    forget: (collectionId) => kept.delete(collectionId),
  };
}
