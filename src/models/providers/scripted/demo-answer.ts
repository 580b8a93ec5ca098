// What scripted/script says when nobody wrote a script: in the question's language, that it is a demo and how to use it.
import { directives } from './directives.ts';

const french =
  /\b(bonjour|bonsoir|salut|coucou|merci|qui|que|quoi|quel(le)?s?|est|pourquoi|comment|où|quand|combien|le|la|les|des|une|je|tu|nous|vous|mon|ma|mes|dans|avec|pour|sur|ça)\b|[éèêàçùœ]|['’](est|il|ai|un)\b/giu;
const english =
  /\b(hello|hi|hey|thanks|who|what|which|why|how|where|when|the|an?|is|are|was|do|does|can|my|your|you|me|it|with|for|of|in|on)\b/giu;

/** French when more of its common words stand in the text than English ones. */
export function languageOf(text: string): 'en' | 'fr' {
  return (text.match(french)?.length ?? 0) > (text.match(english)?.length ?? 0) ? 'fr' : 'en';
}

const say = {
  en: (list: string) =>
    `Hello! I am a scripted demo, not a language model: I follow fixed rules and know nothing. To see me do something, send one or more of these lines:\n\n${list}\n\nFor real answers, choose another model.`,
  fr: (list: string) =>
    `Bonjour ! Je suis une démo scriptée, pas un modèle de langue : je suis des règles fixes et je ne sais rien. Pour me voir à l’œuvre, envoyez une ou plusieurs de ces lignes :\n\n${list}\n\nPour de vraies réponses, choisissez un autre modèle.`,
};

export function demoAnswer(question: string): string {
  const list = Object.values(directives)
    .map((example) => `- \`${example}\``)
    .join('\n');
  return say[languageOf(question)](list);
}
