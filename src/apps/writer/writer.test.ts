// The length that a person asked for is kept, and what was streamed is what stands in the end.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApps, parrot, type TestApps } from '../../../test/open-apps.ts';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { localIdentity } from '../../contracts/identity.ts';
import type { WriterOutput } from './writer-schema.ts';

let opened: TestStore;
let on: TestApps;
const model = parrot();
beforeAll(async () => {
  opened = await openTestStore();
  on = openApps(opened.store, { providers: [model.provider] });
});
afterAll(async () => {
  await on.close();
  await opened.dispose();
});

async function write(input: Record<string, unknown>, ...says: string[]) {
  model.say(...says);
  const notes: string[] = [];
  const steps: string[] = [];
  let text = '';
  let output: WriterOutput | undefined;
  for await (const event of on.apps.stream(localIdentity, 'writer', input, {
    model: model.id,
    source: 'page',
  })) {
    if (event.type === 'note') notes.push(event.message);
    if (event.type === 'status') steps.push(event.step);
    if (event.type === 'text-delta') text += event.delta;
    if (event.type === 'output') output = event.output as WriterOutput;
  }
  return { ...output!, notes, steps, text };
}
const sentence = (words: number) => `${Array.from({ length: words }, () => 'mot').join(' ')}.`;
const sentences = (count: number) => Array.from({ length: count }, () => sentence(10)).join(' ');

test('a text of the right length is left as it is', async () => {
  const { variants, notes, text } = await write({ brief: 'Une fête', words: 50 }, sentences(5));
  expect(variants).toEqual([{ text: sentences(5), words: 50, lengthKept: true, repaired: false }]);
  expect(text).toBe(sentences(5));
  expect(notes).toEqual([]);
});

test('one that goes on is stopped at the end of a sentence and closed', async () => {
  const { variants, notes, text, steps } = await write(
    { brief: 'Une fête', words: 50 },
    sentences(30),
    'Venez nombreux !',
  );
  expect(variants[0]).toMatchObject({ lengthKept: true, repaired: true });
  expect(variants[0]?.text).toBe(`${sentences(5)} Venez nombreux !`);
  expect(text).toBe(variants[0]?.text);
  expect(notes).toEqual([expect.stringMatching(/too long/)]);
  expect(steps).toContain('repairing');
});

test('one that ends early is continued once', async () => {
  const { variants, text, notes } = await write(
    { brief: 'A party', words: 60 },
    sentences(2),
    sentences(4),
    sentences(9),
  );
  expect(variants[0]).toMatchObject({
    words: 60,
    lengthKept: true,
    repaired: true,
    text: `${sentences(2)} ${sentences(4)}`,
  });
  expect(text).toBe(variants[0]?.text);
  expect(notes).toEqual([expect.stringMatching(/too short/)]);
  const still = await write({ brief: 'A party', words: 60 }, sentences(1), sentences(1), sentences(9));
  expect(still.variants[0]).toMatchObject({ words: 20, lengthKept: false, repaired: true });
});

test('versions are told one after the other, with seeds of their own', async () => {
  const { variants, text } = await write(
    { brief: 'Une fête', words: 20, variants: 3 },
    sentences(2),
    sentences(2),
    sentences(2),
  );
  expect(variants).toHaveLength(3);
  expect(text).toBe([sentences(2), sentences(2), sentences(2)].join('\n\n---\n\n'));
  expect(new Set(model.asked.map(({ seed }) => seed)).size).toBe(3);
});

test('a plan is made first when one is wanted, and followed', async () => {
  const { outline } = await write(
    { brief: 'Une fête', words: 20, makeOutline: true },
    '{"points":["Quand","Où"]}',
    sentences(2),
  );
  expect(outline).toEqual(['Quand', 'Où']);
  expect(JSON.stringify(model.asked[1]?.prompt)).toContain('1. Quand');
});

test('the language is that of the brief unless told', async () => {
  expect((await write({ brief: 'Une fête pour les voisins' }, '')).language).toBe('fr');
  expect(JSON.stringify(model.asked[0]?.prompt)).toContain('Écris un article');
  expect((await write({ brief: 'Une fête pour les voisins', language: 'en' }, '')).language).toBe('en');
  expect(JSON.stringify(model.asked[0]?.prompt)).toContain('Write an article');
});

test('a text in the wrong language is not shown; it is asked for again, and a second failure is said', async () => {
  const english =
    'The neighbours are invited to the party in the park, and it is for all of them with their children.';
  const french =
    'Les voisins sont invités à la fête dans le parc, et elle est pour tous les habitants avec leurs enfants.';
  const good = await write({ brief: 'Une fête pour les voisins', words: 20 }, english, french);
  expect(good.variants[0]?.text).toBe(french);
  expect(good.text).toBe(french);
  expect(JSON.stringify(model.asked[1]?.prompt)).toContain('Réponds en français.');
  const bad = await write({ brief: 'Une fête pour les voisins', words: 20 }, english, english);
  expect(bad.text).toBe(english);
  expect(bad.notes).toEqual(['The model did not write in French.']);
});
