// What a person can do in a conversation, and the run that is under way in it.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, MessagePart } from '../../../../../contracts/conversation.ts';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import type { ConversationWithMessages } from '../../../lib/queries.ts';
import { queryKeys } from '../../../lib/query-keys.ts';
import { useCancelRun } from '../api/cancel-run.ts';
import { useRegenerate } from '../api/regenerate-message.ts';
import { useSendMessage } from '../api/send-message.ts';
import { useUpdateConversation } from '../api/update-conversation.ts';
import { type MessageTree, newestLeaf } from '../lib/message-tree.ts';
import { partsOf } from '../lib/run-state.ts';
import { onRunFinish } from '../lib/run-store.ts';

export function useConversationActions(id: string, tree: MessageTree, runId: string | null) {
  const { t } = useTranslation('chat');
  const client = useQueryClient();
  const errorText = useErrorText();
  const { mutateAsync: send } = useSendMessage();
  const { mutateAsync: regenerate } = useRegenerate();
  const { mutate: cancel } = useCancelRun();
  const { mutateAsync: update } = useUpdateConversation();
  const [stoppingId, setStoppingId] = useState<string | null>(null);
  const [editing, setEditing] = useState<string | null>(null);

  const tell = useCallback(
    (error: unknown) => {
      const words = errorText(error);
      toast({ title: words.title, detail: words.detail, tone: 'failed' });
    },
    [errorText],
  );

  // What the run ended with is put into the conversation at once; then the server's own version is read.
  useEffect(
    () =>
      onRunFinish((finished, run) => {
        const key = queryKeys.conversation(id);
        const known = client.getQueryData<ConversationWithMessages>(key);
        if (!known?.messages.some((message) => message.runId === finished)) return;
        // A run that the server does not know ended long ago: only the conversation says how.
        if (run.connection === 'refused') return void client.invalidateQueries({ queryKey: key });
        client.setQueryData<ConversationWithMessages>(key, {
          ...known,
          messages: known.messages.map((message) =>
            message.runId === finished && run.status !== 'waiting'
              ? {
                  ...message,
                  status: run.status,
                  parts: partsOf(run),
                  receipt: run.receipt,
                  error: run.error,
                }
              : message,
          ),
        });
        void client.invalidateQueries({ queryKey: key });
      }),
    [client, id],
  );

  const stop = useCallback(() => {
    if (runId === null) return;
    setStoppingId(runId);
    cancel(runId, {
      onError: (error) => {
        setStoppingId(null);
        tell(error);
      },
    });
  }, [cancel, runId, tell]);

  const sendParts = useCallback(
    async (parts: MessagePart[]) => {
      await send({ conversationId: id, settings: {}, parts });
    },
    [send, id],
  );

  const sendEdit = useCallback(
    async (message: Message, parts: MessagePart[]) => {
      await send({ conversationId: id, settings: {}, parts, parentId: message.parentId });
    },
    [send, id],
  );

  const again = useCallback(
    (messageId: string, other: { model?: string; readAnyway?: boolean } = {}) => {
      regenerate({ messageId, ...other }).catch(tell);
    },
    [regenerate, tell],
  );

  const goOn = useCallback(() => {
    sendParts([{ type: 'text', text: t('ending.continue_message') }]).catch(tell);
  }, [sendParts, t, tell]);

  const switchTo = useCallback(
    (messageId: string) => {
      const headId = newestLeaf(tree, messageId);
      if (headId !== null) update({ id, change: { headId } }).catch(tell);
    },
    [tree, update, id, tell],
  );

  return {
    stop,
    stopping: runId !== null && stoppingId === runId,
    editing,
    setEditing,
    send: sendParts,
    sendEdit,
    again,
    goOn,
    switchTo,
    update,
    tell,
  };
}
