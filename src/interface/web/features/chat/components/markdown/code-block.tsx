// A block of code: its language, a copy button, and colours once the highlighter is here. A Mermaid block becomes a picture.
import { Fragment, lazy, memo, Suspense, useMemo } from 'react';
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
  const groups = useMemo(() => inGroups(lines), [lines]);
  return (
    <figure className="answer-wide overflow-hidden rounded-md border border-line bg-raised">
      <figcaption className="flex h-9 items-center justify-between gap-2 border-b border-line pr-1 pl-3 text-xs text-quiet">
        <span className="truncate">{language || t('code.plain')}</span>
        <CopyButton text={code} label={t('code.copy')} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: code that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>
          {groups.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups are known by their place
            <Group key={index} lines={group} rest={index === groups.length - 1 ? rest : ''} />
          ))}
        </code>
      </pre>
    </figure>
  );
}

/**
 * Some lines as a block of their own: while code grows, the browser lays out the last block only.
 * A block ends its last line by itself.
 */
const Group = memo(
  function Group({ lines, rest }: { lines: readonly ColouredLine[]; rest: string }) {
    return (
      <span className="block">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place
          <Fragment key={index}>
            {line.map((token, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: tokens are known by their place
              <span key={place} style={token.style}>
                {token.text}
              </span>
            ))}
            {index < lines.length - 1 ? '\n' : null}
          </Fragment>
        ))}
        {rest}
      </span>
    );
  },
  (before, after) =>
    before.rest === after.rest &&
    before.lines.length === after.lines.length &&
    before.lines.every((line, index) => line === after.lines[index]),
);

const GROUP_LINES = 40;

function inGroups(lines: readonly ColouredLine[]): (readonly ColouredLine[])[] {
  const groups: (readonly ColouredLine[])[] = [];
  for (let at = 0; at === 0 || at < lines.length; at += GROUP_LINES)
    groups.push(lines.slice(at, at + GROUP_LINES));
  return groups;
}
