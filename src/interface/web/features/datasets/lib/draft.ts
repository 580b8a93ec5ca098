// An example while it is written: how it begins, and what still keeps it from being one.
import type { DatasetKind, ExampleBody, ExampleMessage } from '../../../../../contracts/dataset.ts';

export function emptyBody(kind: DatasetKind): ExampleBody {
  if (kind === 'labels') return { kind, text: '', label: '' };
  if (kind === 'preference')
    return { kind, messages: [{ role: 'user', content: '' }], chosen: '', rejected: '' };
  return {
    kind,
    messages: [
      { role: 'user', content: '' },
      { role: 'assistant', content: '' },
    ],
  };
}

export type DraftFault =
  | 'empty_message'
  | 'last_assistant'
  | 'last_user'
  | 'empty_answer'
  | 'same_answers'
  | 'empty_text'
  | 'empty_label';

const blank = (text: string): boolean => text.trim() === '';

export function faultOf(body: ExampleBody): DraftFault | null {
  if (body.kind === 'labels')
    return blank(body.text) ? 'empty_text' : blank(body.label) ? 'empty_label' : null;
  if (body.messages.some((message) => blank(message.content))) return 'empty_message';
  const last = body.messages.at(-1)?.role;
  if (body.kind === 'chat') return last === 'assistant' ? null : 'last_assistant';
  if (last !== 'user') return 'last_user';
  if (blank(body.chosen) || blank(body.rejected)) return 'empty_answer';
  return body.chosen.trim() === body.rejected.trim() ? 'same_answers' : null;
}

/** Who would speak next. */
export const nextRole = (messages: readonly ExampleMessage[]): ExampleMessage['role'] =>
  messages.at(-1)?.role === 'user' ? 'assistant' : 'user';
