// All conversations, newest first, grouped by day; only the rows in view are drawn, and more are read as one scrolls.
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import MessageSquare from 'lucide-react/icons/message-square';
import Plus from 'lucide-react/icons/plus';
import Search from 'lucide-react/icons/search';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonClass } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { Tooltip } from '../../../components/ui/tooltip.tsx';
import { useConversationList } from '../api/list-conversations.ts';
import { withHeadings } from '../lib/days.ts';
import { ConversationRow } from './conversation-row.tsx';
import { newChatKeys } from './new-chat-key.ts';
import { useDayText } from './use-day-text.ts';

const ROW = 36;
const HEADING = 34;

export function ConversationList({ currentId, onOpen }: { currentId: string | null; onOpen: () => void }) {
  const { t } = useTranslation(['chat', 'common']);
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim());
  const list = useConversationList(wanted);
  const rows = useMemo(() => withHeadings(list.data ?? [], Date.now()), [list.data]);
  const dayText = useDayText();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'heading' ? HEADING : ROW),
    getItemKey: (index) => {
      const row = rows[index];
      return row?.kind === 'item' ? row.item.id : `heading ${index}`;
    },
    overscan: 12,
  });
  const drawn = virtual.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastDrawn >= rows.length - 20) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastDrawn, rows.length]);

  return (
    <nav aria-label={t('list.label')} className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-2 px-3 pt-3 pb-2">
        <div className="relative min-w-0 grow">
          <Search
            aria-hidden="true"
            className="pointer-events-none absolute top-2 left-2.5 size-4 text-quiet"
          />
          <Input
            type="search"
            aria-label={t('list.search')}
            placeholder={t('list.search')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className="h-8 pl-8"
          />
        </div>
        <Tooltip text={`${t('new')} (${newChatKeys})`}>
          <Link
            to="/chat"
            onClick={onOpen}
            aria-label={t('new')}
            className={buttonClass('secondary', 'small', 'w-8 px-0')}
          >
            <Plus aria-hidden="true" />
          </Link>
        </Tooltip>
      </div>
      <div ref={scroller} className="min-h-0 grow overflow-y-auto px-2 pb-3">
        {list.isPending ? <SkeletonRows rows={8} label={t('common:loading')} className="pt-2" /> : null}
        {list.isError ? (
          <ErrorState error={list.error} onRetry={() => list.refetch()} className="m-1" />
        ) : null}
        {list.data && rows.length === 0 ? (
          <EmptyState
            icon={<MessageSquare />}
            title={t(wanted === '' ? 'list.empty' : 'list.no_match')}
            text={t(wanted === '' ? 'list.empty_text' : 'list.no_match_text')}
          />
        ) : null}
        <ul className="relative" style={{ height: virtual.getTotalSize() }}>
          {drawn.map((place) => {
            const row = rows[place.index];
            if (!row) return null;
            return (
              <li
                key={place.key}
                className="absolute inset-x-0 top-0"
                style={{ height: place.size, transform: `translateY(${place.start}px)` }}
              >
                {row.kind === 'heading' ? (
                  <h2 className="px-2.5 pt-3 pb-1 text-xs text-quiet first-letter:uppercase">
                    {dayText(row.group)}
                  </h2>
                ) : (
                  <ConversationRow
                    conversation={row.item}
                    current={row.item.id === currentId}
                    onOpen={onOpen}
                  />
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </nav>
  );
}
