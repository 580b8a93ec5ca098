// Every format on a small file: which blocks a reader gets. Larger files of the world are in documents.test.ts.
import { expect, test } from 'vitest';
import { type ParsedDocument, plainText } from '../../contracts/document.ts';
import { parseDocument } from './parse-document.ts';
import { makeDocx, makeXlsx, paragraph, wordPart, zipOf } from './testing/office-file.ts';

async function parse(name: string, bytes: string | Buffer): Promise<ParsedDocument> {
  const document = await parseDocument({ name, bytes: Buffer.from(bytes) });
  const text = plainText(document);
  // What every citation rests on.
  for (const block of document.blocks) expect(text.slice(block.start, block.end)).toBe(block.text);
  return document;
}

/** Blocks as "type: text", headings with their level. */
const shape = ({ blocks }: ParsedDocument) =>
  blocks.map(({ type, level, text }) => `${type}${level ?? ''}: ${text}`);

test('text: paragraphs, lists, one kind of space', async () => {
  const document = await parse(
    'notes.txt',
    'Un prix\u00a0:\n12,50\u202f€\r\n\r\n- pommes\n- poi\u00adres\n\n\nFin.\n',
  );
  expect(shape(document)).toEqual([
    'paragraph: Un prix :\n12,50 €',
    'list: - pommes\n- poires',
    'paragraph: Fin.',
  ]);
  expect(document).toMatchObject({ kind: 'text', title: 'notes', pageCount: null, warnings: [] });
});

test.each([0, 1, 2])('text of wide letters is text wherever it is looked at (%d)', async (shift) => {
  const document = await parse('a.txt', 'a'.repeat(shift) + 'わたくしといふ現象は'.repeat(2000));
  expect(document).toMatchObject({ kind: 'text', language: 'ja', warnings: [] });
});

test('Markdown: marks are taken off, shapes are kept', async () => {
  const source = `---
title: "Le guide"
---
# Titre *fort*

Un [lien](https://example.org) &amp; du \`code\`.

1. un
   - un bis
2. deux

| a | b |
|---|---|
| 1 | **2** |

\`\`\`js
let x = 1;
\`\`\`
> Cité

<div>brut</div>
`;
  const document = await parse('guide.md', source);
  expect(shape(document)).toEqual([
    'heading1: Titre fort',
    'paragraph: Un lien & du code.',
    'list: 1. un\n- un bis\n2. deux',
    'table: a | b\n1 | 2',
    'code: let x = 1;',
    'paragraph: Cité',
    'paragraph: brut',
  ]);
  expect(document.title).toBe('Le guide');
  expect(document.blocks.find(({ type }) => type === 'table')?.headerRows).toBe(1);
});

test('HTML: what is hidden or beside the text is left out', async () => {
  const page = `<!doctype html><html lang="fr"><head><title>Accueil &mdash; Site</title><style>p{}</style></head><body>
    <nav><a href="/">Menu</a></nav><div class="cookie-banner cookie">Cookies</div>
    <main><h1>Bon<b>jour</b></h1><p>Texte <span style="display: none">caché</span>visible.<br>Suite</p>
      <ul><li>un<ul><li>un bis</li></ul></li><li>deux</li></ul>
      <table><tr><th>Nom</th><th>Âge</th></tr><tr><td rowspan="2">A</td><td>1</td></tr><tr><td>2</td></tr></table>
      <pre>if (a) {
  b();
}</pre><p hidden>rien</p><script>var x = "script";</script></main>
    <footer>Pied</footer></body></html>`;
  const document = await parse('page.html', page);
  expect(shape(document)).toEqual([
    'heading1: Bonjour',
    'paragraph: Texte visible.\nSuite',
    'list: - un\n- un bis\n- deux',
    'table: Nom | Âge\nA | 1\nA | 2',
    'code: if (a) {\n  b();\n}',
  ]);
  expect(document).toMatchObject({ title: 'Accueil — Site', language: 'fr' });
});

test('HTML in another encoding, as its meta element says', async () => {
  const head = Buffer.from('<html><meta charset="koi8-r"><p>');
  const body = Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]);
  expect(shape(await parse('a.html', Buffer.concat([head, body])))).toEqual(['paragraph: Привет']);
});

test.each([
  ['a,b\n1,"x, y"\n2,"say ""hi"""\n', 'a | b\n1 | x, y\n2 | say "hi"', 1],
  ['Nom;Prix\nThé;1 234,50\n', 'Nom | Prix\nThé | 1 234,50', 1],
  ['1\t2\n3\t4\n', '1 | 2\n3 | 4', 0],
  ['Nom|Prix\n"deux\nlignes"|3\n', 'Nom | Prix\ndeux lignes | 3', 1],
])('CSV: %j', async (source, text, headerRows) => {
  const document = await parse('a.csv', source);
  expect(document.blocks).toMatchObject([{ type: 'table', text, headerRows }]);
});

test('code: a block a definition, whatever the language', async () => {
  const body = 'a\n  b\n  c\n  d\n  e\n  f';
  const document = await parse(
    'm.py',
    `import os\n\n\ndef one():\n  ${body}\n\n\n# about two\ndef two():\n  ${body}\n`,
  );
  expect(document.kind).toBe('code');
  expect(document.blocks.map(({ text }) => text.split('\n')[0])).toEqual(['import os', '# about two']);
});

test('DOCX: headings, lists, tables, notes, changes and text boxes', async () => {
  const table = `<w:tbl><w:tblPr><w:tblLook w:firstRow="1"/></w:tblPr><w:tr><w:tc>${paragraph('Nom')}</w:tc><w:tc>${paragraph('Prix')}</w:tc></w:tr>
    <w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>${paragraph('Thé')}</w:tc><w:tc>${paragraph('3')}</w:tc></w:tr>
    <w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>${paragraph('')}</w:tc><w:tc>${paragraph('4')}</w:tc></w:tr></w:tbl>`;
  const body = [
    paragraph('Rapport', '<w:pStyle w:val="T"/>'),
    paragraph('Partie', '<w:pStyle w:val="H2"/>'),
    '<w:p><w:r><w:t>Gardé</w:t></w:r><w:del><w:r><w:delText>effacé</w:delText></w:r></w:del><w:ins><w:r><w:t xml:space="preserve"> ajouté</w:t><w:footnoteReference w:id="2"/></w:r></w:ins></w:p>',
    paragraph('un', '<w:numPr/>'),
    paragraph('deux', '<w:numPr/>'),
    table,
    `<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${paragraph('Encadré')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>${paragraph('Encadré')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>`,
  ].join('');
  const document = await parse(
    'a.docx',
    makeDocx(body, {
      'word/styles.xml': wordPart(
        'styles',
        '<w:style w:styleId="T"><w:name w:val="Title"/></w:style><w:style w:styleId="H2"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:name w:val="heading 2"/></w:style>',
      ),
      'word/footnotes.xml': wordPart(
        'footnotes',
        `<w:footnote w:type="separator" w:id="0">${paragraph('—')}</w:footnote><w:footnote w:id="2">${paragraph('La note.')}</w:footnote>`,
      ),
      'word/header1.xml': wordPart('hdr', paragraph('Confidentiel')),
      'word/header2.xml': wordPart('hdr', paragraph('Confidentiel')),
    }),
  );
  expect(shape(document)).toEqual([
    'note: Confidentiel',
    'heading1: Rapport',
    'heading2: Partie',
    'paragraph: Gardé ajouté',
    'note: La note.',
    'list: - un\n- deux',
    'table: Nom | Prix\nThé | 3\nThé | 4',
    'paragraph: Encadré',
  ]);
  expect(document.title).toBe('Rapport');
});

test('XLSX: sheets as they show their cells', async () => {
  const styles = `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="#,##0.00\\ [$€-40C]"/></numFmts><cellXfs>${[0, 14, 10, 170, 46, 22].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`;
  const rows = `<row><c r="B2" t="s"><v>0</v></c><c r="D2" t="inlineStr"><is><t>Valeur</t></is></c></row><row/>
    ${['43363', '0.125', '1234.5', '1.5', '43363.75'].map((value, i) => `<row><c r="B${i + 3}" t="str"><v>l${i}</v></c><c r="D${i + 3}" s="${i + 1}"><v>${value}</v></c></row>`).join('')}
    <row><c r="B9" t="b"><v>1</v></c><c r="D9"><v>0.1</v></c></row>`;
  const strings = '<sst><si><r><t>No</t></r><r><t>m</t></r><rPh><t>hint</t></rPh></si></sst>';
  const document = await parse(
    'a.xlsx',
    makeXlsx({ Prix: rows, Vide: '' }, { 'xl/styles.xml': styles, 'xl/sharedStrings.xml': strings }),
  );
  expect(shape(document)).toEqual([
    'heading1: Prix',
    'table: Nom | Valeur\nl0 | 2018-09-20\nl1 | 12.50%\nl2 | 1234.50 €\nl3 | 36:00:00\nl4 | 2018-09-20 18:00\nTRUE | 0.1',
  ]);
  expect(document).toMatchObject({ pageCount: 2, title: 'a' });
});

test('PPTX: slides in the order of the show, with notes', async () => {
  const shape_ = (text: string, type = '') =>
    `<p:sp><p:nvSpPr><p:nvPr>${type && `<p:ph type="${type}"/>`}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`;
  const slide = (content: string) => `<p:sld><p:cSld><p:spTree>${content}</p:spTree></p:cSld></p:sld>`;
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="http://x/${type}" Target="${target}"/>`;
  const document = await parse(
    'a.pptx',
    zipOf({
      'ppt/presentation.xml':
        '<p:presentation><p:sldIdLst><p:sldId id="1" r:id="b"/><p:sldId id="2" r:id="a"/></p:sldIdLst></p:presentation>',
      'ppt/_rels/presentation.xml.rels': `<R>${relation('a', 'slide', 'slides/slide1.xml')}${relation('b', 'slide', 'slides/slide2.xml')}</R>`,
      'ppt/slides/slide1.xml': slide(shape_('Fin', 'title') + shape_('3', 'sldNum')),
      'ppt/slides/slide2.xml': slide(shape_('Début', 'title') + shape_('Texte')),
      'ppt/slides/_rels/slide1.xml.rels': `<R>${relation('n', 'notesSlide', '../notesSlides/n.xml')}</R>`,
      'ppt/notesSlides/n.xml': `<p:notes>${shape_('À dire', 'body')}</p:notes>`,
    }),
  );
  expect(shape(document)).toEqual([
    'heading1: Début',
    'paragraph: Texte',
    'page-break: ',
    'heading1: Fin',
    'note: À dire',
  ]);
  expect(document.blocks.map(({ page }) => page)).toEqual([1, 1, 2, 2, 2]);
});

test('OpenDocument: text with notes, and sheets with repeated cells', async () => {
  const content = (kind: string, body: string) =>
    `<office:document-content><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`;
  const note = '<text:note><text:note-body><text:p>La note</text:p></text:note-body></text:note>';
  const text = await parse(
    'a.odt',
    zipOf({
      'content.xml': content(
        'text',
        `<text:h text:outline-level="2">Titre</text:h><text:p>Un${note} mot<text:s text:c="2"/>là</text:p><text:list><text:list-item><text:p>un</text:p></text:list-item></text:list>`,
      ),
    }),
  );
  expect(shape(text)).toEqual(['heading2: Titre', 'paragraph: Un mot là', 'note: La note', 'list: - un']);
  const cells =
    '<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>b</text:p></table:table-cell></table:table-row>';
  const sheet = await parse(
    'a.ods',
    zipOf({
      'content.xml': content(
        'spreadsheet',
        `<table:table table:name="Feuille">${cells}<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row></table:table>`,
      ),
    }),
  );
  expect(shape(sheet)).toEqual(['heading1: Feuille', 'table: a | b | b']);
});

test('EPUB: chapters in the order of the spine', async () => {
  const page = (title: string) =>
    `<?xml version="1.0"?><html><head><title/></head><body><h1>${title}</h1><p>Texte</p></body></html>`;
  const document = await parse(
    'a.epub',
    zipOf({
      'META-INF/container.xml':
        '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
      'OEBPS/book.opf':
        '<package><metadata><dc:title>Le livre</dc:title><dc:language>fr</dc:language></metadata><manifest><item id="1" href="un.xhtml"/><item id="2" href="deux%20.xhtml"/></manifest><spine><itemref idref="2"/><itemref idref="1"/></spine></package>',
      'OEBPS/un.xhtml': page('Un'),
      'OEBPS/deux .xhtml': page('Deux'),
    }),
  );
  expect(shape(document)).toEqual(['heading1: Deux', 'paragraph: Texte', 'heading1: Un', 'paragraph: Texte']);
  expect(document).toMatchObject({ title: 'Le livre', language: 'fr' });
});

test('RTF: code pages, Unicode, tables, notes', async () => {
  const source = String.raw`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}{\info{\title Lettre}}\pard\outlinelevel0 Titre\par\pard L'\'e9t\'e9 \u8364? {\f1 \'cf\'f0}{\footnote Une note.}\par\trowd\pard\intbl a\cell b\cell\row\pard Fin\par}`;
  const document = await parse('a.rtf', source);
  expect(shape(document)).toEqual([
    'heading1: Titre',
    "paragraph: L'été € Пр",
    'note: Une note.',
    'table: a | b',
    'paragraph: Fin',
  ]);
  expect(document.title).toBe('Lettre');
});

test('e-mail: who, when, and the text; attachments are named', async () => {
  const source = [
    'From: =?utf-8?q?=C3=89lo=C3=AFse?= <e@example.org>',
    'To: b@example.org',
    'Subject: =?iso-8859-1?Q?R=E9union?=',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>À <b>jeudi</b></p>',
    '--x',
    'Content-Disposition: attachment; filename=plan.csv',
    '',
    'a,b',
    '--x--',
  ].join('\r\n');
  const document = await parse('a.eml', source);
  expect(shape(document)).toEqual([
    'heading1: Réunion',
    'paragraph: From: Éloïse <e@example.org>\nTo: b@example.org\nAttachments: plan.csv',
    'paragraph: À jeudi',
  ]);
  expect(document.warnings).toMatchObject([{ code: 'parts_skipped', data: { names: ['plan.csv'] } }]);
});

test('a wrong ending is told and does not mislead', async () => {
  const document = await parse('a.odt', makeDocx(paragraph('Bonjour')));
  expect(document).toMatchObject({ kind: 'docx', warnings: [{ code: 'wrong_extension' }] });
});
