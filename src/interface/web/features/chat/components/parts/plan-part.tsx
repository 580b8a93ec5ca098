// The plan of an agent's run. While the run goes, the person may change it.
import { PlanCard } from '../../../../components/run/plan-card.tsx';
import type { PartProps } from './part-view.ts';

export function PlanPart({ part, answer }: PartProps<'plan'>) {
  if (part.items.length === 0) return null;
  return <PlanCard items={part.items} runId={answer.writing ? answer.message.runId : null} />;
}
