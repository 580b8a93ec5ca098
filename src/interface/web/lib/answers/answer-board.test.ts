// Answers side by side: what a column shows while it is written, stopped, fails or is asked again.
import { describe, expect, test } from 'vitest';
import { AtelierError } from '../../../../contracts/errors.ts';
import type { AnswerEvent } from '../../../../contracts/playground.ts';
import { createAnswerBoard } from './answer-board.ts';
import { answerText, drawnTokens } from './answer-state.ts';

const text = (delta: string): AnswerEvent => ({ type: 'text', delta });
const scored = (token: string, logprob: number) => ({ token, tokenId: null, logprob, bytes: null, top: [] });
const finish = { type: 'finish', receipt: { model: 'm' } } as AnswerEvent;
const request = { path: '/x', body: {} };

describe('a board of answers', () => {
  test('an answer grows and ends', async () => {
    const seen: string[] = [];
    const board = createAnswerBoard(async function* () {
      yield [text('Hel')];
      yield [text('lo'), finish];
    });
    board.subscribe(() => seen.push(board.stateOf('a').status));
    const end = await board.run('a', request);
    expect(answerText(end)).toBe('Hello');
    expect(board.stateOf('a')).toMatchObject({ status: 'done', receipt: { model: 'm' } });
    expect(seen[0]).toBe('running');
    expect(seen.at(-1)).toBe('done');
    expect(board.anyRunning()).toBe(false);
  });

  test('a stop keeps what was written', async () => {
    const board = createAnswerBoard(async function* (_request, signal) {
      yield [text('begun')];
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const running = board.run('a', request);
    await new Promise((resolve) => setTimeout(resolve));
    board.stop();
    expect(await running).toMatchObject({ status: 'stopped', pieces: [{ text: 'begun' }] });
  });

  test('a failure in the middle keeps what was written and says why', async () => {
    const error = new AtelierError('provider_failed', 'cut');
    const board = createAnswerBoard(async function* () {
      yield [text('begun')];
      throw error;
    });
    expect(await board.run('a', request)).toMatchObject({
      status: 'failed',
      error,
      pieces: [{ text: 'begun' }],
    });
  });

  test('asked again, an earlier answer does not write over the new one', async () => {
    let call = 0;
    const board = createAnswerBoard(async function* () {
      const mine = ++call;
      await new Promise((resolve) => setTimeout(resolve, mine === 1 ? 20 : 1));
      yield [text(String(mine)), finish];
    });
    await Promise.all([board.run('a', request), board.run('a', request)]);
    expect(answerText(board.stateOf('a'))).toBe('2');
  });
});

describe('tokens as they are drawn', () => {
  test('one entry a token; parts of a character together, with the least likely of them', () => {
    expect(
      drawnTokens([
        { text: 'one two', logprobs: [scored('one', -1), scored(' two', -2)] },
        { text: 'é', logprobs: [scored('\ufffd', -1), scored('\ufffd', -3)] },
        { text: 'plain', logprobs: [] },
        { text: '', logprobs: [] },
      ]).map(({ text: shown, scored: of }) => [shown, of?.logprob ?? null]),
    ).toEqual([
      ['one', -1],
      [' two', -2],
      ['é', -3],
      ['plain', null],
    ]);
  });
});
