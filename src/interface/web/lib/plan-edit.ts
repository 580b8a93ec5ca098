// A person's change of a plan, and how it meets what the agent has done in the meantime.
import type { PlanItem } from '../../../contracts/agent.ts';

export type PlanDraft = readonly PlanItem[];

/** What the agent has done counts, unless the person dropped or took up that step. */
export function mergePlan(
  draft: PlanDraft,
  before: readonly PlanItem[],
  now: readonly PlanItem[],
): PlanItem[] {
  const started = new Map(before.map((item) => [item.id, item.status]));
  const latest = new Map(now.map((item) => [item.id, item.status]));
  const mine = draft
    .map((item) => ({
      ...item,
      text: item.text.trim(),
      status: started.get(item.id) === item.status ? (latest.get(item.id) ?? item.status) : item.status,
    }))
    .filter((item) => item.text !== '');
  const seen = new Set([...before, ...draft].map((item) => item.id));
  // Steps that the agent has added while the person was writing.
  return [...mine, ...now.filter((item) => !seen.has(item.id))];
}

export function moveItem(draft: PlanDraft, index: number, by: -1 | 1): PlanItem[] {
  const next = [...draft];
  const other = index + by;
  const [item, neighbour] = [next[index], next[other]];
  if (!item || !neighbour) return next;
  next[index] = neighbour;
  next[other] = item;
  return next;
}

/** An id that no step of the plan has. */
export function freshId(draft: PlanDraft): string {
  const taken = new Set(draft.map((item) => item.id));
  let n = draft.length + 1;
  while (taken.has(`mine-${n}`)) n++;
  return `mine-${n}`;
}
