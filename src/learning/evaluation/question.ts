// An example as it is asked: what is sent, what is wanted, and what a kept prompt's variables are filled with.
import type { ExampleMessage } from '../../contracts/dataset.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { PromptMessage } from '../../contracts/prompt.ts';
import type { FrozenExample } from '../datasets/datasets.ts';

export interface Question {
  exampleId: string;
  kind: FrozenExample['body']['kind'];
  /** The person's last text, or the text that has a label. */
  text: string;
  system: string | null;
  /** What is sent without a prompt. */
  messages: PromptMessage[];
  /** The wanted answer: the last turn, the label, the better one of two. */
  expected: string;
  /** The worse one of two. */
  rejected: string | null;
}

const toText = ({ role, content }: ExampleMessage): PromptMessage => ({ role, text: content });

/** @throws AtelierError invalid_request for a conversation that does not end with the wanted answer */
export function questionOf({ id, body }: FrozenExample): Question {
  if (body.kind === 'labels')
    return {
      exampleId: id,
      kind: body.kind,
      text: body.text,
      system: null,
      messages: [{ role: 'user', text: body.text }],
      expected: body.label,
      rejected: null,
    };
  const [wanted] = body.kind === 'chat' ? body.messages.slice(-1) : [];
  const asked = body.kind === 'chat' ? body.messages.slice(0, -1) : body.messages;
  if (asked.length === 0 || (body.kind === 'chat' && wanted?.role !== 'assistant'))
    throw new AtelierError(
      'invalid_request',
      `The example ${id} cannot be asked: it needs a question, and the wanted answer of the assistant at its end.`,
      { data: { exampleId: id } },
    );
  return {
    exampleId: id,
    kind: body.kind,
    text: asked.findLast(({ role }) => role === 'user')?.content ?? '',
    system: asked.find(({ role }) => role === 'system')?.content ?? null,
    messages: asked.map(toText),
    expected: body.kind === 'chat' ? (wanted?.content ?? '') : body.chosen,
    rejected: body.kind === 'chat' ? null : body.rejected,
  };
}

const QUESTION_NAMES = ['input', 'question', 'text'];
const SYSTEM_NAME = 'system';

/** Of a prompt's variables those that no example could fill. */
export function unknownVariables(names: readonly string[]): string[] {
  if (names.length === 1) return [];
  return names.filter((name) => name !== SYSTEM_NAME && !QUESTION_NAMES.includes(name));
}

export function variablesFor(names: readonly string[], { text, system }: Question): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      name === SYSTEM_NAME && system !== null ? system : filledWith(name, names, text),
    ]),
  );
}

/** A prompt without a place for the system message is filled with nothing there, and not with the question. */
const filledWith = (name: string, names: readonly string[], text: string): string =>
  name === SYSTEM_NAME && names.length > 1 ? '' : text;
