// Counts the draft against the model's context, a moment after the last key.
import { useEffect, useMemo, useState } from 'react';
import { type Count, useTokenCount } from '../../api/count-tokens.ts';
import { partsToSend } from '../../lib/attachments.ts';
import type { ChatSettings } from '../../lib/conversation-settings.ts';
import type { Draft } from '../../lib/drafts.ts';

const PAUSE_MS = 350;

function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** `counts`: the model is known. null while there is nothing to count, or nobody knows. */
export function useContextCount(
  conversationId: string | null,
  settings: ChatSettings,
  draft: Draft,
  counts: boolean,
): Count | null {
  const { text, attachments } = draft;
  const { model, system } = settings;
  const input = useMemo(
    () => ({ conversationId, parts: partsToSend(text, attachments), model, system }),
    [conversationId, text, attachments, model, system],
  );
  const settled = useSettled(input, PAUSE_MS);
  const count = useTokenCount(settled, counts && settled.parts.length > 0);
  return input.parts.length > 0 && settled.parts.length > 0 ? (count.data ?? null) : null;
}
