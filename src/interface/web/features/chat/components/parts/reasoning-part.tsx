// What the model thought before it wrote on.
import { isWritten } from '../../../../../../contracts/answer-parts.ts';
import { Reasoning } from '../reasoning.tsx';
import type { PartProps } from './part-view.ts';

export function ReasoningPart({ part, answer, last }: PartProps<'reasoning'>) {
  const block = answer.run?.blocks
    .filter(isWritten)
    .findLast((one) => one.type === 'reasoning' && part.text.endsWith(one.text));
  return (
    <Reasoning
      text={part.text}
      open={answer.writing && last}
      milliseconds={block?.endedAt ? block.endedAt - block.startedAt : null}
    />
  );
}
