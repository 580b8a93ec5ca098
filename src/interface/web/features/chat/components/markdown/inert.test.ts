// Hostile Markdown is shown and does nothing: what stands in the page is checked, element by element.
import i18next from 'i18next';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { TooltipProvider } from '../../../../components/ui/tooltip.tsx';
import { en } from '../../../../i18n/en/index.ts';
import { MarkdownBlock } from './markdown-block.tsx';

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: 'en', resources: { en } });
});

function html(text: string, open = false): string {
  return renderToStaticMarkup(
    createElement(TooltipProvider, null, createElement(MarkdownBlock, { text, open })),
  );
}

/** Tags as they stand in the page; text that looks like one is escaped and does not count. */
const tags = (page: string) =>
  [...page.matchAll(/<([a-z][\w-]*)([^>]*)>/gi)].map(([, name, rest]) => ({
    name: name ?? '',
    rest: rest ?? '',
  }));
const allowed = new Set(
  'div p span strong em del code pre a ul ol li h3 h4 h5 h6 blockquote hr br table thead tbody tr th td section figure figcaption button svg path rect circle line input sup sub'.split(
    ' ',
  ),
);

function expectInert(page: string): void {
  for (const { name, rest } of tags(page)) {
    expect(allowed, `<${name}>`).toContain(name.toLowerCase());
    expect(rest).not.toMatch(/\son\w+\s*=/i);
    expect(rest).not.toMatch(
      /(?:href|src|action|formaction|data|srcdoc|xlink:href)\s*=\s*"(?!https?:|mailto:)/i,
    );
    if (name === 'a') expect(rest).toContain('rel="noopener noreferrer nofollow"');
    if (name === 'input') expect(rest).toContain('type="checkbox"');
  }
}

describe('an answer is inert', () => {
  test.each([
    '<script>alert(1)</script>',
    'inline <script src="https://example.org/x.js"></script> script',
    '<img src=x onerror="alert(1)">',
    'text <img src=x onerror=alert(1)> text',
    '![pixel](https://example.org/p.png)',
    '![data](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt&#58;alert(1))',
    '[x](<java\nscript:alert(1)>)',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:msgbox)',
    '[x](file:///etc/passwd)',
    '[x](/settings)',
    '<javascript:alert(1)>',
    '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
    '<svg onload="alert(1)"><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="https://example.org/x.swf"></object><embed src="x">',
    '<style>body{display:none}</style>',
    '<link rel=stylesheet href=https://example.org/x.css>',
    '<form action="https://example.org"><input name=a autofocus onfocus=alert(1)><button formaction=javascript:alert(1)>x</button></form>',
    '<base href="https://example.org/"><meta http-equiv=refresh content="0;url=https://example.org">',
    '<details open ontoggle=alert(1)><summary>x</summary></details>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>',
    '| a | b |\n|---|---|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |',
    '> <script>alert(1)</script>\n> ![x](https://example.org/p.png)',
    '- <iframe src="https://example.org"></iframe>\n- [ ] task <b onmouseover=alert(1)>b</b>',
    '[ref]\n\n[ref]: javascript:alert(1)',
    'note[^1]\n\n[^1]: <script>alert(1)</script>',
    '`<script>alert(1)</script>`',
  ])('%s', (text) => {
    expectInert(html(text));
    expectInert(html(text, true));
  });

  test('HTML is shown as the text it is, and nothing of it is lost', () => {
    expect(html('Use <b onclick="x()">bold</b> here')).toContain(
      'Use &lt;b onclick=&quot;x()&quot;&gt;bold&lt;/b&gt; here',
    );
    expect(html('one<br>two')).toMatch(/one<br\/?>\s*two/);
  });

  test('a picture becomes a link that nobody follows unasked', () => {
    const page = html('![a cat](https://example.org/cat.png)');
    expect(page).not.toContain('<img');
    expect(page).toContain('a cat');
    expect(page).toContain('href="https://example.org/cat.png"');
  });

  test('ordinary links open in a tab that knows nothing of this one', () => {
    expect(html('[x](https://example.org)')).toContain('target="_blank"');
    expect(html('write to <a@example.org>')).toContain('href="mailto:a@example.org"');
  });
});
