// The branch that is shown, message under message, and the view that follows while the reader is at its foot.
import ArrowDown from 'lucide-react/icons/arrow-down';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, MessagePart } from '../../../../../contracts/conversation.ts';
import { Button } from '../../../components/ui/button.tsx';
import { type MessageTree, siblingsOf } from '../lib/message-tree.ts';
import { AssistantMessage } from './assistant-message.tsx';
import { FirstHint } from './first-hint.tsx';
import { LiveAnnouncer } from './live-announcer.tsx';
import type { Follow } from './use-follow.ts';
import { UserMessage } from './user-message.tsx';

export interface ThreadProps {
  tree: MessageTree;
  branch: readonly Message[];
  model: string;
  busy: boolean;
  runId: string | null;
  stopping: boolean;
  editing: string | null;
  follow: Follow;
  onEdit: (messageId: string | null) => void;
  onSendEdit: (message: Message, parts: MessagePart[]) => Promise<void>;
  onRegenerate: (messageId: string, other?: { model?: string; readAnyway?: boolean }) => void;
  onContinue: () => void;
  onSwitch: (messageId: string) => void;
}

export function Thread({ tree, branch, model, busy, runId, stopping, editing, follow, ...on }: ThreadProps) {
  const { t } = useTranslation('chat');
  const siblings = useMemo(
    () => new Map(branch.map((message) => [message.id, siblingsOf(tree, message)])),
    [tree, branch],
  );
  const last = branch.at(-1);
  return (
    <div className="relative min-h-0 grow">
      <div ref={follow.scroller} className="h-full overflow-y-auto overscroll-contain">
        <div ref={follow.content} className="mx-auto flex max-w-4xl flex-col gap-2 px-4 pt-6 pb-6 md:px-8">
          {branch.map((message) => {
            const beside = siblings.get(message.id) ?? { index: 0, ids: [message.id] };
            return message.role === 'user' ? (
              <UserMessage
                key={message.id}
                message={message}
                siblings={beside}
                busy={busy}
                editing={editing === message.id}
                onEdit={on.onEdit}
                onSend={on.onSendEdit}
                onSwitch={on.onSwitch}
              />
            ) : (
              <AssistantMessage
                key={message.id}
                message={message}
                siblings={beside}
                model={model}
                last={message === last}
                busy={busy}
                stopping={stopping && message.runId === runId}
                onRegenerate={on.onRegenerate}
                onContinue={on.onContinue}
                onSwitch={on.onSwitch}
              />
            );
          })}
          {last?.role === 'assistant' && last.status === 'complete' && !knowsDocuments(branch) ? (
            <FirstHint key={last.id} answerId={last.id} />
          ) : null}
        </div>
      </div>
      <LiveAnnouncer runId={runId} />
      {follow.away ? (
        <Button
          size="small"
          icon={<ArrowDown />}
          onClick={follow.toFoot}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-float"
        >
          {t('thread.latest')}
        </Button>
      ) : null}
    </div>
  );
}

/** Who has asked about a document needs no hint that it can be done. */
const knowsDocuments = (branch: readonly Message[]): boolean =>
  branch.some(({ parts }) => parts.some(({ type }) => type === 'file' || type === 'sources'));
