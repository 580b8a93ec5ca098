// What the parts of an agent's answer say about the answer as a whole.
import type { MessagePart } from '../../../../../contracts/conversation.ts';

/** A step waits for the person: nothing else is under way. */
export function isAsking(parts: readonly MessagePart[]): boolean {
  return parts.some(
    (part) => part.type === 'tool' && part.result === null && part.approval?.decision === null,
  );
}

/** A tool that changes something ran to its end, so there may be files. */
export function mayHaveFiles(parts: readonly MessagePart[]): boolean {
  return parts.some((part) => part.type === 'tool' && part.effect !== 'read' && part.result !== null);
}
