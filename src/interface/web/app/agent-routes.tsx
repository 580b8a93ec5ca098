// The pages of agents, with the way chat draws a run put into them.
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Skeleton } from '../components/ui/skeleton.tsx';

const AgentPage = lazy(async () => ({
  default: (await import('../features/agents/components/agent-page.tsx')).AgentPage,
}));
const RunPage = lazy(async () => ({
  default: (await import('../features/agents/components/run-page.tsx')).RunPage,
}));
const RunAnswer = lazy(async () => ({
  default: (await import('../features/chat/components/run-answer.tsx')).RunAnswer,
}));

const renderRun = (runId: string) => (
  <Suspense key={runId} fallback={<Skeleton className="h-24" />}>
    <RunAnswer runId={runId} />
  </Suspense>
);

export function AgentRoute() {
  const { name } = useParams({ strict: false });
  return <AgentPage key={name} name={name ?? ''} renderRun={renderRun} />;
}

export function RunRoute() {
  const { runId } = useParams({ strict: false });
  return <RunPage runId={runId ?? ''}>{renderRun(runId ?? '')}</RunPage>;
}
