// One block of Markdown through Streamdown, with our own elements. HTML in an answer is text, never markup.
// Fetched on demand; the code for formulas is fetched once a block holds one.
import { memo, useMemo } from 'react';
import { type Components, defaultRemarkPlugins, Streamdown } from 'streamdown';
import { unifyMath } from '../../lib/math-delimiters.ts';
import { AnswerLink, AnswerPicture } from './answer-link.tsx';
import { AnswerTable } from './answer-table.tsx';
import { Citation } from './citation.tsx';
import { citations } from './citations.ts';
import { FencedCode } from './fenced-code.tsx';
import { literalHtml } from './literal-html.ts';
import { TaskMark } from './task-mark.tsx';
import { useMath } from './use-math.ts';

// The page has the headings one and two; those of an answer stand below them.
const components = {
  a: AnswerLink,
  cite: Citation,
  img: AnswerPicture,
  table: AnswerTable,
  pre: FencedCode,
  code: 'code',
  input: TaskMark,
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
  h6: 'h6',
  blockquote: 'blockquote',
  hr: 'hr',
  li: 'li',
  ol: 'ol',
  ul: 'ul',
  p: 'p',
  section: 'section',
  strong: 'strong',
  sub: 'sub',
  sup: 'sup',
  tbody: 'tbody',
  td: 'td',
  th: 'th',
  thead: 'thead',
  tr: 'tr',
} as Components;

const remarkPlugins = [...Object.values(defaultRemarkPlugins), literalHtml, citations];
const noPlugins: never[] = [];
const whole = (text: string): string[] => [text];

export interface MarkdownBlockProps {
  text: string;
  open: boolean;
}

export const MarkdownBlock = memo(function MarkdownBlock({ text, open }: MarkdownBlockProps) {
  const unified = useMemo(() => unifyMath(text), [text]);
  const math = useMath(unified.includes('$$'));
  return (
    <Streamdown
      className="contents"
      mode="streaming"
      parseIncompleteMarkdown={open}
      parseMarkdownIntoBlocksFn={whole}
      components={components}
      remarkPlugins={remarkPlugins}
      rehypePlugins={noPlugins}
      // Streamdown compares blocks without their plugins: a new key renders anew once formulas can be drawn.
      key={math ? 'math' : 'plain'}
      {...(math ? { plugins: math } : {})}
    >
      {unified}
    </Streamdown>
  );
});
