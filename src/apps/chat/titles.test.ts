// Titles: a person's first words, and what a model's line becomes.
import { describe, expect, test } from 'vitest';
import type { MessagePart } from '../../contracts/conversation.ts';
import { cleanTitle, cutAtWord, firstWords, languageOf, titlePrompt } from './titles.ts';

const text = (words: string): MessagePart => ({ type: 'text', text: words });

describe('first words', () => {
  test('are one line of at most 60 characters, cut at a word', () => {
    expect(firstWords([text('  What is\n\tthe capital? ')])).toBe('What is the capital?');
    const long = firstWords([
      text('Explain the difference between a process and a thread in an operating system'),
    ]);
    expect(long).toBe('Explain the difference between a process and a thread in an');
    expect(cutAtWord('a'.repeat(100))).toHaveLength(60);
    expect(cutAtWord(`${'a'.repeat(59)}😀b`)).toBe('a'.repeat(59));
  });
  test('or the name of the file', () => {
    const file: MessagePart = { type: 'file', name: 'notes.txt', mediaType: 'text/plain', text: 'x' };
    expect(firstWords([text(' '), file])).toBe('notes.txt');
    expect(firstWords([])).toBeNull();
  });
});

test.each([
  ['Quelle est la capitale de la France ?', 'fr'],
  ['Écris-moi un poème', 'fr'],
  ['What is the capital of France?', 'en'],
  ['Wie heißt die Hauptstadt?', 'other'],
  ['42', 'other'],
])('the language of %s', (words, language) => {
  expect(languageOf(words)).toBe(language);
});

test.each([
  ['The capital of France', false, 'The capital of France'],
  ['"Capital of France."', false, 'Capital of France'],
  ['Title: **Capital of France**\n\nHere is why', false, 'Capital of France'],
  ['« La capitale de la France »', false, 'La capitale de la France'],
  ['Titre : La capitale', false, 'La capitale'],
  ['# Heading', false, 'Heading'],
  ['La capitale de la Fran', true, 'La capitale de la'],
  ['Anticonstitutionnell', true, 'Anticonstitutionnell'],
  ['\n\n', false, null],
  ['...', false, null],
  ['""', false, null],
  ['C++ and C#', false, 'C++ and C#'],
])('%j becomes a title', (written, cut, title) => {
  expect(cleanTitle(written, cut)).toBe(title);
});

test.each([
  'At the most six words, in the language of the',
  'Title for this conversation, at most six words',
  'Six mots au plus, en français',
])('the request said again is no title: %s', (written) => {
  expect(cleanTitle(written, false)).toBeNull();
});

test('words that the request also uses may be in a title', () => {
  expect(cleanTitle('Six words in English about cats', false)).toBe('Six words in English about cats');
});

test('a local model reads the conversation on, another gets the beginnings', () => {
  const prompt = [
    { role: 'system' as const, content: 'Be brief.' },
    {
      role: 'user' as const,
      content: [{ type: 'text' as const, text: `Que dire de ceci ? ${'x'.repeat(5000)}` }],
    },
    { role: 'assistant' as const, content: [{ type: 'text' as const, text: 'Rien.' }] },
  ];
  const whole = titlePrompt(prompt, true);
  expect(whole.slice(0, 3)).toEqual(prompt);
  expect(JSON.stringify(whole.at(-1))).toContain('en français');
  const excerpt = titlePrompt(prompt, false);
  expect(excerpt).toHaveLength(1);
  expect(JSON.stringify(excerpt).length).toBeLessThan(1200);
  expect(JSON.stringify(excerpt)).toContain('Rien.');
});
