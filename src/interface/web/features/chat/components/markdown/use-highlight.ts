// Colours for code. The highlighter is fetched when the first block of code appears; what it has not seen yet stays plain.
import type { CodeHighlighterPlugin } from '@streamdown/code';
import { type CSSProperties, useEffect, useState } from 'react';

export type ColouredLine = readonly { text: string; style: CSSProperties }[];

interface Coloured {
  /** The code that these lines are. */
  code: string;
  lines: readonly ColouredLine[];
}

const nothing: Coloured = { code: '', lines: [] };
/** Longer code stays plain: colouring it would hold up the page. */
const MAX_LENGTH = 60_000;

let plugin: Promise<CodeHighlighterPlugin> | null = null;

function load(): Promise<CodeHighlighterPlugin> {
  plugin ??= import('@streamdown/code').then(({ createCodePlugin }) =>
    createCodePlugin({ themes: ['github-light-high-contrast', 'github-dark-default'] }),
  );
  return plugin;
}

type Rows = NonNullable<ReturnType<CodeHighlighterPlugin['highlight']>>['tokens'];
type Row = Rows[number];

/** Finished rows come back as the same objects while a block grows, so their lines do too. */
const known = new WeakMap<Row, ColouredLine>();

function lineOf(row: Row): ColouredLine {
  let line = known.get(row);
  if (!line) {
    line = row.map((token) => ({ text: token.content, style: styleOf(token.htmlStyle) }));
    known.set(row, line);
  }
  return line;
}

/** Shiki gives the light colour as `color` and the dark one as `--shiki-dark`. */
function styleOf(style: Record<string, string> | undefined): CSSProperties {
  const light = style?.color;
  const dark = style?.['--shiki-dark'];
  const italic = style?.['font-style'] === 'italic' ? { fontStyle: 'italic' } : {};
  return light && dark ? { color: `light-dark(${light}, ${dark})`, ...italic } : italic;
}

export function useHighlight(
  code: string,
  language: string,
  open: boolean,
): { lines: readonly ColouredLine[]; rest: string } {
  const [coloured, setColoured] = useState(nothing);
  useEffect(() => {
    if (language === '' || code.length > MAX_LENGTH) return;
    let current = true;
    load()
      .then((highlighter) => {
        if (!current || !highlighter.supportsLanguage(language as never)) return;
        const show = (result: { tokens: Rows }): void => {
          if (current) setColoured({ code, lines: result.tokens.map(lineOf) });
        };
        const at = highlighter.highlight(
          { code, language: language as never, themes: highlighter.getThemes(), isIncomplete: open },
          show,
        );
        if (at) show(at);
      })
      .catch(() => {
        // Without the highlighter the code is plain; the next block asks again.
        plugin = null;
      });
    return () => {
      current = false;
    };
  }, [code, language, open]);
  if (coloured.code === '' || !code.startsWith(coloured.code)) return { lines: [], rest: code };
  return { lines: coloured.lines, rest: code.slice(coloured.code.length) };
}
