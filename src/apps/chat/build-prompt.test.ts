// A branch as a prompt: files whole, failed answers left out, turns that alternate.
import { expect, test } from 'vitest';
import type { Message, MessagePart } from '../../contracts/conversation.ts';
import { buildPrompt, callOptions, tokenBound } from './build-prompt.ts';

type Turn = Pick<Message, 'role' | 'parts' | 'status'>;
const turn = (role: Turn['role'], parts: MessagePart[], status: Turn['status'] = 'complete'): Turn => ({
  role,
  parts,
  status,
});
const text = (words: string): MessagePart => ({ type: 'text', text: words });

test('a system prompt, turns, and files as their name and whole text', () => {
  const file: MessagePart = {
    type: 'file',
    name: 'a.md',
    mediaType: 'text/markdown',
    text: '```js\n1\n```\n',
  };
  const prompt = buildPrompt(
    'Be brief.',
    [
      turn('user', [file, text('Why?')]),
      turn('assistant', [{ type: 'reasoning', text: 'Hm' }, text('Because.')]),
    ],
    'remote',
  );
  expect(prompt).toEqual([
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a.md\n````\n```js\n1\n```\n````' },
        { type: 'text', text: '\n\nWhy?' },
      ],
    },
    { role: 'assistant', content: [{ type: 'text', text: 'Because.' }] },
  ]);
});

test('failed and empty answers are left out, and what meets then is joined', () => {
  const path = [
    turn('user', [text('a')]),
    turn('assistant', [text('half')], 'failed'),
    turn('user', [text('b')]),
    turn('assistant', [], 'stopped'),
    turn('user', [text('c')]),
    turn('assistant', [text('partial')], 'stopped'),
  ];
  const prompt = buildPrompt(' ', path, 'local');
  expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant']);
  expect(JSON.stringify(prompt)).not.toContain('half');
  expect(prompt[0]?.content).toEqual(['a', '\n\nb', '\n\nc'].map(text));
  expect(buildPrompt('', path, 'scripted').map(({ role }) => role)).toEqual([
    'user',
    'user',
    'user',
    'assistant',
  ]);
});

test('parameters become call options, ours under their own name', () => {
  const options = callOptions([], {
    temperature: 0.5,
    topK: 4,
    minP: 0.1,
    repeatPenalty: 1.1,
    stopSequences: ['x'],
    seed: 3,
    maxOutputTokens: 9,
  });
  expect(options).toMatchObject({
    temperature: 0.5,
    topK: 4,
    stopSequences: ['x'],
    seed: 3,
    maxOutputTokens: 9,
  });
  expect(options).not.toHaveProperty('minP');
  expect(options.providerOptions).toEqual({ atelier: { minP: 0.1, repeatPenalty: 1.1 } });
});

test('the bound is above what any tokenizer counts', () => {
  const prompt = buildPrompt('', [turn('user', [text('é'.repeat(100))])], 'local');
  expect(tokenBound(prompt)).toBeGreaterThan(200);
});
