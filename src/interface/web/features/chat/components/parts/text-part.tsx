// Written text of an answer, as Markdown.
import { AnswerText } from '../markdown/answer-text.tsx';
import type { PartProps } from './part-view.ts';

export function TextPart({ part, answer, last }: PartProps<'text'>) {
  if (part.text === '') return null;
  return (
    <AnswerText
      text={part.text}
      finished={!answer.writing || !last}
      cut={last && answer.status !== 'complete'}
    />
  );
}
