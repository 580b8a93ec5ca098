import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { noticeOf, noticesOf } from '../../../contracts/notice.ts';
import { noteAttributes, spanNotices } from '../../../contracts/span.ts';
import { en } from '../i18n/en/index.ts';
import { fr } from '../i18n/fr/index.ts';
import { noticeText } from './notice-text.ts';

const english = i18next.createInstance();
const french = i18next.createInstance();
beforeAll(async () => {
  const common = { fallbackLng: false as const, interpolation: { escapeValue: false } };
  await english.init({ ...common, lng: 'en', resources: { en } });
  await french.init({ ...common, lng: 'fr', resources: { fr } });
});

test('a notice is worded in the language of the page, with its numbers as the language writes them', () => {
  const cut = noticeOf('file_cut', 'a.txt was read in part.', { name: 'a.txt', read: 1200, total: 5400 });
  expect(noticeText(french, cut)).toContain('a.txt a été lu en partie');
  expect(noticeText(french, cut)).toContain('1\u202f200');
  expect(noticeText(english, cut)).toContain('1,200 of its 5,400 tokens');
  expect(noticeText(french, noticeOf('wrong_language', 'm', { language: 'en' }))).toContain('(anglais)');
});

test('what has no code, or one of a newer program, is shown as it was said', () => {
  expect(noticeText(french, { message: 'Only the first page was read.' })).toBe(
    'Only the first page was read.',
  );
  expect(noticeText(french, { message: 'Something new.', code: 'newer' as 'file_cut' })).toBe(
    'Something new.',
  );
});

test('a note of a receipt is worded too, and one that was stored without a code stays in English', () => {
  const none = noticeOf('no_answer_in_documents', 'The documents hold no answer, so no model wrote one.');
  const stored = { notes: [none.message, 'Made smaller.'] };
  const worded = (said: Parameters<typeof noticesOf>[0]) =>
    noticesOf(said).map((one) => noticeText(french, one));
  expect(worded({ ...stored, notices: [none] })).toEqual([
    'Les documents ne contiennent pas de réponse\u202f: aucun modèle n’en a donc écrit.',
    'Made smaller.',
  ]);
  expect(worded(stored)).toEqual(stored.notes);
});

test('a note of a trace is worded too; what other programs wrote among its attributes harms nothing', () => {
  const said = [
    noticeOf('events_unreadable', '2 events of the provider could not be read.', { events: 2 }),
    { message: 'Made smaller.' },
  ];
  const worded = (attributes: Record<string, unknown>) =>
    spanNotices(attributes).map((one) => noticeText(french, one));
  expect(worded(noteAttributes(said))).toEqual([
    'Événements du fournisseur qui n’ont pas pu être lus\u202f: 2.',
    'Made smaller.',
  ]);
  expect(noteAttributes([])).toEqual({});
  expect(worded({ 'atelier.notes': ['Made smaller.'] })).toEqual(['Made smaller.']);
  expect(worded({ 'atelier.notes': ['x'], 'atelier.notices': [{ code: 1 }] })).toEqual(['x']);
  expect(worded({ 'atelier.notes': 'x', 'atelier.notices': 'y' })).toEqual([]);
});
