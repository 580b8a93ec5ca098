import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { languageOfQuestion } from './question-language.ts';
import { cleanQuestion, leansBack, wholeByRules } from './whole-question.ts';

test.each([
  ['Et à Lyon ?', 'fr', true],
  ['Quand a-t-elle été créée ?', 'fr', false],
  ['Combien coûte-t-il ?', 'fr', false],
  ['Comment puis-je le refaire et quel est son prix ?', 'fr', true],
  ['Qui peut demander cela ?', 'fr', true],
  ['Pourquoi ?', 'fr', true],
  ['Quel est le délai pour contester une amende ?', 'fr', false],
  ['Est-ce que la CNIL peut sanctionner une entreprise ?', 'fr', false],
  ['Faut-il un justificatif de domicile ?', 'fr', false],
  ['What about Lyon?', 'en', true],
  ['How much does it cost?', 'en', true],
  ['Who built them?', 'en', true],
  ['When was the house built?', 'en', false],
  ['Is there a fee for the permit?', 'en', false],
] as const)('%s leans back: %s', (question, language, leans) => {
  expect(languageOfQuestion(question, language === 'fr' ? 'le la' : 'the')).toBe(language);
  // A pronoun behind the verb may point back or not; taking it for impersonal costs a worse search, not a wrong answer.
  expect(leansBack(question, language)).toBe(leans);
});

const said = (...texts: string[]): LanguageModelV4Prompt =>
  texts.map((text, index) =>
    index % 2 === 0
      ? { role: 'user', content: [{ type: 'text', text }] }
      : { role: 'assistant', content: [{ type: 'text', text }] },
  );

test('the question before is put in front, and the model is needed only when that leans too', () => {
  const first = said('Quel est le prix du passeport à Paris ?', 'Il coûte 86 euros.');
  expect(wholeByRules('Et à Lyon ?', first, 'fr')).toEqual({
    search: 'Quel est le prix du passeport à Paris ? Et à Lyon ?',
    leans: true,
    needsModel: false,
  });
  const second = said('Quel est le prix du passeport à Paris ?', '86 euros.', 'Et à Lyon ?', 'Aussi.');
  expect(wholeByRules('Et pour eux ?', second, 'fr').needsModel).toBe(true);
  expect(wholeByRules('Qui a construit la tour Eiffel ?', second, 'fr').leans).toBe(false);
  expect(wholeByRules('Et à Lyon ?', [], 'fr').leans).toBe(false);
});

test('what a model wrote becomes one line or nothing', () => {
  expect(cleanQuestion('\n“Quel est le prix du passeport à Lyon ?”\nVoilà.')).toBe(
    'Quel est le prix du passeport à Lyon ?',
  );
  expect(cleanQuestion('  \n ')).toBeNull();
});
