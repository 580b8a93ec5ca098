// Passages: whole sentences and rows, their place and their headings, and the same ids for what did not change.
import { expect, test } from 'vitest';
import { type Chunk, passageText } from '../../contracts/chunk.ts';
import { type ParsedDocument, plainText } from '../../contracts/document.ts';
import { parseDocument } from '../parse/parse-document.ts';
import { makePdf } from '../parse/testing/pdf-file.ts';
import { boxesBetween, type ChunkOptions, chunkDocument } from './chunk-document.ts';

/** A word or a sign is a token, and a long word is several. */
const countTokens = (texts: readonly string[]) =>
  texts.map((text) =>
    [...text.matchAll(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)].reduce(
      (sum, [word]) => sum + Math.ceil(word.length / 6),
      0,
    ),
  );

const markdown = (source: string) => parseDocument({ name: 'doc.md', bytes: Buffer.from(source) });

async function chunk(document: ParsedDocument, options: Partial<ChunkOptions> = {}): Promise<Chunk[]> {
  const chunks = await chunkDocument(document, { countTokens, ...options });
  const text = plainText(document);
  const covered = new Array<boolean>(text.length).fill(false);
  for (const one of chunks) {
    expect(text.slice(one.start, one.end)).toBe(one.text);
    expect(one.tokens).toBe(countTokens([passageText(one)])[0]);
    expect(one.tokens).toBeLessThanOrEqual(options.most ?? 448);
    // Never inside a word.
    expect(`${text[one.start - 1] ?? ' '}${text[one.start]}`).not.toMatch(/[\p{L}\p{N}]{2}/u);
    expect(`${text[one.end - 1]}${text[one.end] ?? ' '}`).not.toMatch(/[\p{L}\p{N}]{2}/u);
    covered.fill(true, one.start, one.end);
  }
  // Nothing is lost but the space between blocks and sentences.
  expect([...text].filter((letter, at) => !covered[at] && /\S/.test(letter))).toEqual([]);
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(chunks.length);
  return chunks;
}

const sentence = (n: number) =>
  `La phrase numéro ${n} de ce long paragraphe dit ce que les autres ne disent pas.`;
const paragraph = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => sentence(from + i)).join(' ');

test('sections stay together, small ones join, and each passage knows its headings', async () => {
  const chunks = await chunk(
    await markdown(`# Guide

Entrée.

## Vacances

${paragraph(0, 8)}

### Report

${paragraph(8, 16)}

## Paie

Court.

## Retraite

Court aussi.
`),
  );
  expect(chunks.map(({ context, headings, text }) => [context, headings, text.split('\n')[0]])).toEqual([
    ['', [], 'Guide'],
    ['Guide > Vacances', ['Guide', 'Vacances'], 'Report'],
    ['Guide', ['Guide'], 'Paie'],
  ]);
  expect(chunks[2]?.text).toBe('Paie\n\nCourt.\n\nRetraite\n\nCourt aussi.');
});

test('a long paragraph is cut between sentences, and the last one is repeated', async () => {
  const chunks = await chunk(await markdown(paragraph(0, 60)));
  expect(chunks.length).toBeGreaterThan(3);
  for (const [index, one] of chunks.entries()) {
    expect(one.text).toMatch(/^La phrase[\s\S]*pas\.$/);
    expect(one.tokens).toBeLessThanOrEqual(320);
    const before = chunks[index - 1];
    if (before) expect(before.text.endsWith(one.text.slice(0, one.text.indexOf('.') + 1))).toBe(true);
  }
  const without = await chunk(await markdown(paragraph(0, 60)), { overlap: 0 });
  expect(without.every((one, index) => index === 0 || one.start >= without[index - 1]!.end)).toBe(true);
});

test('a table is cut between rows, and its header is said again but is not part of the text', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `article ${i};${i * 3},50;en stock`);
  const document = await parseDocument({
    name: 'prix.csv',
    bytes: Buffer.from(`Nom;Prix;État\n${rows.join('\n')}\n`),
  });
  const chunks = await chunk(document);
  expect(chunks.length).toBeGreaterThan(2);
  expect(chunks.map(({ header }) => header)).toEqual([
    null,
    ...chunks.slice(1).map(() => 'Nom | Prix | État'),
  ]);
  for (const { text } of chunks.slice(1)) expect(text).toMatch(/^article \d+ \|[\s\S]*en stock$/);
  expect(passageText(chunks[1]!)).toMatch(/^prix\nNom \| Prix \| État\narticle/);
});

test('a heading is not left at the end of a passage, and an outline is one', async () => {
  const chunks = await chunk(await markdown(`${paragraph(0, 12)}\n\n## Suite\n\n${paragraph(12, 24)}`));
  expect(chunks.find(({ text }) => text.includes('Suite'))?.text).toMatch(/^Suite\n\nLa phrase/);
  const outline = await chunk(
    await markdown(Array.from({ length: 200 }, (_, i) => `## Partie ${i}`).join('\n\n')),
  );
  expect(outline.length).toBeLessThan(10);
});

test('what is longer than a passage is cut between words, and an endless word where it must be', async () => {
  const words = Array.from({ length: 1500 }, (_, i) => `mot${i}`).join(' ');
  await chunk(await markdown(words));
  // Words of Japanese have no spaces between them.
  const letters = (texts: readonly string[]) => texts.map((text) => text.length);
  const japanese = await chunkDocument(await markdown('だから私はここにいる'.repeat(300)), {
    countTokens: letters,
  });
  expect(Math.max(...japanese.map(({ tokens }) => tokens))).toBeLessThanOrEqual(448);
  for (const { text } of japanese) expect(text).not.toMatch(/^(?:から|ら|こに|に)/);
  const document = await markdown(`Clé : ${'x'.repeat(20_000)}`);
  const chunks = await chunkDocument(document, { countTokens });
  expect(Math.max(...chunks.map(({ tokens }) => tokens))).toBeLessThanOrEqual(448);
  expect(
    chunks
      .map(({ text }) => text)
      .join('')
      .replace(/\s/g, '').length,
  ).toBe(20_004);
});

test('the same passage has the same id wherever it stands; twice in one document, two', async () => {
  const before = await chunk(await markdown(`# A\n\n${paragraph(0, 9)}\n\n# B\n\n${paragraph(9, 18)}`));
  const after = await chunk(await markdown(`# A\n\n${paragraph(30, 41)}\n\n# B\n\n${paragraph(9, 18)}`));
  expect(after.at(-1)?.id).toBe(before.at(-1)?.id);
  expect(after[0]?.id).not.toBe(before[0]?.id);
  const twice = await chunk(await markdown(`# A\n\n${paragraph(0, 9)}\n\n# A\n\n${paragraph(0, 9)}`));
  expect(twice[1]?.hash).toBe(twice[0]?.hash);
  expect(twice[1]?.id).toBe(`${twice[0]?.id}-2`);
});

test('a passage of a PDF knows its pages and lines, and so does a quote in it', async () => {
  const bytes = makePdf(
    [1, 2].map((page) => ({
      lines: Array.from({ length: 14 }, (_, i) => ({
        x: 40,
        y: 780 - 14 * i,
        text: sentence(100 * page + i),
      })),
    })),
  );
  const document = await parseDocument({ name: 'a.pdf', bytes });
  const chunks = await chunk(document);
  expect(chunks[0]).toMatchObject({ page: 1, lastPage: 1 });
  expect(chunks.at(-1)).toMatchObject({ lastPage: 2 });
  for (const { start, end, boxes } of chunks)
    for (const box of boxes) expect(box.start >= start && box.end <= end && box.width > 100).toBe(true);
  const quote = plainText(document).indexOf('numéro 203');
  expect(boxesBetween(document.blocks, quote, quote + 10)).toMatchObject([
    { start: quote, end: quote + 10, page: 2, x: 40, y: expect.closeTo(842 - 738 - 8, 0) },
  ]);
});

test('tokens are asked for in batches, not one by one', async () => {
  let calls = 0;
  const counted = await chunkDocument(await markdown(`${paragraph(0, 400)}`), {
    countTokens: async (texts) => {
      calls++;
      return countTokens(texts);
    },
  });
  expect(counted.length).toBeGreaterThan(20);
  expect(calls).toBeLessThan(8);
});
