// Where one is signed in; any of them but this can be ended from here.
import { useTranslation } from 'react-i18next';
import type { Session } from '../../../../../contracts/access.ts';
import { Rows } from '../../../components/page.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useEndSession, useSessions } from '../api/sessions.ts';
import { browserOf } from '../lib/browser-of.ts';

export function OwnSessions() {
  const { t } = useTranslation(['access', 'common']);
  const { data, error, refetch } = useSessions();
  const end = useEndSession();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={1} label={t('common:loading')} />;
  return (
    <>
      {end.error ? <ErrorState error={end.error} className="mb-3" /> : null}
      <Rows label={t('sessions.title')}>
        {data.map((session) => (
          <Row
            key={session.id}
            session={session}
            busy={end.isPending && end.variables === session.id}
            onEnd={() => end.mutate(session.id)}
          />
        ))}
      </Rows>
    </>
  );
}

function Row({ session, busy, onEnd }: { session: Session; busy: boolean; onEnd: () => void }) {
  const { t } = useTranslation('access');
  const format = useFormat();
  const client = browserOf(session.client) || t('sessions.unknown');
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-center gap-2">
          <span title={session.client}>{client}</span>
          {session.current ? <Badge tone="accent">{t('sessions.current')}</Badge> : null}
        </p>
        <p className="text-xs text-quiet">
          {session.address} · {t('people.seen', { when: format.ago(session.lastSeenAt) })}
        </p>
      </div>
      {session.current ? null : (
        <Button
          size="small"
          look="quiet"
          busy={busy}
          aria-label={t('sessions.end_named', { name: client })}
          onClick={onEnd}
        >
          {t('sessions.end')}
        </Button>
      )}
    </li>
  );
}
