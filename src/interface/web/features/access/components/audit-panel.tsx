// Who changed what: accounts, keys, roles, providers, budgets, settings. Never a secret.

import ScrollText from 'lucide-react/icons/scroll-text';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../../../contracts/access.ts';
import { Rows, Section } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useUsers } from '../../../lib/access-queries.ts';
import { useFormat } from '../../../lib/format.ts';
import { useAudit } from '../api/audit.ts';

export function AuditPanel() {
  const { t, i18n } = useTranslation(['access', 'common']);
  const format = useFormat();
  const users = useUsers().data ?? [];
  const list = useAudit();
  const { error, refetch } = list;
  const data = list.data?.pages.flat();
  const action = (code: string) => {
    const key = `audit.actions.${code.replace('.', '_')}`;
    return i18n.exists(key, { ns: 'access' }) ? String(t(key as never)) : code;
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
                <span className="font-semibold">{action(entry.action)}</span>{' '}
                <span className="break-all text-quiet">{entry.target}</span>
                <DataText data={entry.data} />
              </span>
              <span className="text-xs text-quiet">
                {users.find(({ id }) => id === entry.userId)?.name ?? entry.userId}
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

/** What was written down of it, as names and values. */
function DataText({ data }: { data: AuditEntry['data'] }) {
  const format = useFormat();
  const say = (name: string, value: unknown): string => {
    if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
    return name === 'amount' && data.unit === 'money' ? format.dollars(value) : format.number(value);
  };
  const rows = Object.entries(data).filter(([, value]) => value !== null);
  if (rows.length === 0) return null;
  return (
    <span className="block text-xs break-words text-quiet">
      {rows.map(([name, value]) => `${name} ${say(name, value)}`).join(' · ')}
    </span>
  );
}
