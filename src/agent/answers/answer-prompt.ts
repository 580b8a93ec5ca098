// The prompt of a grounded answer: the rules, then the person's files and the numbered passages as fenced data, then the
// question. The demand at the end is all that differs between the decision and the answer, so that a local model reads the passages once.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { ReadFile } from './attached-files.ts';
import type { Passage } from './choose-passages.ts';
import { fenced, oneLine } from './fence.ts';
import { houseWords } from './house-words.ts';
import type { HouseLanguage } from './question-language.ts';

export interface GroundedPrompt {
  system: string;
  history: LanguageModelV4Prompt;
  /** That the person gave with the question. */
  files?: readonly ReadFile[];
  passages: readonly Passage[];
  question: string;
  language: HouseLanguage;
}

export function groundedPrompt(
  { system, history, files = [], passages, question, language }: GroundedPrompt,
  purpose: 'answer' | 'decide',
): LanguageModelV4Prompt {
  const words = houseWords[language];
  const rules = [system.trim(), files.length === 0 ? words.rules : words.rulesWithFiles]
    .filter((text) => text !== '')
    .join('\n\n');
  const listed = passages.map(({ hit, text }, index) => {
    const page = hit.page === null ? '' : ` (${oneLine(hit.title)}, p. ${hit.page})`;
    return `[${index + 1}]${page}\n${fenced(text.trim())}`;
  });
  const given = files.map(({ name, text }) => `${words.file} ${oneLine(name)}\n${fenced(text)}`);
  const text = [
    ...given,
    ...(files.length > 0 && listed.length === 0 ? [] : [words.passages, ...listed]),
    `${words.question}\n${question.trim()}`,
    purpose === 'decide' ? words.holdsAnswer : files.length === 0 ? words.demand : words.demandWithFiles,
  ].join('\n\n');
  return [
    { role: 'system', content: rules },
    ...history,
    { role: 'user', content: [{ type: 'text', text }] },
  ];
}
