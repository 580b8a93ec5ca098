import { describe, expect, test } from 'vitest';
import type { Message } from '../../../../../contracts/conversation.ts';
import { branchOf, buildTree, newestLeaf, siblingsOf } from './message-tree.ts';

function message(id: string, parentId: string | null, role: Message['role'] = 'user'): Message {
  return {
    id,
    parentId,
    role,
    conversationId: 'c',
    parts: [{ type: 'text', text: id }],
    status: 'complete',
    runId: null,
    receipt: null,
    error: null,
    score: null,
    createdAt: 0,
  };
}

// u1 - a1 - u2 - a2
//    \ a1b - u3
const messages = [
  message('u1', null),
  message('a1', 'u1', 'assistant'),
  message('u2', 'a1'),
  message('a2', 'u2', 'assistant'),
  message('a1b', 'u1', 'assistant'),
  message('u3', 'a1b'),
];
const tree = buildTree(messages);
const ids = (list: Message[]) => list.map((entry) => entry.id);

describe('the message tree', () => {
  test('shows the branch that ends at the head', () => {
    expect(ids(branchOf(tree, 'a2'))).toEqual(['u1', 'a1', 'u2', 'a2']);
    expect(ids(branchOf(tree, 'u3'))).toEqual(['u1', 'a1b', 'u3']);
  });

  test('without a head, or with one that is gone, shows the newest branch', () => {
    expect(ids(branchOf(tree, null))).toEqual(['u1', 'a1b', 'u3']);
    expect(ids(branchOf(tree, 'gone'))).toEqual(['u1', 'a1b', 'u3']);
    expect(branchOf(buildTree([]), null)).toEqual([]);
  });

  test('counts siblings and leads to the end of the other branch', () => {
    expect(siblingsOf(tree, messages[1]!)).toEqual({ index: 0, ids: ['a1', 'a1b'] });
    expect(newestLeaf(tree, 'a1')).toBe('a2');
  });

  test('a message without its parent is shown as a root', () => {
    expect(ids(branchOf(buildTree([message('x', 'missing')]), 'x'))).toEqual(['x']);
  });

  test('a circle does not hang the page', () => {
    expect(ids(branchOf(buildTree([message('x', 'y'), message('y', 'x')]), 'x'))).toEqual(['y', 'x']);
  });
});
