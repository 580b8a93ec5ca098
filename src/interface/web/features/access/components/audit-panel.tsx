// Who changed what: accounts, keys, roles, providers, budgets, settings. Never a secret.

import ScrollText from 'lucide-react/icons/scroll-text';
import { useTranslation } from 'react-i18next';
import { LOCAL_USER_ID } from '../../../../../contracts/identity.ts';
import { Rows, Section } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useKeys, useUsers } from '../../../lib/access-queries.ts';
import { useFormat } from '../../../lib/format.ts';
import { useDatasets } from '../../../lib/learning.ts';
import { useAudit } from '../api/audit.ts';
import { type AuditWriter, factsOf, targetWords } from '../lib/audit-words.ts';

export function AuditPanel() {
  const { t, i18n } = useTranslation(['access', 'common']);
  const format = useFormat();
  const users = useUsers().data ?? [];
  const keys = useKeys().data ?? [];
  const datasets = useDatasets().data ?? [];
  const list = useAudit();
  const { error, refetch } = list;
  const data = list.data?.pages.flat();
  const writer: AuditWriter = {
    word: (key) => (i18n.exists(key, { ns: 'access' }) ? String(t(key as never)) : null),
    nameOf: (id) => [...users, ...keys, ...datasets].find((one) => one.id === id)?.name ?? null,
    fact: (label, value) => t('audit.fact', { label, value }),
    dollars: format.dollars,
    number: format.number,
    percent: format.percent,
  };
  return (
    <Section title={t('audit.title')} lead={t('audit.lead')}>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonRows rows={6} label={t('common:loading')} className="h-10" /> : null}
      {data?.length === 0 ? (
        <EmptyState icon={<ScrollText />} title={t('audit.empty')} text={t('audit.empty_text')} />
      ) : null}
      {data && data.length > 0 ? (
        <Rows label={t('audit.title')}>
          {data.map((entry) => (
            <li key={entry.id} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2">
              <time
                dateTime={new Date(entry.at).toISOString()}
                className="tabular w-40 shrink-0 text-xs text-quiet"
              >
                {format.stamp(entry.at)}
              </time>
              <span className="min-w-0 flex-1 basis-64">
                <span className="font-semibold">
                  {writer.word(`audit.actions.${entry.action.replace('.', '_')}`) ?? entry.action}
                </span>{' '}
                <span className="break-words text-quiet" title={entry.target}>
                  {targetWords(entry, writer)}
                </span>
                <span className="block text-xs break-words text-quiet">
                  {factsOf(entry, writer).join(' · ')}
                </span>
              </span>
              <span className="text-xs text-quiet">
                {users.find(({ id }) => id === entry.userId)?.name ??
                  (entry.userId === LOCAL_USER_ID ? t('audit.here') : entry.userId)}
              </span>
            </li>
          ))}
        </Rows>
      ) : null}
      {list.hasNextPage ? (
        <Button className="mt-3" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('audit.more')}
        </Button>
      ) : null}
    </Section>
  );
}
