// Everything that waits for a person, oldest first: the same card as in the chat, with who asks and since when.
import { Link } from '@tanstack/react-router';
import Hand from 'lucide-react/icons/hand';
import { useTranslation } from 'react-i18next';
import type { Approval } from '../../../../../contracts/agent.ts';
import { ApprovalCard } from '../../../components/run/approval-card.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useAgents, useOpenApprovals } from '../../../lib/agent-queries.ts';
import { useFormat } from '../../../lib/format.ts';
import { useAgentWords } from '../../../lib/known-names.ts';

export function ApprovalList() {
  const { t } = useTranslation(['agents', 'common']);
  const { data, error, refetch } = useOpenApprovals();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={2} label={t('common:loading')} className="h-32 max-w-[72ch]" />;
  if (data.length === 0)
    return <EmptyState icon={<Hand />} title={t('approvals.empty')} text={t('approvals.empty_text')} />;
  return (
    <ul className="flex flex-col gap-2">
      {[...data]
        .sort((a, b) => a.createdAt - b.createdAt)
        .map((approval) => (
          <li key={approval.id}>
            <ApprovalCard approval={approval} context={<Asker approval={approval} />} />
          </li>
        ))}
    </ul>
  );
}

function Asker({ approval }: { approval: Approval }) {
  const { t } = useTranslation('run');
  const format = useFormat();
  const agents = useAgents().data;
  const words = useAgentWords();
  const found = agents?.find((one) => one.name === approval.agent);
  const link = 'text-accent underline underline-offset-2';
  return (
    <p className="text-sm text-quiet">
      <span className="block text-ink">
        {t('approval.asks', { agent: found ? words(found).title : approval.agent })}
      </span>
      {t('approval.since', { when: format.moment(approval.createdAt) })} ·{' '}
      {approval.conversationId ? (
        <Link
          to="/chat/$conversationId"
          params={{ conversationId: approval.conversationId }}
          className={link}
        >
          {t('approval.open')}
        </Link>
      ) : (
        <Link to="/agents/runs/$runId" params={{ runId: approval.runId }} className={link}>
          {t('approval.open_run')}
        </Link>
      )}
    </p>
  );
}
