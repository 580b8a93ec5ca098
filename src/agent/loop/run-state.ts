// What a run has come to, folded from its events: the same while it goes on and after a kill.
import type { PlanItem } from '../../contracts/agent.ts';
import type { Source } from '../../contracts/knowledge.ts';
import { type Cost, noUsage, type Usage } from '../../contracts/money.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { ToolEffect, ToolResult } from '../../contracts/tool.ts';

export interface CallRecord {
  toolCallId: string;
  toolName: string;
  title: string;
  effect: ToolEffect;
  /** The arguments that count: as the model wrote them, or as a person edited them. */
  input: unknown;
  edited: boolean;
  approval: {
    id: string;
    rule: string;
    answered: { approved: boolean; reason: string | null } | null;
  } | null;
  /** It may have had its effect. */
  started: boolean;
  result: ToolResult | null;
  /** It was not run, because the same call had been made before. */
  repeated: boolean;
}

export interface StepRecord {
  number: number;
  text: string;
  calls: CallRecord[];
  finished: boolean;
}

export interface RunState {
  steps: StepRecord[];
  plan: PlanItem[] | null;
  sources: Source[];
  usage: Usage;
  cost: Cost;
  modelCalls: number;
  /** Of an agent with an output schema; undefined: none yet. */
  output: unknown;
  warnings: Set<string>;
}

export const newRunState = (): RunState => ({
  steps: [],
  plan: null,
  sources: [],
  usage: noUsage,
  cost: { kind: 'none' },
  modelCalls: 0,
  output: undefined,
  warnings: new Set(),
});

/** What a result says of itself when the call was a repetition. */
export const REPEATED = 'repeated';

export function applyEvent(state: RunState, event: RunEvent): void {
  const step = state.steps.at(-1);
  const call = 'toolCallId' in event ? findCall(state, event.toolCallId) : undefined;
  switch (event.type) {
    case 'step-start': {
      const fresh: StepRecord = { number: event.step, text: '', calls: [], finished: false };
      state.steps = [...state.steps.filter(({ number }) => number < event.step), fresh];
      return;
    }
    case 'step-finish':
      if (step !== undefined) step.finished = true;
      return;
    case 'text-delta':
      if (step !== undefined) step.text += event.delta;
      return;
    case 'tool-call': {
      const { toolCallId, toolName, title, effect, input } = event;
      const fresh = { edited: false, approval: null, started: false, result: null, repeated: false };
      step?.calls.push({ toolCallId, toolName, title, effect, input, ...fresh });
      return;
    }
    case 'tool-approval-request':
      if (call !== undefined) call.approval = { id: event.approvalId, rule: event.rule, answered: null };
      return;
    case 'tool-approval-response':
      if (call?.approval) {
        call.approval.answered = { approved: event.approved, reason: event.reason };
        call.edited = JSON.stringify(call.input) !== JSON.stringify(event.input);
        call.input = event.input;
      }
      return;
    case 'tool-start':
      if (call !== undefined) call.started = true;
      return;
    case 'tool-result':
      if (call !== undefined) {
        call.result = event.result;
        call.repeated = event.result.error?.data.reason === REPEATED;
      }
      return;
    case 'plan':
      state.plan = event.items;
      return;
    case 'sources':
      state.sources = event.sources;
      return;
    case 'run-usage':
      state.modelCalls += 1;
      state.usage = addUsage(state.usage, event.usage);
      state.cost = addCost(state.cost, event.cost);
      return;
    case 'run-warning':
      state.warnings.add(event.message);
      return;
    case 'output':
      state.output = event.output;
      return;
    default:
      return;
  }
}

/** It worked, and not by finding nothing. */
export function broughtSomething({ result }: CallRecord): boolean {
  if (result === null || result.isError) return false;
  const { data } = result;
  return !(typeof data === 'object' && data !== null && 'passages' in data && data.passages === 0);
}

function findCall(state: RunState, toolCallId: string): CallRecord | undefined {
  for (const step of state.steps)
    for (const call of step.calls) if (call.toolCallId === toolCallId) return call;
  return undefined;
}

export function addUsage(a: Usage, b: Usage | null): Usage {
  if (b === null) return a;
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    reasoning: a.reasoning + b.reasoning,
  };
}

/** Unknown wins over known, and known over none: a sum with an unknown part is unknown. */
export function addCost(a: Cost, b: Cost): Cost {
  if (a.kind === 'unknown' || b.kind === 'unknown') return { kind: 'unknown' };
  if (a.kind === 'none') return b;
  if (b.kind === 'none') return a;
  return { kind: 'known', nanoDollars: a.nanoDollars + b.nanoDollars };
}
