// Titles of conversations: first the person's own words, then a few words asked of the model.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { MessagePart } from '../../contracts/conversation.ts';

const LONGEST = 60;
const EXCERPT = 600;

/** Cut at a word where that leaves at least half. */
export function cutAtWord(text: string, longest = LONGEST): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= longest) return line;
  const cut = line.slice(0, longest + 1);
  const space = cut.lastIndexOf(' ');
  // A cut inside a pair of surrogates would leave half a character.
  return space > longest / 2 ? cut.slice(0, space) : line.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
}

/** The first words of a message, or the name of its file; null when there is neither. */
export function firstWords(parts: readonly MessagePart[]): string | null {
  const printable = (text: string) => cutAtWord(text.replace(/\p{Cc}/gu, ' '));
  const text = parts.find((part) => part.type === 'text' && part.text.trim() !== '');
  if (text?.type === 'text') return printable(text.text);
  const file = parts.find((part) => part.type === 'file');
  return file?.type === 'file' ? printable(file.name) : null;
}

const requests = {
  fr: 'Donne un titre à cette conversation : six mots au plus, en français, sans guillemets. Réponds seulement par le titre.',
  en: 'Write a title for this conversation: at most six words, in English, without quotation marks. Answer with the title only.',
  other:
    'Write a title for this conversation: at most six words, in the language in which I wrote, without quotation marks. Answer with the title only.',
} as const;

const common = {
  fr: /\b(le|la|les|des|une?|est|sont|dans|pour|que|qui|quelle?s?|comment|pourquoi|avec|je|tu|vous|nous|mon|ma|du|au|et|ce|cette)\b|[cdjlmnst]['’]|qu['’]|[éèêàùçœ]/gi,
  en: /\b(the|an?|is|are|in|for|what|which|who|how|why|with|i|you|we|my|of|to|and|this|that|does|do|can)\b/gi,
} as const;

/** French or English by their commonest words; anything else is left to the model. */
export function languageOf(text: string): keyof typeof requests {
  const sample = text.slice(0, 2000);
  const count = (language: keyof typeof common) => sample.match(common[language])?.length ?? 0;
  const [fr, en] = [count('fr'), count('en')];
  if (fr === en) return 'other';
  return fr > en ? 'fr' : 'en';
}

function plainText(prompt: LanguageModelV4Prompt, role: 'user' | 'assistant'): string {
  const message = prompt.find((one) => one.role === role);
  if (message === undefined || typeof message.content === 'string') return '';
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/**
 * The question for a title. `whole` appends it to the conversation as it was sent, so that a local model, which still
 * has that in memory, reads only the last line; otherwise the beginnings of the first question and answer are sent.
 */
export function titlePrompt(prompt: LanguageModelV4Prompt, whole: boolean): LanguageModelV4Prompt {
  const question = plainText(prompt, 'user');
  const request = requests[languageOf(question)];
  if (whole) return [...prompt, { role: 'user', content: [{ type: 'text', text: request }] }];
  const answer = plainText(prompt, 'assistant');
  const text = `${question.slice(0, EXCERPT)}\n\n---\n\n${answer.slice(0, EXCERPT)}\n\n---\n\n${request}`;
  return [{ role: 'user', content: [{ type: 'text', text }] }];
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** A very small model says the request again instead of answering it: nearly all the words are the request's own. */
function repeatsRequest(title: string): boolean {
  const words = wordsOf(title);
  if (words.length < 4) return false;
  return Object.values(requests).some((request) => {
    const asked = new Set(wordsOf(request));
    return words.filter((word) => asked.has(word)).length >= words.length * 0.8;
  });
}

/** One clean line, or null when the model wrote nothing that can be a title. `cut`: it was stopped by the limit. */
export function cleanTitle(written: string, cut: boolean): string | null {
  const line = written
    .split('\n')
    .map((one) => one.trim())
    .find((one) => one !== '');
  if (line === undefined) return null;
  let title = line
    .replace(/\p{Cc}/gu, ' ')
    .replace(/^(?:#+\s*|[-*•]\s+|\d+[.)]\s+)/, '')
    .replace(/^\W*(?:title|titre)\W*[:：]\s*/i, '')
    .replace(/^["'“”«»‘’*_`\s]+|["'“”«»‘’*_`\s.,;:]+$/g, '');
  if (cut && title.includes(' ')) title = title.slice(0, title.lastIndexOf(' '));
  title = cutAtWord(title);
  if (repeatsRequest(title)) return null;
  return /[\p{L}\p{N}]/u.test(title) ? title : null;
}
