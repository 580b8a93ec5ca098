// Rename, export or delete a conversation. A deletion can be undone for ten seconds.
import { useNavigate } from '@tanstack/react-router';
import Braces from 'lucide-react/icons/braces';
import Ellipsis from 'lucide-react/icons/ellipsis';
import FileDown from 'lucide-react/icons/file-down';
import Pencil from 'lucide-react/icons/pencil';
import Trash from 'lucide-react/icons/trash-2';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../../contracts/conversation.ts';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useDeleteConversation } from '../api/delete-conversation.ts';
import { downloadExport } from '../api/export-conversation.ts';
import { useRestoreConversation } from '../api/restore-conversation.ts';

export interface ConversationMenuProps {
  conversation: Conversation;
  /** It is the one that is open: deleting it leads to a new chat. */
  current: boolean;
  onRename: () => void;
  className?: string;
}

export function ConversationMenu({ conversation, current, onRename, className }: ConversationMenuProps) {
  const { t } = useTranslation(['chat', 'common']);
  const navigate = useNavigate();
  const errorText = useErrorText();
  const remove = useDeleteConversation();
  const restore = useRestoreConversation();
  const title = conversation.title ?? t('untitled');
  const failed = (error: unknown) =>
    toast({ title: errorText(error).title, detail: errorText(error).detail, tone: 'failed' });

  const deleteIt = () =>
    // Not `mutate` with callbacks: the row goes away before they would be called.
    remove.mutateAsync(conversation.id).then(() => {
      if (current) void navigate({ to: '/chat' });
      toast({
        title: t('deleted'),
        detail: title,
        action: {
          label: t('common:undo'),
          onSelect: () => {
            restore
              .mutateAsync(conversation.id)
              .then(() => {
                if (current)
                  void navigate({ to: '/chat/$conversationId', params: { conversationId: conversation.id } });
              })
              .catch(failed);
          },
        },
      });
    }, failed);

  return (
    <Menu
      trigger={
        <IconButton
          label={t('menu', { title })}
          icon={<Ellipsis />}
          size="small"
          {...(className ? { className } : {})}
        />
      }
      items={[
        // A frame later, so that the menu's giving back of the focus does not end the renaming.
        { label: t('common:rename'), icon: <Pencil />, onSelect: () => setTimeout(onRename) },
        {
          label: t('export.markdown'),
          icon: <FileDown />,
          onSelect: () => downloadExport(conversation.id, 'markdown'),
        },
        {
          label: t('export.json'),
          icon: <Braces />,
          onSelect: () => downloadExport(conversation.id, 'json'),
        },
        null,
        { label: t('common:delete'), icon: <Trash />, danger: true, onSelect: () => void deleteIt() },
      ]}
    />
  );
}
