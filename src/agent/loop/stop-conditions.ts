// When a run ends although the model would go on: small predicates that compose, asked before each step. A reason that
// comes back ends the calling of tools: the model gets one more step, in which it can only answer.
// The idea is the AI SDK's (`stopWhen`).
import type { Cost } from '../../contracts/money.ts';
import { type Notice, noticeOf } from '../../contracts/notice.ts';
import type { RunState } from './run-state.ts';

export interface StopFacts {
  state: RunState;
  elapsedMs: number;
}

/** What the person is told, or null to go on. */
export type StopCondition = (facts: StopFacts) => Notice | null;

/** The last of `count` steps is for the answer. */
export const stepCountIs =
  (count: number): StopCondition =>
  ({ state }) =>
    state.steps.filter((step) => step.finished).length >= count - 1
      ? noticeOf('step_limit', `The limit of ${count} steps is reached.`, { steps: count })
      : null;

export const hasToolCall =
  (name: string): StopCondition =>
  ({ state }) =>
    state.steps.some((step) => step.calls.some((call) => call.toolName === name && call.result !== null))
      ? noticeOf('tool_was_called', `The tool ${name} was called.`, { tool: name })
      : null;

/** The model asked for what was refused as a repetition, `times` times. */
export const repeatsItself =
  (times: number): StopCondition =>
  ({ state }) =>
    state.steps.flatMap((step) => step.calls).filter((call) => call.repeated).length >= times
      ? noticeOf('repeats_itself', 'The model kept repeating a call that it had made before.')
      : null;

export const costAbove =
  (nanoDollars: number): StopCondition =>
  ({ state }) =>
    knownCost(state.cost) > nanoDollars
      ? noticeOf('cost_limit', 'The cost limit of the run is reached.')
      : null;

export const timeAbove =
  (ms: number): StopCondition =>
  ({ elapsedMs }) =>
    elapsedMs > ms
      ? noticeOf('time_limit', `The time limit of ${Math.round(ms / 1000)} s is reached.`, {
          seconds: Math.round(ms / 1000),
        })
      : null;

/** The first reason that any of them has. */
export const anyOf =
  (...conditions: readonly StopCondition[]): StopCondition =>
  (facts) => {
    for (const condition of conditions) {
      const reason = condition(facts);
      if (reason !== null) return reason;
    }
    return null;
  };

const knownCost = (cost: Cost): number => (cost.kind === 'known' ? cost.nanoDollars : 0);
