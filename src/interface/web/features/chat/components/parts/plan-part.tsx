// The plan of an agent's run.
import type { PartProps } from './part-view.ts';

export function PlanPart(_: PartProps<'plan'>) {
  return null;
}
