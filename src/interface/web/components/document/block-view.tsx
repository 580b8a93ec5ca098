// One block of a document as text: heading, paragraph, list, table, code, note, a new page, a page that is only a picture.
import ScanText from 'lucide-react/icons/scan-text';
import { createContext, memo, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { Block } from '../../../../contracts/document.ts';
import { useFormat } from '../../lib/format.ts';
import type { TextRange } from '../../lib/knowledge/place.ts';
import { splitPlaced } from './cut-range.ts';
import { Marked } from './marked.tsx';

/** The level of the heading that the document stands under. */
export const HeadingLevel = createContext<1 | 2>(2);

export interface BlockProps {
  block: Block;
  range: TextRange | null;
}

type Drawing = (props: BlockProps) => React.ReactNode;

const headings = {
  1: 'mt-6 text-lg font-semibold',
  2: 'mt-5 text-base font-semibold',
  3: 'mt-4 text-base font-semibold',
} as const;

function Heading({ block, range }: BlockProps) {
  const above = useContext(HeadingLevel);
  const level = Math.min(6, (block.level ?? 2) + above) as 2 | 3 | 4 | 5 | 6;
  const Tag = `h${level}` as const;
  return (
    <Tag className={headings[Math.min(3, block.level ?? 2) as 1 | 2 | 3]}>
      <Marked text={block.text} start={block.start} range={range} />
    </Tag>
  );
}

function Paragraph({ block, range }: BlockProps) {
  return (
    <p className="whitespace-pre-wrap">
      <Marked text={block.text} start={block.start} range={range} />
    </p>
  );
}

/** The sign before an item, as the parser leaves it. */
const sign = /^\s*(?:[-*•–]|\d+[.)])\s+/;

function List({ block, range }: BlockProps) {
  return (
    <ul className="flex flex-col gap-1 pl-5">
      {splitPlaced(block, '\n').map((item) => {
        const bare = sign.exec(item.text)?.[0] ?? '';
        const numbered = /\d/.test(bare);
        return (
          <li key={item.start} className={numbered ? 'list-none' : 'list-disc marker:text-quiet'}>
            <Marked
              text={numbered ? item.text : item.text.slice(bare.length)}
              start={numbered ? item.start : item.start + bare.length}
              range={range}
            />
          </li>
        );
      })}
    </ul>
  );
}

function Table({ block, range }: BlockProps) {
  const { t } = useTranslation('knowledge');
  const rows = splitPlaced(block, '\n').map((row) => splitPlaced(row, ' | '));
  const header = block.headerRows ?? 0;
  const columns = Math.max(...rows.map((row) => row.length));
  const cells = (row: (typeof rows)[number], Cell: 'th' | 'td') => (
    <tr key={row[0]?.start}>
      {row.map((cell, index) => (
        <Cell
          key={cell.start}
          // A row that ends early ends with its border where the others do.
          colSpan={index === row.length - 1 ? columns - index : undefined}
          className="border-line px-2.5 py-1.5 text-left align-top [tr:not(:last-child)>&]:border-b"
        >
          <Marked text={cell.text} start={cell.start} range={range} />
        </Cell>
      ))}
    </tr>
  );
  return (
    <section
      aria-label={t('viewer.table')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line"
    >
      <table className="tabular w-full border-collapse text-sm">
        {header > 0 ? (
          <thead className="border-b border-line bg-sunken">
            {rows.slice(0, header).map((row) => cells(row, 'th'))}
          </thead>
        ) : null}
        <tbody>{rows.slice(header).map((row) => cells(row, 'td'))}</tbody>
      </table>
    </section>
  );
}

function Code({ block, range }: BlockProps) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: code that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line bg-raised p-3 font-mono text-xs leading-relaxed [font-variant-ligatures:none]"
    >
      <code>
        <Marked text={block.text} start={block.start} range={range} />
      </code>
    </pre>
  );
}

function Note({ block, range }: BlockProps) {
  return (
    <p className="border-l-2 border-line pl-3 text-sm whitespace-pre-wrap text-quiet">
      <Marked text={block.text} start={block.start} range={range} />
    </p>
  );
}

function PageBreak({ block }: BlockProps) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  return (
    <div className="flex items-center gap-3 py-2 text-xs text-quiet">
      <span className="h-px grow bg-line" />
      {block.page === undefined ? null : t('page_number', { page: format.whole(block.page) })}
      <span className="h-px grow bg-line" />
    </div>
  );
}

function Scan({ block }: BlockProps) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  return (
    <p className="flex items-center gap-2.5 rounded-md bg-needs-soft px-3.5 py-2.5 text-sm">
      <ScanText aria-hidden="true" className="size-4 shrink-0 text-needs" />
      {block.page === undefined
        ? t('viewer.scan')
        : t('viewer.scan_page', { page: format.whole(block.page) })}
    </p>
  );
}

const drawings: Record<Block['type'], Drawing> = {
  heading: Heading,
  paragraph: Paragraph,
  list: List,
  table: Table,
  code: Code,
  note: Note,
  'page-break': PageBreak,
  scan: Scan,
};

export const BlockView = memo(
  function BlockView({ block, range }: BlockProps) {
    const Drawing = drawings[block.type];
    return <Drawing block={block} range={range} />;
  },
  (before, after) =>
    before.block === after.block &&
    (before.range === after.range ||
      (!touches(before.block, before.range) && !touches(after.block, after.range))),
);

function touches(block: Block, range: TextRange | null): boolean {
  return range !== null && range.start < block.end && range.end > block.start;
}
