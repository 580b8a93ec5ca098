// PDF pages that are written here, so that every place on them is known.
import { expect, test } from 'vitest';
import { type ParsedDocument, plainText } from '../../../contracts/document.ts';
import { parseDocument } from '../parse-document.ts';
import { makePdf, PAGE, type PdfLine, type PdfPage } from '../testing/pdf-file.ts';

async function parse(pages: readonly PdfPage[], title?: string): Promise<ParsedDocument> {
  const document = await parseDocument({
    name: 'a.pdf',
    bytes: makePdf(pages, title === undefined ? {} : { title }),
  });
  const text = plainText(document);
  for (const block of document.blocks) {
    expect(text.slice(block.start, block.end)).toBe(block.text);
    for (const box of block.boxes ?? []) {
      expect(box.start).toBeGreaterThanOrEqual(block.start);
      expect(box.end).toBeLessThanOrEqual(block.end);
    }
  }
  return document;
}

const shape = ({ blocks }: ParsedDocument) =>
  blocks.map(({ type, level, text }) => `${type}${level ?? ''}: ${text}`);
const lines = (x: number, y: number, texts: readonly string[], more: Partial<PdfLine> = {}) =>
  texts.map((text, index) => ({ x, y: y - 12 * index, text, ...more }));

const left = [
  'La première colonne est lue jusqu’à',
  'sa fin avant que la seconde ne com-',
  'mence, même quand leurs lignes sont',
  'à la même hauteur sur la page, ce',
  'que font la plupart des journaux.',
];
const right = [
  'La seconde colonne vient après, et',
  'parle du porte-monnaie et du porte-',
  'monnaie. Rien d’autre ne s’y trouve',
  'qui vaille la peine, sinon que l’on',
  'y voit une phrase qui se termine.',
];

test('columns are read one after the other, the title over both first, and cut words are made whole', async () => {
  const document = await parse([
    {
      lines: [
        { x: 40, y: 780, text: 'Un titre au-dessus des deux colonnes de cette page', size: 18 },
        ...left.flatMap((text, index) => [
          { x: 40, y: 740 - 12 * index, text },
          { x: 310, y: 740 - 12 * index, text: right[index]! },
        ]),
      ],
    },
  ]);
  expect(shape(document)).toEqual([
    'heading1: Un titre au-dessus des deux colonnes de cette page',
    `paragraph: ${left.join(' ').replace('com- mence', 'commence')}`,
    `paragraph: ${right.join(' ').replace('porte- monnaie', 'porte-monnaie')}`,
  ]);
  expect(document).toMatchObject({
    title: 'Un titre au-dessus des deux colonnes de cette page',
    language: 'fr',
  });
});

test('rows of a table stay rows, empty cells keep their place', async () => {
  const row = (y: number, cells: (string | null)[]) =>
    cells.flatMap((text, index) => (text === null ? [] : [{ x: 40 + 130 * index, y, text }]));
  const document = await parse([
    {
      lines: [
        ...lines(40, 760, ['Voici les prix de la semaine.']),
        ...row(700, ['Article', 'Quantité', 'Prix']),
        ...row(684, ['Nougat', null, '4,55 €']),
        ...row(668, ['Huile', '25', '19,80 €']),
      ],
    },
  ]);
  expect(document.blocks).toMatchObject([
    { type: 'paragraph' },
    {
      type: 'table',
      headerRows: 1,
      text: 'Article | Quantité | Prix\nNougat |  | 4,55 €\nHuile | 25 | 19,80 €',
    },
  ]);
});

test.each([0, 90, 180, 270] as const)(
  'a page turned by %d degrees is read, and its boxes lie on the page as shown',
  async (rotate) => {
    const document = await parse([
      { rotate, lines: lines(100, 700, ['Première ligne du texte', 'et la seconde ligne.']) },
    ]);
    expect(shape(document)).toEqual(['paragraph: Première ligne du texte et la seconde ligne.']);
    const [page] = document.pages;
    const turned = rotate % 180 !== 0;
    expect(page).toMatchObject({
      width: turned ? PAGE.height : PAGE.width,
      height: turned ? PAGE.width : PAGE.height,
    });
    // Before the page is turned the first line begins 100 points from the left, and lies from 134 to 144 below the top.
    const box = document.blocks[0]!.boxes![0]!;
    const end = PAGE.width - 100 - Math.max(box.width, box.height);
    const corners = {
      0: [100, 134],
      90: [PAGE.height - 144, 100],
      180: [end, PAGE.height - 144],
      270: [134, end],
    };
    expect(Math.abs(box.x - corners[rotate][0]!)).toBeLessThan(1);
    expect(Math.abs(box.y - corners[rotate][1]!)).toBeLessThan(1);
    expect(Math.min(box.width, box.height)).toBeCloseTo(10.2);
  },
);

test('running heads and page numbers are said once, and a paragraph goes on over the page', async () => {
  const bodies = [
    ['Le texte de cette page est assez long pour', 'aller plus loin que ses deux lignes et'],
    ['continuer ici sans majuscule ni point, avec', 'des mots qui manquent de fin et encore'],
    ['une page de plus, qui ne dit pas grand', 'chose mais le dit sur deux lignes, puis'],
    ['une dernière pour finir ce long paragraphe.'],
  ];
  const pages = [1, 2, 3, 4].map((number) => ({
    lines: [
      { x: 40, y: 810, text: `Rapport annuel 2024 — chapitre ${number}` },
      ...lines(40, 760, bodies[number - 1]!),
      { x: 290, y: 30, text: `Page ${number} / 4` },
    ],
  }));
  const document = await parse(pages);
  const text = plainText(document);
  expect(text.match(/Rapport annuel/g)).toHaveLength(1);
  expect(text).not.toMatch(/Page \d/);
  const paragraph = document.blocks.find(({ text: own }) => own.startsWith('Le texte'))!;
  expect(paragraph.text).toContain('lignes et continuer ici');
  expect(new Set(paragraph.boxes!.map(({ page }) => page))).toEqual(new Set([1, 2, 3, 4]));
  expect(document.blocks.filter(({ type }) => type === 'page-break').map(({ page }) => page)).toEqual([
    2, 3, 4,
  ]);
});

test('headings by size and by face, list items a line each', async () => {
  const document = await parse(
    [
      {
        lines: [
          { x: 40, y: 780, text: 'Grand titre', size: 20 },
          { x: 40, y: 740, text: 'Une partie en gras', bold: true },
          ...lines(40, 724, [
            'Du texte qui suit et qui est assez long pour être le corps de cette page, ligne',
            'après ligne, sans que rien ne le distingue du reste de ce qui est écrit ici. Il',
            'faut bien deux ou trois lignes pour cela.',
          ]),
          ...lines(40, 660, ['• premier point', '• second point']),
        ],
      },
    ],
    'Le titre du fichier',
  );
  expect(shape(document).filter((one) => !one.startsWith('paragraph'))).toEqual([
    'heading1: Grand titre',
    'heading2: Une partie en gras',
    'list: • premier point\n• second point',
  ]);
  expect(document.title).toBe('Le titre du fichier');
});

test('a picture is a scan that is not read yet, an empty page is blank', async () => {
  const document = await parse([
    { lines: [], picture: true },
    { lines: [] },
    { lines: lines(40, 700, ['Du texte ici.']) },
  ]);
  expect(document.pages.map(({ content }) => content)).toEqual(['scan', 'blank', 'text']);
  expect(document.blocks.map(({ type, page }) => `${type} ${page}`)).toEqual([
    'scan 1',
    'page-break 2',
    'page-break 3',
    'paragraph 3',
  ]);
  expect(document.warnings).toMatchObject([{ code: 'pages_not_read', data: { pages: [1] } }]);
});

test('of a long scan every page is told, without decoding all of them', async () => {
  const pages = Array.from({ length: 12 }, () => ({ lines: [], picture: true }));
  const document = await parse([...pages, { lines: [] }]);
  expect(document.warnings).toMatchObject([{ data: { pages: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] } }]);
  expect(document.pages.at(-1)?.content).toBe('blank');
});
