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

const WANTED = `{"steps": ["...", "..."]}: what is to be done, a few words a step, in the language of the task; the last step is the answer. At most ${MAX_ITEMS} steps. A greeting, a question or a single thing to do needs no plan: {"steps": []}`;

/** The first step's prompt with the wish for a plan at its end, so that the model reads what both share only once. */
export function planPrompt(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const ask = `Before you begin, write the plan of the work as JSON: ${WANTED}`;
  const last = prompt.at(-1);
  if (last?.role !== 'user') return [...prompt, { role: 'user', content: [{ type: 'text', text: ask }] }];
  const text = `\n\n${ask}`;
  return [...prompt.slice(0, -1), { role: 'user', content: [...last.content, { type: 'text', text }] }];
}

const shown: readonly [string, readonly string[]][] = [
  ['Bonjour !', []],
  ['How long is the guarantee?', []],
  ['Combien font 12 fois 350 ?', []],
  [
    'Find the price of the oven, add 20% and write it into oven.txt.',
    ['Find the price of the oven', 'Add 20%', 'Write oven.txt', 'Answer'],
  ],
  ['Note "call Ana" in todo.txt.', []],
  [
    'Cherche le délai de livraison et note-le dans delai.txt.',
    ['Chercher le délai de livraison', 'Écrire delai.txt', 'Répondre'],
  ],
  ['Qui est le responsable du projet ?', []],
  [
    'How much do the table and the lamp cost together?',
    ['Find the prices of the table and the lamp', 'Add them', 'Answer'],
  ],
  ['Use JavaScript to add the numbers from 1 to 9.', []],
  [
    'Find out where the keys are and put the place into keys.txt.',
    ['Find where the keys are', 'Write keys.txt', 'Answer'],
  ],
  ['Create colours.txt with two lines: red, blue.', []],
  [
    'Combien coûte le repas par semaine, d’après les tarifs ?',
    ['Chercher le prix du repas', 'Multiplier par 5', 'Répondre'],
  ],
  ['What is the telephone number of the plumber?', []],
  [
    'How much does the school earn when all 30 seats are taken?',
    ['Find the price of a seat', 'Multiply it by 30', 'Answer'],
  ],
];

/**
 * For a small model: the task alone, after tasks that were planned well. With the tools in sight it lists the tools, and
 * with the examples in one text it continues the examples.
 */
export function planPromptByExample(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const examples = shown.flatMap(
    ([task, steps]): LanguageModelV4Prompt => [
      { role: 'user', content: [{ type: 'text', text: task }] },
      { role: 'assistant', content: [{ type: 'text', text: JSON.stringify({ steps }) }] },
    ],
  );
  const task = prompt.findLast(({ role }) => role === 'user');
  const system = `You plan the work of an assistant that searches documents, computes and writes files. Write JSON: ${WANTED}`;
  return [{ role: 'system', content: system }, ...examples, ...(task === undefined ? [] : [task])];
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
  // One thing to do and the answer are no plan.
  if (lines.length < 3) return [];
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

/**
 * The answer is there: the step under way was that one, or it is done with it, unless all that was tried failed; what was
 * never begun is dropped.
 */
export function endPlan(items: readonly PlanItem[], { failed }: { failed: boolean }): PlanItem[] {
  const open = items.filter(({ status }) => status === 'open' || status === 'doing');
  return items.map((item) => {
    if (item === open.at(-1) || (item.status === 'doing' && !failed)) return { ...item, status: 'done' };
    return open.includes(item) ? { ...item, status: 'dropped' } : item;
  });
}
