// The prompt of a grounded answer: the rules, then the numbered passages as fenced data, then the question. The demand at
// the end is all that differs between the decision and the answer, so that a local model reads the passages once.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Passage } from './choose-passages.ts';
import { houseWords } from './house-words.ts';
import type { HouseLanguage } from './question-language.ts';

export interface GroundedPrompt {
  system: string;
  history: LanguageModelV4Prompt;
  passages: readonly Passage[];
  question: string;
  language: HouseLanguage;
}

/** A fence that no run of backticks in the text can close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.trim()}\n${fence}`;
}

const LONGEST_TITLE = 120;

/** A title is a document's own word too, and stands outside the fence: it may not begin lines of its own. */
const oneLine = (title: string): string =>
  title
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_TITLE);

export function groundedPrompt(
  { system, history, passages, question, language }: GroundedPrompt,
  purpose: 'answer' | 'decide',
): LanguageModelV4Prompt {
  const words = houseWords[language];
  const rules = [system.trim(), words.rules].filter((text) => text !== '').join('\n\n');
  const listed = passages.map(({ hit, text }, index) => {
    const page = hit.page === null ? '' : ` (${oneLine(hit.title)}, p. ${hit.page})`;
    return `[${index + 1}]${page}\n${fenced(text)}`;
  });
  const text = [
    words.passages,
    ...listed,
    `${words.question}\n${question.trim()}`,
    purpose === 'answer' ? words.demand : words.holdsAnswer,
  ].join('\n\n');
  return [
    { role: 'system', content: rules },
    ...history,
    { role: 'user', content: [{ type: 'text', text }] },
  ];
}
