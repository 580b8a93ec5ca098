import { describe, expect, test } from 'vitest';
import { type AnswerPiece, createBlockSplitter } from './split-blocks.ts';

const split = (text: string, finished = true) => createBlockSplitter()(text, finished);
const show = (pieces: readonly AnswerPiece[]) =>
  pieces.map((piece) => (piece.kind === 'code' ? `[${piece.language}] ${piece.text}` : piece.text));

const answer = [
  '# Title',
  '',
  'Two lines',
  'of one paragraph.',
  '',
  '- one',
  '- two',
  '',
  '  still two',
  '',
  '  ```js',
  '  inside();',
  '  ```',
  '- three',
  '',
  'After the list:',
  '```ts',
  'const a = 1;',
  '',
  'const b = `x`;',
  '```',
  '| a | b |',
  '|---|---|',
  '| 1 | 2 |',
  '',
  '$$',
  'x = 1',
  '',
  'y = 2',
  '$$',
  '',
  '~~~',
  '```',
  '~~~',
  'End with `code` and ```inline``` too.',
].join('\n');

describe('cutting an answer into blocks', () => {
  test('blocks are what a reader sees as one', () => {
    expect(show(split(answer))).toEqual([
      '# Title',
      'Two lines\nof one paragraph.',
      '- one\n- two\n\n  still two\n\n  ```js\n  inside();\n  ```\n- three',
      'After the list:',
      '[ts] const a = 1;\n\nconst b = `x`;',
      '| a | b |\n|---|---|\n| 1 | 2 |',
      '$$\nx = 1\n\ny = 2\n$$',
      '[] ```',
      'End with `code` and ```inline``` too.',
    ]);
  });

  test('a growing text gives the same pieces as the whole, whatever the cuts', () => {
    for (const step of [1, 3, 17]) {
      const splitter = createBlockSplitter();
      for (let at = 0; at < answer.length; at += step) splitter(answer.slice(0, at), false);
      expect(splitter(answer, true)).toEqual(split(answer));
    }
  });

  test('finished pieces stay the same objects while the last one grows', () => {
    const splitter = createBlockSplitter();
    const first = splitter('One.\n\nTwo.\n\nThr', false);
    const second = splitter('One.\n\nTwo.\n\nThree', false);
    expect(second[0]).toBe(first[0]);
    expect(second[1]).toBe(first[1]);
    expect(second[2]).toEqual({ kind: 'markdown', text: 'Three', open: true });
  });

  test('an open fence is code from its first line on', () => {
    expect(split('Look:\n\n```py\nprint(1)\nprin', false).at(-1)).toEqual({
      kind: 'code',
      language: 'py',
      text: 'print(1)\nprin',
      open: true,
    });
  });

  test('a very long list is cut between items, and nothing of it is lost', () => {
    const list = Array.from({ length: 400 }, (_, index) => `${index + 1}. item number ${index + 1}`).join(
      '\n',
    );
    const pieces = split(list);
    expect(pieces.length).toBeGreaterThan(2);
    expect(show(pieces).join('\n')).toBe(list);
  });

  test('links defined elsewhere are resolved once the answer is whole', () => {
    const text = 'See [it][1].\n\nMore.\n\n[1]: https://example.org';
    expect(split(text, false).length).toBe(3);
    expect(split(text)).toEqual([{ kind: 'markdown', text, open: false }]);
  });

  test('a text that was replaced is cut anew', () => {
    const splitter = createBlockSplitter();
    splitter('One.\n\nTwo.\n\nThree', false);
    expect(show(splitter('Uno.\n\nDos.', true))).toEqual(['Uno.', 'Dos.']);
  });

  test('ten thousand tokens cost little for each token', () => {
    const splitter = createBlockSplitter();
    const paragraph = 'The quick brown fox jumps over the lazy dog, again and again.\n\n';
    let text = '';
    const started = performance.now();
    for (let count = 0; count < 2_000; count += 1) {
      text += paragraph.slice(0, 20 + (count % 43));
      if (count % 5 === 0) text += '\n\n';
      splitter(text, false);
    }
    expect((performance.now() - started) / 2_000).toBeLessThan(1);
  });
});
