// Takes files into a draft, and keeps the reasons why some were refused.
import { type Dispatch, type SetStateAction, useCallback, useState } from 'react';
import { type Attachment, isRefusal, type Refusal, readAttachment } from '../../lib/attachments.ts';
import type { Draft } from '../../lib/drafts.ts';

export function useAttach(setDraft: Dispatch<SetStateAction<Draft>>) {
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const attach = useCallback(
    async (files: readonly File[]) => {
      const results = await Promise.all(files.map(readAttachment));
      const taken = results.filter((result): result is Attachment => !isRefusal(result));
      setRefusals(results.filter(isRefusal));
      if (taken.length > 0)
        setDraft((draft) => ({ ...draft, attachments: [...draft.attachments, ...taken] }));
    },
    [setDraft],
  );
  const detach = useCallback(
    (id: string) =>
      setDraft((draft) => ({ ...draft, attachments: draft.attachments.filter((one) => one.id !== id) })),
    [setDraft],
  );
  return { refusals, setRefusals, attach, detach };
}
