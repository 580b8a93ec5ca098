// A branch of a conversation as a question to its documents. Files are handed on as what they are, not as words that the
// person said: a search for all of a file's text would find anything.
import type { GroundedQuestion } from '../../agent/answer-from-knowledge.ts';
import {
  type Conversation,
  type Message,
  type MessagePart,
  writtenText,
} from '../../contracts/conversation.ts';
import type { Place } from '../../contracts/model.ts';
import { buildPrompt } from './build-prompt.ts';

type Turn = Pick<Message, 'role' | 'parts' | 'status'>;

/** `path`: from the root to the message that is asked. */
export function groundedQuestion(
  path: readonly Turn[],
  { system, knowledge, parameters }: Pick<Conversation, 'system' | 'knowledge' | 'parameters'>,
  model: string,
  place: Place['kind'],
  readAnyway = false,
): GroundedQuestion {
  const before = path.slice(0, -1);
  const asked = path.at(-1);
  return {
    question: questionOf(asked),
    history: buildPrompt(
      '',
      before.map((turn) => ({ ...turn, parts: turn.parts.map(named) })),
      place,
    ),
    files: path.flatMap((turn) =>
      turn.parts.flatMap((part) =>
        part.type === 'file' ? [{ name: part.name, text: part.text, earlier: turn !== asked }] : [],
      ),
    ),
    system,
    collectionIds: knowledge,
    model,
    parameters,
    ...(readAnyway ? { readAnyway } : {}),
  };
}

const named = (part: MessagePart): MessagePart =>
  part.type === 'file' ? { type: 'text', text: `(${part.name})` } : part;

export const questionOf = (message: Pick<Message, 'parts'> | undefined): string =>
  (message?.parts ?? [])
    .filter((part) => part.type === 'text')
    .map(writtenText)
    .join('\n\n')
    .trim();
