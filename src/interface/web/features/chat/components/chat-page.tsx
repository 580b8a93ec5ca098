// The chat door: conversations on the left (a drawer on narrow screens), one of them, or a new one, on the right.
import { useNavigate, useSearch } from '@tanstack/react-router';
import PanelLeft from 'lucide-react/icons/panel-left';
import { lazy, Suspense, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../../components/page.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { ConversationList } from './conversation-list.tsx';
import { ConversationView } from './conversation-view.tsx';
import { ListDrawer } from './list-drawer.tsx';
import { NewChatComposer } from './new-chat.tsx';
import { useNewChatKey } from './new-chat-key.ts';
import './chat.css';

const DocumentPanel = lazy(async () => ({
  default: (await import('./sources/document-panel.tsx')).DocumentPanel,
}));

export function ChatPage({ conversationId }: { conversationId?: string }) {
  const navigate = useNavigate();
  const { document, at } = useSearch({ from: '/chat' });
  const [drawer, setDrawer] = useState(false);
  const close = useCallback(() => setDrawer(false), []);
  const open = useCallback(() => setDrawer(true), []);
  useNewChatKey(close);
  const beside = conversationId !== undefined && document !== undefined;
  const showDocument = (search: { document?: string; at?: string }) => {
    if (conversationId)
      void navigate({ to: '/chat/$conversationId', params: { conversationId }, search, replace: true });
  };
  const list = <ConversationList currentId={conversationId ?? null} onOpen={close} />;
  return (
    <div className="flex h-full min-h-0">
      {/* With a document open, only a very wide screen has room for all three. */}
      <div className={cx('hidden w-72 shrink-0 border-r border-line', beside ? '2xl:block' : 'lg:block')}>
        {list}
      </div>
      <ListDrawer open={drawer} onOpenChange={setDrawer}>
        {list}
      </ListDrawer>
      <div className="h-full min-w-0 grow">
        {conversationId ? (
          <ConversationView id={conversationId} onList={open} listHidden={beside} />
        ) : (
          <NewChat onList={open} />
        )}
      </div>
      {beside ? (
        <Suspense fallback={null}>
          <DocumentPanel
            documentId={document}
            place={at}
            onPlace={(place) => showDocument({ document, at: place })}
            onClose={() => showDocument({})}
          />
        </Suspense>
      ) : null}
    </div>
  );
}

function NewChat({ onList }: { onList: () => void }) {
  const { t } = useTranslation('chat');
  usePageTitle(t('new'));
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-14 shrink-0 items-center px-2 lg:hidden">
        <IconButton label={t('list.open')} icon={<PanelLeft />} onClick={onList} />
      </header>
      <div className="mx-auto flex w-full max-w-3xl grow flex-col justify-center gap-5 px-4 pb-[12vh]">
        <h1 className="text-xl font-semibold tracking-tight">{t('new_title')}</h1>
        <NewChatComposer />
      </div>
    </div>
  );
}
