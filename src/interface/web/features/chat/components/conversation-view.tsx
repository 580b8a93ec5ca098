// One conversation: its title, its messages, and the composer at the foot.
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, MessagePart } from '../../../../../contracts/conversation.ts';
import { usePageTitle } from '../../../components/page.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { type ConversationWithMessages, useConversation } from '../../../lib/queries.ts';
import { type ChatSettings, settingsOf } from '../lib/conversation-settings.ts';
import { branchOf, buildTree } from '../lib/message-tree.ts';
import { COMPOSER_ID, Composer } from './composer/composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { Thread } from './thread.tsx';
import { useConversationActions } from './use-conversation-actions.ts';
import { useFollow } from './use-follow.ts';

export interface ConversationViewProps {
  id: string;
  onList: () => void;
  /** The list has given its room to a document: there must be a way to it. */
  listHidden: boolean;
}

export function ConversationView({ id, onList, listHidden }: ConversationViewProps) {
  const { t } = useTranslation(['chat', 'common']);
  const query = useConversation(id);
  if (query.isError && !query.data)
    return (
      <div className="mx-auto max-w-2xl p-6">
        <ErrorState
          error={query.error}
          onRetry={() => query.refetch()}
          actions={
            <Link to="/chat" className={buttonClass('secondary', 'small')}>
              {t('chat:new')}
            </Link>
          }
        />
      </div>
    );
  if (!query.data) return <ConversationSkeleton label={t('common:loading')} />;
  return <Conversation key={id} data={query.data} onList={onList} listHidden={listHidden} />;
}

function ConversationSkeleton({ label }: { label: string }) {
  return (
    <div
      role="status"
      aria-label={label}
      className="mx-auto flex h-full max-w-4xl flex-col gap-5 px-4 pt-20 md:px-8"
    >
      <Skeleton className="h-11 w-64 self-end" />
      <Skeleton className="h-4 w-full max-w-xl" />
      <Skeleton className="h-4 w-full max-w-lg" />
      <Skeleton className="h-4 w-2/3 max-w-md" />
    </div>
  );
}

interface ConversationProps extends Omit<ConversationViewProps, 'id'> {
  data: ConversationWithMessages;
}

function Conversation({ data, onList, listHidden }: ConversationProps) {
  const { t } = useTranslation('chat');
  const { conversation, messages } = data;
  const tree = useMemo(() => buildTree(messages), [messages]);
  const branch = useMemo(() => branchOf(tree, conversation.headId), [tree, conversation.headId]);
  // An answer on another branch holds the conversation too: one is written at a time.
  const runId = messages.find((message) => message.status === 'running')?.runId ?? null;
  const actions = useConversationActions(conversation.id, tree, runId);
  const follow = useFollow(conversation.id);
  const { update, tell, send, setEditing, stop } = actions;
  usePageTitle(conversation.title ?? t('untitled'));
  useEscape(runId === null ? null : stop);

  const { toFoot } = follow;
  const submit = useCallback(
    async (parts: MessagePart[]) => {
      await send(parts);
      toFoot();
    },
    [send, toFoot],
  );
  const change = useCallback(
    (settings: Partial<ChatSettings>) => {
      update({ id: conversation.id, change: settings }).catch(tell);
    },
    [update, tell, conversation.id],
  );
  const edit = useCallback(
    (messageId: string | null) => {
      setEditing(messageId);
      if (messageId === null) document.getElementById(COMPOSER_ID)?.focus();
    },
    [setEditing],
  );
  const { sendEdit } = actions;
  const submitEdit = useCallback(
    async (message: Message, parts: MessagePart[]) => {
      await sendEdit(message, parts);
      edit(null);
      toFoot();
    },
    [sendEdit, edit, toFoot],
  );
  const lastOwn = branch.findLast((message) => message.role === 'user');

  return (
    <div className="flex h-full min-h-0 flex-col">
      <ConversationHeader conversation={conversation} onList={onList} listHidden={listHidden} />
      <Thread
        tree={tree}
        branch={branch}
        model={conversation.model}
        busy={runId !== null}
        runId={runId}
        stopping={actions.stopping}
        editing={actions.editing}
        follow={follow}
        onEdit={edit}
        onSendEdit={submitEdit}
        onRegenerate={actions.again}
        onContinue={actions.goOn}
        onSwitch={actions.switchTo}
      />
      <div className="mx-auto w-full max-w-4xl shrink-0 px-2 pb-2 md:px-8 md:pb-4">
        <Composer
          conversationId={conversation.id}
          settings={settingsOf(conversation)}
          onSettings={change}
          running={runId !== null}
          onStop={stop}
          onSend={submit}
          {...(lastOwn ? { onEditLast: () => setEditing(lastOwn.id) } : {})}
        />
      </div>
    </div>
  );
}

/** Esc anywhere on the page, unless something nearer took it: a menu, a dialog, an editor. */
function useEscape(onEscape: (() => void) | null): void {
  useEffect(() => {
    if (!onEscape) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]')) return;
      onEscape();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onEscape]);
}
