// A block of code: its language, a copy button, and colours once the highlighter is here. A Mermaid block becomes a picture.
import { lazy, memo, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../copy-button.tsx';
import { type ColouredLine, useHighlight } from './use-highlight.ts';

const Diagram = lazy(async () => ({ default: (await import('./diagram.tsx')).Diagram }));

export interface CodeBlockProps {
  code: string;
  language: string;
  /** Still being written. */
  open: boolean;
}

export function CodeBlock({ code, language, open }: CodeBlockProps) {
  if (language === 'mermaid' && !open)
    return (
      <Suspense fallback={<PlainBlock code={code} language={language} open={open} />}>
        <Diagram source={code} fallback={<PlainBlock code={code} language={language} open={open} />} />
      </Suspense>
    );
  return <PlainBlock code={code} language={language} open={open} />;
}

export function PlainBlock({ code, language, open }: CodeBlockProps) {
  const { t } = useTranslation('chat');
  const { lines, rest } = useHighlight(code, language, open);
  return (
    <figure className="answer-wide overflow-hidden rounded-md border border-line bg-raised">
      <figcaption className="flex h-9 items-center justify-between gap-2 border-b border-line pr-1 pl-3 text-xs text-quiet">
        <span className="truncate">{language || t('code.plain')}</span>
        <CopyButton text={code} label={t('code.copy')} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: code that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place
            <Line key={index} line={line} last={index === lines.length - 1 && rest === ''} />
          ))}
          {rest}
        </code>
      </pre>
    </figure>
  );
}

const Line = memo(function Line({ line, last }: { line: ColouredLine; last: boolean }) {
  return (
    <>
      {line.map((token, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: tokens are known by their place
        <span key={index} style={token.style}>
          {token.text}
        </span>
      ))}
      {last ? null : '\n'}
    </>
  );
});
