// What choosing a name behind an @ does: a collection or an agent becomes part of the settings, a document's text is
// attached, so that the model reads all of it.
import type { Dispatch, SetStateAction } from 'react';
import { toast } from '../../../../components/ui/toast.tsx';
import { useErrorText } from '../../../../lib/error-text.ts';
import { textOfDocument } from '../../../../lib/knowledge/find-documents.ts';
import { attachmentOf, isRefusal, type Refusal } from '../../lib/attachments.ts';
import type { ChatSettings } from '../../lib/conversation-settings.ts';
import type { Draft } from '../../lib/drafts.ts';
import type { Mention } from './mention-list.tsx';

export interface MentionTargets {
  settings: ChatSettings;
  onSettings: (change: Partial<ChatSettings>) => void;
  setDraft: Dispatch<SetStateAction<Draft>>;
  setRefusals: (refusals: readonly Refusal[]) => void;
}

export function useMention({ settings, onSettings, setDraft, setRefusals }: MentionTargets) {
  const say = useErrorText();
  return async (mention: Mention): Promise<void> => {
    if (mention.kind === 'agent') return onSettings({ agent: mention.name, tools: [] });
    if (mention.kind === 'collection')
      return onSettings({ knowledge: [...new Set([...settings.knowledge, mention.id])] });
    const { id, path } = mention.document;
    try {
      const made = attachmentOf(path.split('/').at(-1) ?? path, await textOfDocument(id));
      if (isRefusal(made)) setRefusals([made]);
      else setDraft((draft) => ({ ...draft, attachments: [...draft.attachments, made] }));
    } catch (error) {
      toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' });
    }
  };
}
