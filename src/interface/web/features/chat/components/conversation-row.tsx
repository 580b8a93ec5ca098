// One conversation in the list.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../../contracts/conversation.ts';
import { cx } from '../../../components/ui/cx.ts';
import { useUpdateConversation } from '../api/update-conversation.ts';
import { ConversationMenu } from './conversation-menu.tsx';
import { TitleField } from './title-field.tsx';

export interface ConversationRowProps {
  conversation: Conversation;
  current: boolean;
  onOpen: () => void;
}

export function ConversationRow({ conversation, current, onOpen }: ConversationRowProps) {
  const { t } = useTranslation('chat');
  const [renaming, setRenaming] = useState(false);
  const update = useUpdateConversation();
  if (renaming)
    return (
      <div className="flex h-9 items-center px-1">
        <TitleField
          title={conversation.title ?? ''}
          onDone={(title) => {
            setRenaming(false);
            if (title !== null) update.mutate({ id: conversation.id, change: { title } });
          }}
        />
      </div>
    );
  return (
    <div
      className={cx(
        'group/row flex h-9 items-center rounded-md pr-1 hover:bg-sunken focus-within:bg-sunken',
        current && 'bg-sunken',
      )}
    >
      <Link
        to="/chat/$conversationId"
        params={{ conversationId: conversation.id }}
        onClick={onOpen}
        title={conversation.title ?? t('untitled')}
        aria-current={current ? 'page' : undefined}
        className={cx('min-w-0 grow truncate rounded-md py-2 pl-2.5 text-sm', current && 'font-semibold')}
      >
        {conversation.title ?? <span className="text-quiet">{t('untitled')}</span>}
      </Link>
      <ConversationMenu
        conversation={conversation}
        current={current}
        onRename={() => setRenaming(true)}
        className={cx(!current && 'row-menu')}
      />
    </div>
  );
}
