// The words in which the content generator asks, in French for French texts and in English for English ones.
import type { Question } from '../parts/ask-model.ts';
import type { ContentKind, Tone, WriterInput } from './writer-schema.ts';

type Language = 'en' | 'fr';

const kinds: Record<ContentKind, string> = {
  article: 'un article',
  'blog post': 'un billet de blog',
  email: 'un courriel',
  letter: 'une lettre',
  'product description': 'une fiche produit',
  'social media post': 'une publication pour les réseaux sociaux',
  'press release': 'un communiqué de presse',
  speech: 'un discours',
  story: 'un récit',
  'free text': 'un texte',
};
const tones: Record<Tone, string> = {
  neutral: 'neutre',
  friendly: 'chaleureux',
  formal: 'formel',
  enthusiastic: 'enthousiaste',
  persuasive: 'convaincant',
  humorous: 'humoristique',
  plain: 'simple et direct',
};
const article = (kind: string) => (/^[aeiou]/.test(kind) ? 'an' : 'a');

export function systemOf(language: Language): string {
  return language === 'fr'
    ? 'Tu es rédacteur. Tu écris en français le texte demandé, prêt à être publié, sans commentaire avant ni après. Tu n’inventes ni chiffre, ni nom, ni citation que la demande ne donne pas.'
    : 'You are a writer. You write the text that is asked for in English, ready to be published, with no comment before or after it. You invent no figure, name or quotation that the request does not give.';
}

function demandOf(input: WriterInput, language: Language): string {
  const { kind, tone, words, audience, brief } = input;
  return language === 'fr'
    ? `Écris ${kinds[kind]} d’environ ${words} mots, sur un ton ${tones[tone]}${audience.trim() === '' ? '' : `, pour ce public : ${audience.trim()}`}.\n\nDemande :\n${brief.trim()}`
    : `Write ${article(kind)} ${kind} of about ${words} words in a ${tone} tone${audience.trim() === '' ? '' : `, for this audience: ${audience.trim()}`}.\n\nRequest:\n${brief.trim()}`;
}

/** Tokens of a word in either language, with room for names. */
const TOKENS_A_WORD = 2.2;

export function draftQuestion(
  input: WriterInput,
  outline: readonly string[],
  language: Language,
  variant: number,
): Question {
  const points = outline.map((point, index) => `${index + 1}. ${point}`).join('\n');
  const plan =
    outline.length === 0
      ? ''
      : language === 'fr'
        ? `\n\nSuis ce plan, sans le recopier :\n${points}`
        : `\n\nFollow this outline, without copying it out:\n${points}`;
  return {
    name: 'write',
    system: systemOf(language),
    prompt: `${demandOf(input, language)}${plan}`,
    temperature: 0.7,
    seed: variant,
    maxOutputTokens: Math.ceil(input.words * 1.3 * TOKENS_A_WORD) + 60,
  };
}

export function outlineQuestion(input: WriterInput, language: Language): Question {
  const count = Math.max(3, Math.min(8, Math.round(input.words / 80) + 2));
  return {
    name: 'outline',
    system: systemOf(language),
    prompt:
      language === 'fr'
        ? `${demandOf(input, language)}\n\nNe rédige pas encore : donne le plan en ${count} points courts.`
        : `${demandOf(input, language)}\n\nDo not write it yet: give its outline in ${count} short points.`,
    temperature: 0.3,
    maxOutputTokens: 40 * count,
  };
}

/** More of a text that ended too early. */
export function continueQuestion(
  input: WriterInput,
  text: string,
  missing: number,
  language: Language,
): Question {
  return {
    name: 'lengthen',
    system: systemOf(language),
    prompt: [
      { role: 'user', content: demandOf(input, language) },
      { role: 'assistant', content: text },
      {
        role: 'user',
        content:
          language === 'fr'
            ? `Le texte est trop court. Écris la suite, environ ${missing} mots de plus, sans répéter ce qui précède.`
            : `The text is too short. Write what follows, about ${missing} more words, without repeating what is there.`,
      },
    ],
    temperature: 0.7,
    maxOutputTokens: Math.ceil(missing * 1.3 * TOKENS_A_WORD) + 40,
  };
}

/** A last sentence for a text that was stopped at its length. */
export function closeQuestion(text: string, language: Language): Question {
  const end = text.slice(-1200);
  return {
    name: 'close',
    system: systemOf(language),
    prompt:
      language === 'fr'
        ? `Voici la fin d’un texte :\n\n${end}\n\nÉcris une seule phrase de conclusion, courte (15 mots au plus).`
        : `Here is the end of a text:\n\n${end}\n\nWrite one short closing sentence (15 words at most).`,
    temperature: 0.3,
    maxOutputTokens: 60,
  };
}
