// What a person typed and did not send, kept for the tab's life, one draft a conversation.
import type { Attachment } from './attachments.ts';
import type { Intake } from './intake.ts';

export interface Draft {
  text: string;
  attachments: Attachment[];
  /** Documents that were added to a collection with this message. */
  intake: Intake[];
}

export const emptyDraft: Draft = { text: '', attachments: [], intake: [] };

/** Larger drafts would fill the browser's few megabytes; their text is kept without the files. */
const MAX_KEPT = 1_000_000;

function keyOf(conversationId: string | null): string {
  return `atelier.draft.${conversationId ?? 'new'}`;
}

export function readDraft(storage: Pick<Storage, 'getItem'>, conversationId: string | null): Draft {
  try {
    const kept = storage.getItem(keyOf(conversationId));
    return kept === null ? emptyDraft : { ...emptyDraft, ...(JSON.parse(kept) as Partial<Draft>) };
  } catch {
    return emptyDraft;
  }
}

export function keepDraft(
  storage: Pick<Storage, 'setItem' | 'removeItem'>,
  conversationId: string | null,
  draft: Draft,
): void {
  const key = keyOf(conversationId);
  try {
    if (draft.text === '' && draft.attachments.length === 0 && draft.intake.length === 0) {
      storage.removeItem(key);
      return;
    }
    const whole = JSON.stringify(draft);
    storage.setItem(key, whole.length > MAX_KEPT ? JSON.stringify({ ...draft, attachments: [] }) : whole);
  } catch {
    // Storage that is full or refused: the draft lives as long as the page.
  }
}
