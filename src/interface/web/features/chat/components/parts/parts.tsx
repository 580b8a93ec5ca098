// The parts of an answer, one under the other, each drawn by its row of the table.
import type { ComponentType } from 'react';
import type { MessagePart } from '../../../../../../contracts/conversation.ts';
import { joinParts } from '../../lib/join-parts.ts';
import { SourcesContext, sourcesOf } from '../sources/sources-context.ts';
import type { AnswerView, PartProps, PartType } from './part-view.ts';
import { partViews } from './part-views.ts';

/** The table ties each type to its own drawing; past it, a part and its drawing only go together. */
type AnyDrawing = ComponentType<PartProps<PartType>> | undefined;

export interface PartsProps {
  parts: readonly MessagePart[];
  answer: AnswerView;
  /** Body: in reading order; Foot: what stands under the whole answer. */
  place: 'Body' | 'Foot';
}

export function Parts({ parts, answer, place }: PartsProps) {
  const joined = joinParts(parts);
  return (
    <SourcesContext value={sourcesOf(parts)}>
      {joined.map((part, index) => {
        const Drawing = partViews[part.type][place as 'Body'] as AnyDrawing;
        if (!Drawing) return null;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever added at the end
          <Drawing key={index} part={part} answer={answer} last={index === joined.length - 1} />
        );
      })}
    </SourcesContext>
  );
}
