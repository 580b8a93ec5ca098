// One step with a tool: what was asked, whether it was allowed, what came back.
import type { PartProps } from './part-view.ts';

export function ToolPart(_: PartProps<'tool'>) {
  return null;
}
