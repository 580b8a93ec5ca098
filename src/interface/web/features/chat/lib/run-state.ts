// An answer in the making: the fold of a run's event log. Pure, so that reload, second tab and tests get the same answer.
import type { MessagePart, Receipt } from '../../../../../contracts/conversation.ts';
import type { ErrorBody } from '../../../../../contracts/errors.ts';
import type { CallStatus, Place } from '../../../../../contracts/model.ts';
import type { LoggedEvent, RunEvent } from '../../../../../contracts/run.ts';
import { foldToolWork, type ToolWorks } from './tool-work.ts';

export interface AnswerBlock {
  id: string;
  type: 'text' | 'reasoning';
  text: string;
  /** Epoch milliseconds of its start and, once it is whole, of its end. */
  startedAt: number;
  endedAt: number | null;
}

export interface RunState {
  /** The last event that went in. */
  seq: number;
  status: 'waiting' | 'running' | 'complete' | 'stopped' | 'interrupted' | 'failed';
  model: string | null;
  place: Place | null;
  /** Where the call stands before and while it writes. */
  call: CallStatus | null;
  blocks: AnswerBlock[];
  /** What is known of each tool while it works, by its call. */
  tools: ToolWorks;
  warnings: string[];
  receipt: Receipt | null;
  error: ErrorBody | null;
}

export const emptyRun: RunState = {
  seq: 0,
  status: 'waiting',
  model: null,
  place: null,
  call: null,
  blocks: [],
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
  const tools = foldToolWork(state.tools, logged.event);
  return { ...apply({ ...state, tools }, logged.event, logged.at), seq: logged.seq };
}

function apply(state: RunState, event: RunEvent, at: number): RunState {
  switch (event.type) {
    case 'run-start':
      return { ...state, status: 'running', model: event.model, place: event.place };
    case 'run-status':
      return { ...state, status: 'running', call: event.status };
    case 'run-warning':
      return { ...state, warnings: [...state.warnings, event.message] };
    case 'text-start':
      return open(state, 'text', event.id, at);
    case 'reasoning-start':
      return open(state, 'reasoning', event.id, at);
    case 'text-delta':
      return append(state, 'text', event.id, event.delta, at);
    case 'reasoning-delta':
      return append(state, 'reasoning', event.id, event.delta, at);
    case 'text-end':
      return close(state, 'text', event.id, at);
    case 'reasoning-end':
      return close(state, 'reasoning', event.id, at);
    case 'run-finish':
      return {
        ...state,
        status: event.status,
        call: null,
        blocks: state.blocks.map((block) => (block.endedAt === null ? { ...block, endedAt: at } : block)),
        receipt: event.receipt,
        error: event.error,
      };
    default:
      return state;
  }
}

function indexOf(state: RunState, type: AnswerBlock['type'], id: string): number {
  return state.blocks.findLastIndex((block) => block.type === type && block.id === id);
}

function open(state: RunState, type: AnswerBlock['type'], id: string, at: number): RunState {
  return { ...state, blocks: [...state.blocks, { id, type, text: '', startedAt: at, endedAt: null }] };
}

function append(state: RunState, type: AnswerBlock['type'], id: string, delta: string, at: number): RunState {
  const index = indexOf(state, type, id);
  if (index === -1) return append(open(state, type, id, at), type, id, delta, at);
  const blocks = [...state.blocks];
  const block = blocks[index];
  if (block) blocks[index] = { ...block, text: block.text + delta };
  return { ...state, blocks };
}

function close(state: RunState, type: AnswerBlock['type'], id: string, at: number): RunState {
  const index = indexOf(state, type, id);
  if (index === -1) return state;
  const blocks = [...state.blocks];
  const block = blocks[index];
  if (block) blocks[index] = { ...block, endedAt: at };
  return { ...state, blocks };
}

/** The answer as a stored message holds it. */
export function partsOf(state: RunState): MessagePart[] {
  return state.blocks
    .filter((block) => block.text !== '')
    .map((block) => ({ type: block.type, text: block.text }));
}

/** All that was written so far, without the reasoning. */
export function textOf(parts: readonly MessagePart[]): string {
  return parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('');
}
