import { describe, expect, test } from 'vitest';
import { createAnswerText } from './answer-text.ts';
import { createStopMatcher } from './stop-matcher.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const logprob = (token: string) => ({ token, tokenId: 1, logprob: -1, bytes: null, top: [] });

function through(pieces: string[], stops: string[]): string[] {
  const matcher = createStopMatcher(stops);
  const shown: string[] = [];
  for (const piece of pieces) {
    const { text, stop } = matcher.push(piece);
    shown.push(text);
    if (stop !== null) return [...shown, 'STOP'];
  }
  return [...shown, matcher.flush()];
}

describe('stop sequences', () => {
  test.each([
    ['in one piece', ['ab', 'cXYZd'], ['XYZ'], ['ab', 'c', 'STOP']],
    ['across pieces', ['abX', 'Y', 'Zd'], ['XYZ'], ['ab', '', '', 'STOP']],
    ['held back and released', ['abX', 'Yq'], ['XYZ'], ['ab', 'XYq', '']],
    ['held back at the end', ['abXY'], ['XYZ'], ['ab', 'XY']],
    ['that overlaps itself', ['aab', 'aabc'], ['aabc'], ['', 'aab', 'STOP']],
    ['the earliest of several', ['one two three'], ['three', 'two'], ['one ', 'STOP']],
    ['none', ['a', 'b'], [], ['a', 'b', '']],
  ])('%s', (_name, pieces, stops, expected) => {
    expect(through(pieces, stops)).toEqual(expected);
  });
});

describe('characters', () => {
  test('an emoji of four tokens comes whole', () => {
    const text = createAnswerText([]);
    const emoji = [...bytes('👩')].map((byte) => text.push(Uint8Array.of(byte), null).text);
    expect(emoji).toEqual(['', '', '', '👩']);
  });

  test('half a character at the end is never shown', () => {
    const text = createAnswerText([]);
    expect(text.push(bytes('é').slice(0, 1), null).text).toBe('');
    expect(text.end().text).toBe('');
  });

  test('the space before a first word goes only where it is asked for', () => {
    expect(createAnswerText([], { trimLeadingSpace: true }).push(bytes(' Once'), null).text).toBe('Once');
    expect(createAnswerText([]).push(bytes(' Once'), null).text).toBe(' Once');
  });
});

describe('log-probabilities', () => {
  test('come with the text that their token begins', () => {
    const text = createAnswerText(['XY']);
    expect(text.push(bytes('a'), logprob('a')).logprobs).toHaveLength(1);
    expect(text.push(bytes('X'), logprob('X')).logprobs).toHaveLength(0);
    expect(text.push(bytes('b'), logprob('b')).logprobs.map((entry) => entry.token)).toEqual(['X', 'b']);
  });

  test('of a stop sequence are not shown', () => {
    const text = createAnswerText(['XY']);
    text.push(bytes('X'), logprob('X'));
    expect(text.push(bytes('Y'), logprob('Y'))).toEqual({ text: '', logprobs: [], stop: 'XY' });
  });

  test('of every token of a split character arrive', () => {
    const text = createAnswerText([]);
    const counts = [...bytes('é')].map(
      (byte) => text.push(Uint8Array.of(byte), logprob('?')).logprobs.length,
    );
    expect(counts).toEqual([0, 2]);
  });
});
