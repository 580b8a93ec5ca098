import { expect, test } from 'vitest';
import type { Span } from '../../../../../contracts/span.ts';
import { readApproval, readRetrieval, readTool, viewOf } from './read-span.ts';

const span = (change: Partial<Span>): Span => ({
  traceId: 't',
  spanId: 's',
  parentId: null,
  name: 'n',
  kind: 'model',
  startUs: 0,
  endUs: 1,
  status: 'ok',
  error: null,
  userId: 'local',
  conversationId: null,
  model: null,
  usage: null,
  cost: null,
  timeToFirstTokenMs: null,
  attributes: {},
  input: null,
  output: null,
  ...change,
});

test('each kind of step has its own reading', () => {
  expect(viewOf(span({ kind: 'retrieval' }))).toBe('passages');
  expect(viewOf(span({ kind: 'tool' }))).toBe('tool');
  expect(viewOf(span({ kind: 'agent', input: [] }))).toBe('agent');
  expect(viewOf(span({ kind: 'agent', attributes: { 'atelier.approval.id': 'a' } }))).toBe('approval');
  expect(viewOf(span({ kind: 'agent' }))).toBe('messages');
});

test('passages, results and answers are read from the record', () => {
  const hit = { text: 'x', scores: { lexical: 1, vector: null, rerank: null } };
  expect(
    readRetrieval(
      span({ input: 'q', output: [hit, 3], attributes: { 'atelier.retrieval.mode': 'lexical' } }),
    ),
  ).toEqual({ query: 'q', mode: 'lexical', hits: [hit] });
  expect(
    readTool(
      span({
        attributes: { 'gen_ai.tool.name': 'calculator', 'atelier.tool.effect': 'read' },
        output: [{ type: 'text', text: '4' }],
      }),
    ),
  ).toMatchObject({ name: 'calculator', effect: 'read', result: { content: [{ text: '4' }] } });
  expect(readTool(span({})).result).toBeNull();
  expect(
    readApproval(
      span({ name: 'wait_for_approval write_file', output: { decision: 'no', reason: 'not today' } }),
    ),
  ).toMatchObject({ tool: 'write_file', decision: 'no', reason: 'not today', edited: false });
});
