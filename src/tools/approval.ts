// Whether a call must be asked for. It fails closed: what is unknown or broken counts as "ask".
import type { ApprovalRule, ToolContext, ToolDefinition } from '../contracts/tool.ts';
import { readInput } from './read-input.ts';

export interface ApprovalVerdict {
  needed: boolean;
  rule: ApprovalRule;
  /** Set when the rule itself could not be applied. */
  problem: string | null;
}

/** `rule` is the person's own row, when there is one; otherwise the tool's default counts. */
export async function needsApproval(
  tool: ToolDefinition,
  input: unknown,
  context: Pick<ToolContext, 'identity' | 'workspace' | 'runId'>,
  rule: ApprovalRule = tool.approval,
): Promise<ApprovalVerdict> {
  if (rule === 'never') return { needed: false, rule, problem: null };
  if (rule === 'always') return { needed: true, rule, problem: null };
  const predicate = tool.predicates[rule];
  if (predicate === undefined)
    return { needed: true, rule, problem: `${tool.name} knows no approval predicate ${rule}` };
  const checked = await tool.inputSchema.validate(readInput(input));
  // A call that will be refused for its input has no effect to approve.
  if ('faults' in checked) return { needed: false, rule, problem: null };
  try {
    return { needed: (await predicate(checked.value, context)) !== false, rule, problem: null };
  } catch (error) {
    return {
      needed: true,
      rule,
      problem: `the approval predicate ${rule} of ${tool.name} failed: ${String(error)}`,
    };
  }
}
