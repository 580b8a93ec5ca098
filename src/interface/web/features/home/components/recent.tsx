// The latest conversations; nothing at all while there are none, because the composer above is the invitation.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { RECENT, useRecentConversations } from '../api/recent-conversations.ts';

export function Recent() {
  const { t } = useTranslation(['home', 'common']);
  const format = useFormat();
  const { data, error, refetch } = useRecentConversations();
  if (data?.length === 0) return null;
  return (
    <section aria-label={t('recent')} className="mt-12">
      <div className="mb-1 flex items-baseline justify-between">
        <h2 className="text-sm text-quiet">{t('recent')}</h2>
        {data && data.length >= RECENT ? (
          <Link to="/chat" className="rounded-sm text-sm text-quiet hover:text-ink hover:underline">
            {t('all')}
          </Link>
        ) : null}
      </div>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonRows rows={4} label={t('common:loading')} className="h-10" /> : null}
      {data ? (
        <ul className="divide-y divide-line border-t border-line">
          {data.map((conversation) => (
            <li key={conversation.id}>
              <Link
                to="/chat/$conversationId"
                params={{ conversationId: conversation.id }}
                className="flex items-baseline justify-between gap-4 py-2.5 hover:text-accent"
              >
                <span className="min-w-0 truncate">{conversation.title ?? t('untitled')}</span>
                <time
                  dateTime={new Date(conversation.updatedAt).toISOString()}
                  className="tabular shrink-0 text-xs text-quiet"
                >
                  {format.when(conversation.updatedAt)}
                </time>
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
