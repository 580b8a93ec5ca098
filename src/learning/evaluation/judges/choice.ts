// The likeliest of a few labels by the model's own probabilities, or what a classifier says.

import { toPrompt } from '../../../apps/prompts/answer-messages.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import type { PromptMessage } from '../../../contracts/prompt.ts';
import type { Decider } from '../../../models/decider.ts';
import type { CallContext } from '../../../models/model-call.ts';
import type { Question } from '../question.ts';
import type { Judged } from './judged.ts';

const INSTRUCTIONS = 'Choose the label that fits the text.';

export interface Choice {
  decider: Decider;
  model: string;
  labels: readonly string[];
  question: Question;
  /** Of a kept prompt; null: the decision's own words. */
  messages: readonly PromptMessage[] | null;
}

/** @throws AtelierError invalid_request for a prompt's own words and a model that tells no probabilities */
export async function judgeChoice(
  { decider, model, labels, question, messages }: Choice,
  context: CallContext,
  signal: AbortSignal,
): Promise<Judged & { output: string }> {
  const said =
    messages === null
      ? await decided({ decider, model, labels, question }, context, signal)
      : await weighed({ decider, model, labels, messages }, context, signal);
  const gold = said.probabilities?.[question.expected];
  return {
    output: said.label,
    score: said.label === question.expected ? 1 : 0,
    detail: {
      found: said.label,
      ...(gold === undefined ? {} : { probability: gold }),
      ...(said.probabilities === null ? {} : { probabilities: said.probabilities }),
    },
  };
}

interface Said {
  label: string;
  probabilities: Record<string, number> | null;
}

async function decided(
  { decider, model, labels, question }: Omit<Choice, 'messages'>,
  context: CallContext,
  signal: AbortSignal,
): Promise<Said> {
  const { value, probabilities } = await decider.decide(
    {
      model,
      instructions: question.system ?? INSTRUCTIONS,
      input: question.text,
      question: { type: 'choice', options: labels.map((label) => ({ label })) },
      examples: [],
    },
    context,
    signal,
  );
  return { label: String(value), probabilities };
}

async function weighed(
  {
    decider,
    model,
    labels,
    messages,
  }: Pick<Choice, 'decider' | 'model' | 'labels'> & {
    messages: readonly PromptMessage[];
  },
  context: CallContext,
  signal: AbortSignal,
): Promise<Said> {
  const found = await decider.weigh({ model, prompt: toPrompt(messages), choices: labels }, context, signal);
  if (found === null)
    throw new AtelierError(
      'invalid_request',
      `${model} tells no probabilities, so labels cannot be weighed under a prompt. Choose a model on this machine, or leave the prompt out.`,
      { data: { model, reason: 'no_logprobs' } },
    );
  const best = found.indexOf(Math.max(...found));
  return {
    label: labels[best] ?? '',
    probabilities: Object.fromEntries(labels.map((label, index) => [label, found[index] ?? 0])),
  };
}
