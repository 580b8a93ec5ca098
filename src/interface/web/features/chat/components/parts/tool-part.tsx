// One step with a tool: what was asked, whether it was allowed, what came back. While it waits for a yes, the card is open.
import { ApprovalCard } from '../../../../components/run/approval-card.tsx';
import { ToolStep, toolStateOf } from '../../../../components/run/tool-step.tsx';
import type { PartProps } from './part-view.ts';

export function ToolPart({ part, answer }: PartProps<'tool'>) {
  const work = answer.run?.tools[part.toolCallId];
  const state = toolStateOf(part, answer.writing, work?.started ?? false);
  if (state === 'waiting' && part.approval)
    return (
      <ApprovalCard
        key={part.approval.id}
        approval={{
          id: part.approval.id,
          toolName: part.toolName,
          toolTitle: part.title,
          effect: part.effect,
          input: part.input,
          rule: part.approval.rule,
          problem: part.approval.problem,
        }}
      />
    );
  return (
    <div className="[&+.answer]:mt-3">
      <ToolStep part={part} state={state} progress={work?.progress ?? undefined} />
    </div>
  );
}
