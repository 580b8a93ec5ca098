// The title of a conversation, renamed in place, and what can be done with the whole of it.
import PanelLeft from 'lucide-react/icons/panel-left';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../../contracts/conversation.ts';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { useUpdateConversation } from '../api/update-conversation.ts';
import { ConversationMenu } from './conversation-menu.tsx';
import { TitleField } from './title-field.tsx';

export function ConversationHeader({
  conversation,
  onList,
  listHidden,
}: {
  conversation: Conversation;
  onList: () => void;
  listHidden: boolean;
}) {
  const { t } = useTranslation('chat');
  const [renaming, setRenaming] = useState(false);
  const heading = useRef<HTMLButtonElement>(null);
  const wasRenaming = useRef(false);
  const update = useUpdateConversation();
  const title = conversation.title ?? t('untitled');
  useEffect(() => {
    if (wasRenaming.current && !renaming) heading.current?.focus();
    wasRenaming.current = renaming;
  }, [renaming]);
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-2 md:px-4">
      <IconButton
        label={t('list.open')}
        icon={<PanelLeft />}
        className={listHidden ? '2xl:hidden' : 'lg:hidden'}
        onClick={onList}
      />
      <h1 className="min-w-0 grow text-base font-semibold">
        {renaming ? (
          <TitleField
            title={conversation.title ?? ''}
            onDone={(next) => {
              setRenaming(false);
              if (next !== null) update.mutate({ id: conversation.id, change: { title: next } });
            }}
          />
        ) : (
          <button
            ref={heading}
            type="button"
            title={t('rename_hint')}
            onClick={() => setRenaming(true)}
            className="block max-w-full truncate rounded-sm px-1.5 py-1 text-left hover:bg-sunken"
          >
            {title}
          </button>
        )}
      </h1>
      <ConversationMenu conversation={conversation} current onRename={() => setRenaming(true)} />
    </header>
  );
}
