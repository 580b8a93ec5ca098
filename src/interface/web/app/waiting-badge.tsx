// How many approvals wait for the person, as a number at the door of the agents.
import { useTranslation } from 'react-i18next';
import { useOpenApprovals } from '../lib/agent-queries.ts';
import { useFormat } from '../lib/format.ts';

export function useWaiting(): number {
  return useOpenApprovals().data?.length ?? 0;
}

export function WaitingBadge() {
  const { t } = useTranslation('shell');
  const format = useFormat();
  const count = useWaiting();
  if (count === 0) return null;
  return (
    <span className="tabular rounded-full bg-needs-soft px-1.5 text-xs font-semibold text-needs">
      <span aria-hidden="true">{format.whole(count)}</span>
      <span className="sr-only">{t('waiting', { count })}</span>
    </span>
  );
}
