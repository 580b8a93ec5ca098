// [1] in an answer: a small mark. Hover and focus show the passage, a click opens the document at it. A number without
// a source stays the text that it is.
import * as HoverCard from 'radix-ui/hover-card';
import { type ReactNode, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { Source } from '../../../../../../contracts/knowledge.ts';
import { HitCard } from '../../../../components/document/hit-card.tsx';
import { citedNumbers } from '../../lib/cited.ts';
import { SourcesContext } from '../sources/sources-context.ts';
import { useOpenSource } from '../sources/use-open-source.ts';

export function Citation(props: { 'data-numbers'?: string; children?: ReactNode }) {
  const sources = useContext(SourcesContext);
  const numbers = citedNumbers(props['data-numbers'] ?? '');
  const found = numbers.map((number) => sources.get(number)).filter((source) => source !== undefined);
  if (found.length === 0 || found.length < numbers.length) return props.children;
  return found.map((source) => <Mark key={source.number} source={source} />);
}

function Mark({ source }: { source: Source }) {
  const { t } = useTranslation('knowledge');
  const open = useOpenSource();
  return (
    <HoverCard.Root openDelay={150} closeDelay={100}>
      <HoverCard.Trigger asChild>
        <button
          type="button"
          aria-label={t('answer.citation', { number: source.number, title: source.title })}
          onClick={() => open(source)}
          className="citation"
        >
          {source.number}
        </button>
      </HoverCard.Trigger>
      <HoverCard.Portal>
        <HoverCard.Content
          side="top"
          sideOffset={6}
          collisionPadding={8}
          className="z-40 w-96 max-w-[calc(100vw-1rem)] rounded-md shadow-float"
        >
          <HitCard hit={source} number={source.number} />
        </HoverCard.Content>
      </HoverCard.Portal>
    </HoverCard.Root>
  );
}
