// Sorts what was dropped, pasted or chosen: plain text goes into the draft, documents and folders go to a collection,
// and what is neither is refused with its reason.
import { type Dispatch, type SetStateAction, useCallback, useState } from 'react';
import type { PickedFile } from '../../../../lib/knowledge/picked-files.ts';
import { type Attachment, isRefusal, type Refusal, readAttachment } from '../../lib/attachments.ts';
import type { Draft } from '../../lib/drafts.ts';
import { isDocumentName } from '../../lib/intake.ts';

/** Not for the draft, and yet something that a collection reads. */
function mayBeDocument(file: File, { reason }: Refusal): boolean {
  if (reason !== 'binary' && reason !== 'too-large') return false;
  return isDocumentName(file.name) || (reason === 'too-large' && file.type.startsWith('text/'));
}

export function useAttach(
  setDraft: Dispatch<SetStateAction<Draft>>,
  toKnowledge: (picked: PickedFile[]) => void,
) {
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  /** Drops that are still looked into: a message that is sent meanwhile waits for them. */
  const [sorting, setSorting] = useState(0);
  const attach = useCallback(
    async (picked: readonly PickedFile[] | Promise<readonly PickedFile[]>) => {
      setSorting((count) => count + 1);
      try {
        const documents: PickedFile[] = [];
        const texts: Attachment[] = [];
        const refused: Refusal[] = [];
        for (const one of await picked) {
          // A folder is a set of documents, whatever is in it.
          const result = one.path.includes('/') ? null : await readAttachment(one.file);
          if (result === null) documents.push(one);
          else if (!isRefusal(result)) texts.push(result);
          else if (mayBeDocument(one.file, result)) documents.push(one);
          else refused.push(result);
        }
        setRefusals(refused);
        if (texts.length > 0)
          setDraft((draft) => ({ ...draft, attachments: [...draft.attachments, ...texts] }));
        if (documents.length > 0) toKnowledge(documents);
      } finally {
        setSorting((count) => count - 1);
      }
    },
    [setDraft, toKnowledge],
  );
  const detach = useCallback(
    (id: string) =>
      setDraft((draft) => ({ ...draft, attachments: draft.attachments.filter((one) => one.id !== id) })),
    [setDraft],
  );
  return { refusals, setRefusals, sorting: sorting > 0, attach, detach };
}
