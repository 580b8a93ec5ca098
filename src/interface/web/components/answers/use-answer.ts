// One answer of a board, drawn anew as it comes.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { type AnswerBoard, createAnswerBoard } from '../../lib/answers/answer-board.ts';
import type { AnswerState } from '../../lib/answers/answer-state.ts';

/** A board for as long as the page stands. */
export function useAnswerBoard(): AnswerBoard {
  const [board] = useState(() => createAnswerBoard());
  useEffect(() => () => board.stop(), [board]);
  return board;
}

export function useAnswer(board: AnswerBoard, key: string): AnswerState {
  return useSyncExternalStore(board.subscribe, () => board.stateOf(key));
}

export function useAnyRunning(board: AnswerBoard): boolean {
  return useSyncExternalStore(board.subscribe, board.anyRunning);
}
