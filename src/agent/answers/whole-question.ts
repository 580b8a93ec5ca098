// Makes a question whole that leans on what was said before ("and in Lyon?"), so that a search can find something. Rules
// first: the question before it is put in front. Only where that cannot help is the model asked.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { termsOf } from '../../retrieval/index/analyse.ts';
import type { HouseLanguage } from './question-language.ts';

const opens = {
  fr: /^(?:et|mais|alors|donc|sinon|aussi|pareil|même chose|dans ce cas|pourquoi\s*\??$|comment\s*\??$)(?![\p{L}])/iu,
  en: /^(?:and|but|so|then|or|what about|how about|in that case|same|why\s*\??$|how\s*\??$)(?![\p{L}])/iu,
} as const;

const pointsBack = {
  fr: /(?<![\p{L}-])(?:elles?|ils?|eux|celui-ci|celle-ci|ceux-ci|celui|celle|ceux|celles|cela|ça|lui|leurs?|ce dernier|cette dernière|là-bas|là-dessus|son|sa|ses|cet?|cette|ces)(?![\p{L}])/iu,
  en: /(?<![\p{L}-])(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|one|ones|the same|the former|the latter)(?![\p{L}])/iu,
} as const;

/** Words that look as if they pointed back and do not. */
const impersonal = {
  fr: /(?:est|sont|sera|était)-ce(?![\p{L}])|(?<![\p{L}])c['’]est|qu['’]est|(?:y a|faut|peut|doit|existe|suffit|convient|s['’]agit|est|a)-t?-?il|(?<![\p{L}])il (?:y a|faut|est|existe|s['’]agit)|-(?:t-)?(?:ils?|elles?)(?![\p{L}])|(?<![\p{L}])ce (?:que?|qui|qu['’])/giu,
  en: /(?<![\p{L}])(?:is|was|does|are|were) there|there (?:is|are|was|were)|(?:is|was) it (?:true|possible|necessary|allowed|legal)|so that|(?:is|was) that of/giu,
} as const;

/** A question with so many words of its own stands alone whatever pronouns it has. */
const OWN_WORDS = 9;
/** With fewer the question before says nothing to search for either. */
const LEAST_WORDS = 2;

export interface WholeQuestion {
  /** What is searched. */
  search: string;
  leans: boolean;
  /** The rules cannot make it whole: the question before leans too, or names nothing. */
  needsModel: boolean;
}

export function leansBack(question: string, language: HouseLanguage): boolean {
  const text = question.trim();
  const words = new Set(termsOf(text)).size;
  if (opens[language].test(text) || words === 0) return true;
  if (words >= OWN_WORDS) return false;
  return pointsBack[language].test(text.replace(impersonal[language], ' '));
}

export function wholeByRules(
  question: string,
  history: LanguageModelV4Prompt,
  language: HouseLanguage,
): WholeQuestion {
  const earlier = history.filter((message) => message.role === 'user').map(textOfMessage);
  const before = earlier.at(-1);
  if (before === undefined || !leansBack(question, language))
    return { search: question.trim(), leans: false, needsModel: false };
  const needsModel =
    new Set(termsOf(before)).size < LEAST_WORDS || (earlier.length > 1 && leansBack(before, language));
  return { search: `${before.trim()} ${question.trim()}`, leans: true, needsModel };
}

export function textOfMessage(message: LanguageModelV4Prompt[number]): string {
  if (typeof message.content === 'string') return message.content;
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

const LONGEST = 400;

/** One line, or null when the model wrote nothing that can be searched. */
export function cleanQuestion(written: string): string | null {
  const line = written
    .split('\n')
    .map((one) => one.replace(/^["'“”«»\s]+|["'“”«»\s]+$/g, '').trim())
    .find((one) => one !== '');
  return line === undefined || line.length > LONGEST || termsOf(line).length === 0 ? null : line;
}
