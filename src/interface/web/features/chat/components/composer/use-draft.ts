// The text and files of one composer, kept over a reload.
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Draft, emptyDraft, keepDraft, readDraft } from '../../lib/drafts.ts';

const SAVE_MS = 300;

export function useDraft(conversationId: string | null) {
  const [draft, setDraft] = useState<Draft>(() => readDraft(sessionStorage, conversationId));
  const latest = useRef(draft);
  latest.current = draft;

  useEffect(() => {
    const timer = setTimeout(() => keepDraft(sessionStorage, conversationId, draft), SAVE_MS);
    return () => clearTimeout(timer);
  }, [conversationId, draft]);

  useEffect(() => {
    const save = () => keepDraft(sessionStorage, conversationId, latest.current);
    window.addEventListener('pagehide', save);
    return () => {
      window.removeEventListener('pagehide', save);
      save();
    };
  }, [conversationId]);

  /** Kept at once: what comes next may leave the page. */
  const put = useCallback(
    (next: Draft) => {
      latest.current = next;
      setDraft(next);
      keepDraft(sessionStorage, conversationId, next);
    },
    [conversationId],
  );
  const clear = useCallback(() => put(emptyDraft), [put]);

  return { draft, setDraft, put, clear };
}
