import { describe, expect, test } from 'vitest';
import { type AnswerState, answerParts, emptyAnswer, foldAnswer } from './answer-parts.ts';
import type { RunEvent } from './run.ts';

const fold = (events: readonly RunEvent[]): AnswerState =>
  events.reduce((state, event, index) => foldAnswer(state, event, 1000 + index), emptyAnswer);
const partsOf = (...events: RunEvent[]) => answerParts(fold(events));

const call = (toolCallId: string, input: unknown = {}): RunEvent => ({
  type: 'tool-call',
  toolCallId,
  toolName: 'write_file',
  title: 'Write a file',
  effect: 'write',
  input,
});
const result = {
  content: [{ type: 'text' as const, text: 'Wrote.' }],
  isError: false,
  data: null,
  error: null,
  notes: [],
};

describe('the parts of an answer', () => {
  test('text and reasoning in the order in which they began, blocks of one id apart once ended', () => {
    expect(
      partsOf(
        { type: 'reasoning-start', id: '0' },
        { type: 'reasoning-delta', id: '0', delta: 'Hm.' },
        { type: 'text-start', id: '0' },
        { type: 'text-delta', id: '0', delta: 'One ' },
        { type: 'text-delta', id: '0', delta: 'two' },
        { type: 'text-end', id: '0' },
        { type: 'text-delta', id: '0', delta: 'three' },
        { type: 'text-start', id: '1' },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'One two' },
      { type: 'text', text: 'three' },
    ]);
  });

  test('blocks know when they began and ended, at the latest with the run', () => {
    const { blocks } = fold([
      { type: 'reasoning-start', id: '0' },
      { type: 'reasoning-delta', id: '0', delta: 'Hm.' },
      { type: 'reasoning-end', id: '0' },
      { type: 'text-delta', id: '0', delta: 'x' },
      { type: 'run-finish', status: 'complete', receipt: null, error: null },
    ]);
    expect(blocks).toMatchObject([
      { startedAt: 1000, endedAt: 1002 },
      { startedAt: 1003, endedAt: 1004 },
    ]);
  });

  test('plan and sources stand once, where they first came, with their last word', () => {
    const item = { id: '1', text: 'Search', status: 'open' as const };
    const verdict = { inDocuments: false, probability: 0.1, threshold: 0.5, method: 'scores' };
    expect(
      partsOf(
        { type: 'plan', items: [item] },
        { type: 'sources', sources: [], verdict: null },
        { type: 'text-delta', id: '0', delta: 'x' },
        { type: 'sources', sources: [], verdict },
        { type: 'plan', items: [{ ...item, status: 'done' }] },
      ),
    ).toEqual([
      { type: 'plan', items: [{ ...item, status: 'done' }] },
      { type: 'sources', sources: [], verdict },
      { type: 'text', text: 'x' },
    ]);
    expect(partsOf({ type: 'sources', sources: [], verdict: null }, { type: 'plan', items: [] })).toEqual([]);
  });

  test('a tool has its approval, the arguments that count, and its result', () => {
    const asked = partsOf(call('a', { path: 'x' }), {
      type: 'tool-approval-request',
      approvalId: 'apr_1',
      toolCallId: 'a',
      rule: 'always',
      problem: null,
    });
    expect(asked).toMatchObject([{ input: { path: 'x' }, approval: { decision: null }, result: null }]);
    const done = partsOf(
      call('a', { path: 'x' }),
      { type: 'tool-approval-request', approvalId: 'apr_1', toolCallId: 'a', rule: 'always', problem: null },
      {
        type: 'tool-approval-response',
        approvalId: 'apr_1',
        toolCallId: 'a',
        approved: true,
        input: { path: 'y' },
        reason: 'Not there.',
      },
      { type: 'tool-start', toolCallId: 'a' },
      { type: 'tool-result', toolCallId: 'a', result },
    );
    expect(done).toEqual([
      {
        type: 'tool',
        toolCallId: 'a',
        toolName: 'write_file',
        title: 'Write a file',
        effect: 'write',
        input: { path: 'y' },
        approval: { id: 'apr_1', rule: 'always', problem: null, decision: 'yes', reason: 'Not there.' },
        result,
      },
    ]);
  });

  test('a step that is taken anew replaces what was seen of it, and nothing else', () => {
    expect(
      partsOf(
        { type: 'plan', items: [{ id: '1', text: 'Do', status: 'doing' }] },
        { type: 'step-start', step: 1 },
        call('a'),
        { type: 'tool-result', toolCallId: 'a', result },
        { type: 'step-finish', step: 1 },
        { type: 'step-start', step: 2 },
        { type: 'text-delta', id: 's2', delta: 'Half an ans' },
        { type: 'step-start', step: 2 },
        { type: 'text-delta', id: 's2', delta: 'The answer' },
        { type: 'step-finish', step: 2 },
      ).map((part) => (part.type === 'text' ? part.text : part.type)),
    ).toEqual(['plan', 'tool', 'The answer']);
  });
});
