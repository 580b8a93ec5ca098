// What the model thought before it wrote on.
import { Reasoning } from '../reasoning.tsx';
import type { PartProps } from './part-view.ts';

export function ReasoningPart({ part, answer, last }: PartProps<'reasoning'>) {
  const block = answer.run?.blocks
    .filter((one) => 'endedAt' in one && one.type === 'reasoning')
    .findLast((one) => part.text.endsWith(one.text));
  return (
    <Reasoning
      text={part.text}
      open={answer.writing && last}
      milliseconds={block?.endedAt ? block.endedAt - block.startedAt : null}
    />
  );
}
