// Runs of agents, newest first, in and outside chats.
import { Link } from '@tanstack/react-router';
import Ban from 'lucide-react/icons/ban';
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleX from 'lucide-react/icons/circle-x';
import Hand from 'lucide-react/icons/hand';
import History from 'lucide-react/icons/history';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../../../contracts/run.ts';
import { Rows } from '../../../components/page.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useAgents, useOpenApprovals } from '../../../lib/agent-queries.ts';
import { useFormat } from '../../../lib/format.ts';
import { useAgentWords } from '../../../lib/known-names.ts';
import { useAgentRuns } from '../api/runs.ts';

const marks = {
  running: { Icon: LoaderCircle, look: 'text-accent' },
  complete: { Icon: CircleCheck, look: 'text-ready' },
  stopped: { Icon: Ban, look: 'text-quiet' },
  interrupted: { Icon: TriangleAlert, look: 'text-needs' },
  failed: { Icon: CircleX, look: 'text-failed' },
  waiting: { Icon: Hand, look: 'text-needs' },
} as const;

const row = 'flex items-center gap-3 px-4 py-2.5 hover:bg-sunken';

/** `agent`: of this one only; its page can show a run that belongs to no chat. */
export function RunList({ agent }: { agent: string | null }) {
  const { t } = useTranslation(['agents', 'common']);
  const { data, error, refetch } = useAgentRuns(agent);
  const agents = useAgents().data;
  const approvals = useOpenApprovals().data ?? [];
  /** One that asks for a yes is running, and waits. */
  const stateOf = (run: Run): keyof typeof marks =>
    run.status === 'running' && approvals.some(({ runId }) => runId === run.id) ? 'waiting' : run.status;
  const agentWords = useAgentWords();
  /** On an agent's own page it is no news. */
  const nameOf = (run: Run) => {
    if (agent !== null || run.agent === null) return null;
    const found = agents?.find(({ name }) => name === run.agent);
    return found === undefined ? run.agent : agentWords(found).title;
  };
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} label={t('common:loading')} className="h-10" />;
  if (data.length === 0)
    return <EmptyState icon={<History />} title={t('runs.empty')} text={t('runs.empty_text')} />;
  return (
    <Rows label={t('tab.runs')}>
      {data.map((run) => (
        <li key={run.id}>
          {run.conversationId ? (
            <Link to="/chat/$conversationId" params={{ conversationId: run.conversationId }} className={row}>
              <RunLine run={run} state={stateOf(run)} agent={nameOf(run)} />
            </Link>
          ) : (
            <Link to="/agents/runs/$runId" params={{ runId: run.id }} className={row}>
              <RunLine run={run} state={stateOf(run)} agent={nameOf(run)} />
            </Link>
          )}
        </li>
      ))}
    </Rows>
  );
}

function RunLine({ run, state, agent }: { run: Run; state: keyof typeof marks; agent: string | null }) {
  const { t } = useTranslation('agents');
  const format = useFormat();
  const { Icon, look } = marks[state];
  const when = format.stamp(run.createdAt);
  return (
    <>
      <Icon className={cx('size-4 shrink-0', look)} aria-hidden="true" />
      <span className="min-w-0 grow">
        <span className="tabular block truncate">
          {agent === null ? null : <span className="font-semibold">{`${agent} · `}</span>}
          {run.task ?? t('runs.title', { when })}
        </span>
        {run.task === null ? null : <span className="tabular block text-xs text-quiet">{when}</span>}
      </span>
      <span className="hidden text-xs text-quiet sm:inline">
        {t(run.conversationId ? 'runs.chat' : 'runs.alone')}
      </span>
      <span className="tabular hidden w-20 text-right text-xs text-quiet sm:inline">
        {run.endedAt === null ? '' : format.duration(run.endedAt - run.createdAt)}
      </span>
      <span className={cx('shrink-0 text-right text-xs sm:w-28', look)}>{t(`runs.status.${state}`)}</span>
    </>
  );
}
