// The plan of a run: written before the first step, moved on by what the tools did, changed by a person at any time.
import type { JSONSchema7, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { PlanItem } from '../../contracts/agent.ts';

const MAX_ITEMS = 6;

/** The title tells a scripted model what is asked of it. */
export const planSchema: JSONSchema7 = {
  title: 'plan',
  type: 'object',
  properties: { steps: { type: 'array', items: { type: 'string' }, maxItems: MAX_ITEMS } },
  required: ['steps'],
  additionalProperties: false,
};

const ASK = `First write a plan, as JSON: {"steps": ["...", "..."]}.
One short line a step, in the order of the work, at most ${MAX_ITEMS}; each step is one tool call, and the last step is the answer.
When the message needs no tool or a single step, the plan is empty: {"steps": []}`;

/** The first step's prompt with the wish for a plan at its end, so that the model reads what both share only once. */
export function planPrompt(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const last = prompt.at(-1);
  if (last?.role !== 'user') return [...prompt, { role: 'user', content: [{ type: 'text', text: ASK }] }];
  const asked = {
    role: 'user' as const,
    content: [...last.content, { type: 'text' as const, text: `\n\n${ASK}` }],
  };
  return [...prompt.slice(0, -1), asked];
}

/** Null when it is no plan. */
export function readPlan(text: string): PlanItem[] | null {
  let value: unknown;
  try {
    value = JSON.parse(/\{[\s\S]*\}/.exec(text)?.[0] ?? '');
  } catch {
    return null;
  }
  const steps = (value as { steps?: unknown }).steps;
  if (!Array.isArray(steps)) return null;
  const lines = steps
    .filter((step): step is string => typeof step === 'string' && step.trim() !== '')
    .map((step) =>
      step
        .trim()
        .replace(/^\d+[.)]\s*/, '')
        .slice(0, 500),
    );
  if (lines.length < 2) return [];
  return lines
    .slice(0, MAX_ITEMS)
    .map((line, at) => ({ id: String(at + 1), text: line, status: at === 0 ? 'doing' : 'open' }));
}

/** After a step whose tools did something: what was being done is done, the next begins. The last waits for the answer. */
export function advancePlan(items: readonly PlanItem[]): PlanItem[] {
  const doing = items.findIndex(({ status }) => status === 'doing');
  const open = items.findIndex(({ status }, at) => at > doing && status === 'open');
  if (open === -1) return [...items];
  return items.map((item, at) =>
    at === doing ? { ...item, status: 'done' } : at === open ? { ...item, status: 'doing' } : item,
  );
}

/** The answer is there: the step under way was that one, or it is done with it; what was never begun is dropped. */
export function endPlan(items: readonly PlanItem[]): PlanItem[] {
  const open = items.filter(({ status }) => status === 'open' || status === 'doing');
  return items.map((item) => {
    if (item.status === 'doing' || (item.status === 'open' && item === open.at(-1)))
      return { ...item, status: 'done' };
    return item.status === 'open' ? { ...item, status: 'dropped' } : item;
  });
}
