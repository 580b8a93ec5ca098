// What is known of a tool only while it works: that it began, and how far it is. The rest stands in the answer's parts.
import type { RunEvent } from '../../../../../contracts/run.ts';

export interface ToolWork {
  /** From here on it may have had its effect. */
  started: boolean;
  progress: {
    done: number | null;
    total: number | null;
    message: string | null;
    output: string | null;
  } | null;
}

export type ToolWorks = Readonly<Record<string, ToolWork>>;

export function foldToolWork(works: ToolWorks, event: RunEvent): ToolWorks {
  if (event.type === 'tool-start') return { ...works, [event.toolCallId]: { started: true, progress: null } };
  if (event.type !== 'tool-progress') return works;
  const { type: _, toolCallId, ...progress } = event;
  const before = works[toolCallId]?.progress;
  return {
    ...works,
    // A word about the progress keeps the output that is known so far.
    [toolCallId]: {
      started: true,
      progress: { ...progress, output: progress.output ?? before?.output ?? null },
    },
  };
}
