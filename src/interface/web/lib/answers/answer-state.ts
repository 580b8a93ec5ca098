// An answer as a column holds it: the fold of its events. Pure.
import type { Receipt } from '../../../../contracts/conversation.ts';
import type { CallStatus, TokenLogprob } from '../../../../contracts/model.ts';
import type { AnswerEvent } from '../../../../contracts/playground.ts';

/** Text that came together, with the tokens that made it; none where the model tells no probabilities. */
export interface Piece {
  text: string;
  logprobs: readonly TokenLogprob[];
}

export interface AnswerState {
  status: 'idle' | 'running' | 'done' | 'stopped' | 'failed';
  /** Where the call stands before its first token. */
  call: CallStatus | null;
  pieces: readonly Piece[];
  reasoning: string;
  start: Extract<AnswerEvent, { type: 'start' }> | null;
  receipt: Receipt | null;
  error: unknown;
}

export const idleAnswer: AnswerState = {
  status: 'idle',
  call: null,
  pieces: [],
  reasoning: '',
  start: null,
  receipt: null,
  error: null,
};

export function foldAnswer(state: AnswerState, events: readonly AnswerEvent[]): AnswerState {
  const next = { ...state };
  const fresh: Piece[] = [];
  for (const event of events) {
    if (event.type === 'start') next.start = event;
    else if (event.type === 'status') next.call = event.status;
    else if (event.type === 'reasoning') next.reasoning += event.delta;
    else if (event.type === 'text') fresh.push({ text: event.delta, logprobs: event.logprobs ?? [] });
    else {
      next.receipt = event.receipt;
      next.status = 'done';
    }
  }
  if (fresh.length > 0) next.pieces = [...state.pieces, ...fresh];
  return next;
}

export const answerText = ({ pieces }: Pick<AnswerState, 'pieces'>): string =>
  pieces.map(({ text }) => text).join('');

/** A token as it is drawn: its text, and what is known of it. */
export interface DrawnToken {
  text: string;
  scored: TokenLogprob | null;
}

/**
 * One entry a token. Tokens that are only parts of a character come in one piece with the last of them: they are drawn as
 * one, with the least likely of them.
 */
export function drawnTokens(pieces: readonly Piece[]): DrawnToken[] {
  return pieces.flatMap(({ text, logprobs }): DrawnToken[] => {
    if (logprobs.length > 1 && logprobs.map(({ token }) => token).join('') === text)
      return logprobs.map((scored) => ({ text: scored.token, scored }));
    if (text === '') return [];
    const scored = logprobs.reduce<TokenLogprob | null>(
      (least, one) => (least === null || one.logprob < least.logprob ? one : least),
      null,
    );
    return [{ text, scored }];
  });
}
