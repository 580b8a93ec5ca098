// Neighbouring texts of an answer as one, so that a paragraph that came in two blocks is drawn as one.
import type { MessagePart } from '../../../../../contracts/conversation.ts';

export function joinParts(parts: readonly MessagePart[]): MessagePart[] {
  const joined: MessagePart[] = [];
  for (const part of parts) {
    const before = joined.at(-1);
    if (part.type === 'text' && before?.type === 'text')
      joined[joined.length - 1] = { type: 'text', text: before.text + part.text };
    else if (part.type === 'reasoning' && before?.type === 'reasoning')
      joined[joined.length - 1] = { type: 'reasoning', text: `${before.text}\n\n${part.text}` };
    else joined.push(part);
  }
  return joined;
}
