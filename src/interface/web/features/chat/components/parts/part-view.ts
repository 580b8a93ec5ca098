// What the drawing of a part of an answer is given: the part, and the answer that it belongs to.
import type { ComponentType } from 'react';
import type { Message, MessagePart } from '../../../../../../contracts/conversation.ts';
import type { WatchedRun } from '../../lib/run-store.ts';

export type PartType = MessagePart['type'];
export type PartOf<T extends PartType> = Extract<MessagePart, { type: T }>;

/** The answer as a whole, the same object for all of its parts. */
export interface AnswerView {
  message: Message;
  status: Message['status'];
  /** More may come. */
  writing: boolean;
  /** All that was written so far, without the reasoning. */
  text: string;
  /** The run while it is watched; null for an answer that was read back. */
  run: WatchedRun | null;
  /** Asks again and has what was found read all the same; null while another answer is written. */
  onReadAnyway: (() => void) | null;
}

export interface PartProps<T extends PartType> {
  part: PartOf<T>;
  answer: AnswerView;
  /** Nothing stands after it so far. */
  last: boolean;
}

export interface PartView<T extends PartType> {
  /** In reading order. */
  Body: ComponentType<PartProps<T>>;
  /** Under the whole answer. */
  Foot?: ComponentType<PartProps<T>>;
}
