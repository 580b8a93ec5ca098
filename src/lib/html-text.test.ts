// A page as a reader wants it: its matter, in order, without what surrounds it.
import { expect, test } from 'vitest';
import { htmlToText } from './html-text.ts';

const matter = 'The tax is due on the first of May. '.repeat(10).trim();

test('headings, paragraphs, lists, tables, code and links come as Markdown; scripts, menus and footers do not come', () => {
  const { title, language, description, text } = htmlToText(
    `<!doctype html><html lang="fr"><head><title> Impôt &amp; vous
     </title><meta name="description" content="Le guide"><style>p{}</style><script>alert("x")</script></head><body>
     <nav><a href="/">Home</a></nav>
     <main><h1>Impôt</h1><p>${matter}</p><p>Voir <a href="../b?x=1">la suite</a>, <a href="javascript:alert(1)">rien</a>.<br>Fin</p>
     <ul><li>un<ul><li>un bis</li></ul></li><li>deux</li></ul><ol><li>a</li><li>b</li></ol>
     <table><tr><th>An</th><th>Taux</th></tr><tr><td>2024</td><td>11&nbsp;%</td></tr></table>
     <pre>if (x)   {
  y();
}</pre><p hidden>secret</p><div style="display: none">secret</div><svg><title>drawing</title></svg><img alt="a map" src="m.png"></main>
     <footer>Mentions</footer></body></html>`,
    { baseUrl: 'https://example.com/a/' },
  );
  expect({ title, language, description }).toEqual({
    title: 'Impôt & vous',
    language: 'fr',
    description: 'Le guide',
  });
  expect(text).toBe(
    [
      '# Impôt',
      '',
      matter,
      '',
      'Voir [la suite](https://example.com/b?x=1), rien.',
      'Fin',
      '',
      '- un',
      '',
      '  - un bis',
      '',
      '- deux',
      '',
      '1. a',
      '',
      '2. b',
      '',
      'An | Taux',
      '',
      '2024 | 11 %',
      '',
      '```',
      'if (x)   {',
      '  y();',
      '}',
      '```',
      '',
      '[image: a map]',
    ].join('\n'),
  );
});

test('a page whose matter stands outside main, or in its frame, is not empty', () => {
  expect(htmlToText(`<body><div>${matter}</div><main><p>x</p></main></body>`).text).toContain(matter);
  expect(htmlToText('<nav>Only <b>this</b></nav>').text).toBe('Only this');
});

test.each([
  ['nothing', '', ''],
  ['text without tags', 'a & b < c', 'a & b < c'],
  ['tags that are not closed', '<p>one<p>two<b>three', 'one\n\ntwothree'],
  ['tags closed without opening', '</div>one</main></nav> two', 'one two'],
  ['a script that is not closed', 'one<script>alert(1)', 'one'],
])('%s', (_what, html, expected) => {
  expect(htmlToText(html).text).toBe(expected);
});

test('a page made to be slow is not', () => {
  const started = performance.now();
  expect(htmlToText(`${'<div>'.repeat(200_000)}deep`).text).toBe('deep');
  htmlToText('<'.repeat(500_000));
  htmlToText(`<a href="${'['.repeat(200_000)}">`, { baseUrl: 'https://example.com/' });
  htmlToText(`${'['.repeat(100_000)}${' '.repeat(100_000)}`);
  htmlToText('<ul><li>'.repeat(2_000));
  expect(performance.now() - started).toBeLessThan(2500);
});
