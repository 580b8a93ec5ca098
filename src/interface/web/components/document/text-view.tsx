// A document as the text that was read of it, block under block; it opens where the passage is. Blocks out of sight are
// not laid out.
import { memo, useEffect, useMemo, useRef } from 'react';
import type { Block } from '../../../../contracts/document.ts';
import type { TextRange } from '../../lib/knowledge/place.ts';
import { BlockView } from './block-view.tsx';

const GROUP = 40;

export interface TextViewProps {
  blocks: readonly Block[];
  range: TextRange | null;
  language: string | null;
}

export function TextView({ blocks, range, language }: TextViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const groups = useMemo(() => {
    const cut: Block[][] = [];
    for (let at = 0; at < blocks.length; at += GROUP) cut.push(blocks.slice(at, at + GROUP));
    return cut;
  }, [blocks]);

  useEffect(() => {
    if (!range) return;
    const show = () => box.current?.querySelector('mark')?.scrollIntoView({ block: 'center' });
    show();
    // What was not laid out yet had only a guessed height: once it has its own, the place is exact.
    const frame = requestAnimationFrame(() => requestAnimationFrame(show));
    return () => cancelAnimationFrame(frame);
  }, [range]);

  return (
    <div
      ref={box}
      lang={language ?? undefined}
      className="mx-auto flex max-w-[72ch] flex-col gap-3 px-4 py-6 text-base break-words md:px-6"
    >
      {groups.map((group) => (
        <Group key={group[0]?.start} blocks={group} range={range} />
      ))}
    </div>
  );
}

const Group = memo(function Group({ blocks, range }: { blocks: readonly Block[]; range: TextRange | null }) {
  return (
    <div className="flex flex-col gap-3 [contain-intrinsic-size:auto_80rem] [content-visibility:auto]">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a document never change
        <BlockView key={index} block={block} range={range} />
      ))}
    </div>
  );
});
