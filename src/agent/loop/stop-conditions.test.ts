// When a run is told to answer: by steps, calls, cost, time, or the first of several reasons.
import { expect, test } from 'vitest';
import { newRunState, type StepRecord } from './run-state.ts';
import { anyOf, costAbove, hasToolCall, repeatsItself, stepCountIs, timeAbove } from './stop-conditions.ts';

const call = (toolName: string, repeated = false): StepRecord['calls'][number] => ({
  toolCallId: 'call_1',
  toolName,
  title: toolName,
  effect: 'read',
  input: {},
  edited: false,
  approval: null,
  started: true,
  result: { content: [], isError: false, data: null, error: null, notes: [] },
  repeated,
});
const facts = (more: object = {}, elapsedMs = 0) => ({
  state: {
    ...newRunState(),
    steps: [1, 2].map((number) => ({
      number,
      text: '',
      finished: true,
      calls: [call('search', number === 2)],
    })),
    ...more,
  },
  elapsedMs,
});

test.each([
  ['the last step is kept for the answer', stepCountIs(3), facts(), true],
  ['there are steps left', stepCountIs(4), facts(), false],
  ['a tool was called', hasToolCall('search'), facts(), true],
  ['another tool was called', hasToolCall('submit'), facts(), false],
  ['a call was repeated once', repeatsItself(1), facts(), true],
  ['a call was not repeated twice', repeatsItself(2), facts(), false],
  ['the cost is above', costAbove(10), facts({ cost: { kind: 'known', nanoDollars: 11 } }), true],
  ['an unknown cost is above nothing', costAbove(10), facts({ cost: { kind: 'unknown' } }), false],
  ['the time is over', timeAbove(1000), facts({}, 1001), true],
  ['none of several', anyOf(stepCountIs(9), timeAbove(1000)), facts(), false],
  ['one of several', anyOf(stepCountIs(9), hasToolCall('search')), facts(), true],
])('%s', (_name, condition, given, stops) => {
  expect(condition(given) !== null).toBe(stops);
});
