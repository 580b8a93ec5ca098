// A run as the page watches it: the fold of its event log. Pure, so that reload, second tab and tests get the same answer.
import {
  type AnswerBlock,
  answerParts,
  emptyAnswer,
  foldAnswer,
} from '../../../../../contracts/answer-parts.ts';
import type { MessagePart, Receipt } from '../../../../../contracts/conversation.ts';
import type { ErrorBody } from '../../../../../contracts/errors.ts';
import type { CallStatus, Place } from '../../../../../contracts/model.ts';
import type { Notice } from '../../../../../contracts/notice.ts';
import type { LoggedEvent, RunEvent } from '../../../../../contracts/run.ts';
import { foldToolWork, type ToolWorks } from './tool-work.ts';

export interface RunState {
  /** The last event that went in. */
  seq: number;
  status: 'waiting' | 'running' | 'complete' | 'stopped' | 'interrupted' | 'failed';
  model: string | null;
  place: Place | null;
  /** Where the call stands before and while it writes. */
  call: CallStatus | null;
  blocks: readonly AnswerBlock[];
  /** The step that an agent is in. */
  step: number | null;
  /** What is known of each tool while it works, by its call. */
  tools: ToolWorks;
  warnings: Notice[];
  receipt: Receipt | null;
  error: ErrorBody | null;
}

export const emptyRun: RunState = {
  seq: 0,
  status: 'waiting',
  model: null,
  place: null,
  call: null,
  ...emptyAnswer,
  tools: {},
  warnings: [],
  receipt: null,
  error: null,
};

export function isOver(state: RunState): boolean {
  return state.status !== 'waiting' && state.status !== 'running';
}

/** The state after one more event. An event that went in already changes nothing. */
export function foldEvent(state: RunState, logged: LoggedEvent): RunState {
  if (logged.seq <= state.seq || isOver(state)) return state;
  const { event, at, seq } = logged;
  const tools = foldToolWork(state.tools, event);
  const { blocks, step } = foldAnswer(state, event, at);
  return { ...apply({ ...state, tools }, event), blocks, step, seq };
}

function apply(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'run-start':
      return { ...state, status: 'running', model: event.model, place: event.place };
    case 'run-status':
      return { ...state, status: 'running', call: event.status };
    case 'run-warning':
      return { ...state, warnings: [...state.warnings, noticeIn(event)] };
    case 'run-finish':
      return {
        ...state,
        status: event.status,
        call: null,
        receipt: event.receipt,
        error: event.error,
      };
    default:
      return state;
  }
}

const noticeIn = ({ type: _, ...notice }: Extract<RunEvent, { type: 'run-warning' }>): Notice => notice;

/** The answer as a stored message holds it. */
export const partsOf = (state: RunState): MessagePart[] => answerParts(state);

/** All that was written so far, without the reasoning. */
export function textOf(parts: readonly MessagePart[]): string {
  return parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('');
}
