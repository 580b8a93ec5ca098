// The words of a decision: what is decided and how, the options under short codes, and the input as fenced data.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { DecideInput } from '../../contracts/app.ts';
import { AtelierError } from '../../contracts/errors.ts';

export interface DecisionOption {
  value: string | number | boolean;
  /** Under which it stands among the probabilities. */
  label: string;
  /** What the model writes for it. */
  code: string;
  description: string | null;
}

const MOST_SCORES = 101;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

export type CodeStyle = 'letters' | 'labels';

/** @throws AtelierError invalid_request */
export function optionsOf(question: DecideInput['question'], style: CodeStyle): DecisionOption[] {
  if (question.type === 'yes_no') {
    return [
      { value: true, label: 'yes', code: 'yes', description: null },
      { value: false, label: 'no', code: 'no', description: null },
    ];
  }
  if (question.type === 'score') {
    const count = question.max - question.min + 1;
    if (count < 2 || count > MOST_SCORES) {
      throw new AtelierError(
        'invalid_request',
        `A score goes from min to a larger max, with at most ${MOST_SCORES} values; ${question.min} to ${question.max} has ${Math.max(0, count)}.`,
        { data: { min: question.min, max: question.max } },
      );
    }
    return Array.from({ length: count }, (_, index) => {
      const label = String(question.min + index);
      return { value: question.min + index, label, code: label, description: null };
    });
  }
  const labels = question.options.map(({ label }) => label);
  const doubled = labels.find((label, index) => labels.indexOf(label) !== index);
  if (doubled !== undefined) {
    throw new AtelierError('invalid_request', `The option "${doubled}" stands there twice.`, {
      data: { option: doubled },
    });
  }
  return question.options.map(({ label, description }, index) => ({
    value: label,
    label,
    code:
      style === 'labels'
        ? label
        : labels.length > LETTERS.length
          ? String(index + 1)
          : (LETTERS[index] ?? ''),
    description: description ?? null,
  }));
}

/** A fence that no run of backticks in the text can close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function optionLines(options: readonly DecisionOption[]): string {
  return options
    .map(({ code, label, description }) => {
      const words = code === label ? label : `${code}. ${label}`;
      return description === null ? words : `${words}: ${description}`;
    })
    .join('\n');
}

function demand(question: DecideInput['question'], options: readonly DecisionOption[]): string {
  if (question.type === 'yes_no') return 'Answer with "yes" or "no" only.';
  if (question.type === 'score')
    return `Answer with one whole number from ${question.min} to ${question.max} only.`;
  const coded = options.some(({ code, label }) => code !== label);
  return `${coded ? 'Options' : 'Possible answers'}:\n${optionLines(options)}\n\nAnswer with ${
    coded
      ? `the ${/\d/.test(options[0]?.code ?? '') ? 'number' : 'letter'} of one option`
      : 'one of these words'
  } only.`;
}

/** The part that stays the same over many inputs comes first, so that a local model reads it once. */
export function decisionPrompt(
  input: DecideInput,
  options: readonly DecisionOption[],
): LanguageModelV4Prompt {
  const byLabel = new Map(options.map((option) => [option.label.toLowerCase(), option]));
  const system = [input.instructions.trim(), demand(input.question, options)].filter((text) => text !== '');
  const prompt: LanguageModelV4Prompt = [{ role: 'system', content: system.join('\n\n') }];
  const user = (text: string) =>
    prompt.push({ role: 'user', content: [{ type: 'text', text: `${fenced(text)}\n\nAnswer:` }] });
  for (const example of input.examples) {
    const option = byLabel.get(example.answer.trim().toLowerCase());
    if (option === undefined) {
      throw new AtelierError(
        'invalid_request',
        `The answer "${example.answer}" of an example is none of the options: ${options.map(({ label }) => label).join(', ')}.`,
        { data: { answer: example.answer } },
      );
    }
    user(example.input);
    prompt.push({ role: 'assistant', content: [{ type: 'text', text: option.code }] });
  }
  user(input.input);
  return prompt;
}
