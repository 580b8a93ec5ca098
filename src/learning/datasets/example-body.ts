// An example's content: one spelling of it, so that the same content has the same hash, and what must be true of it.
import { createHash } from 'node:crypto';
import type { ExampleBody, ExampleMessage, Split } from '../../contracts/dataset.ts';
import { splits } from '../../contracts/dataset.ts';
import { foldText } from '../../lib/fold-text.ts';

/** Of all its texts together, in UTF-16 units. */
export const MAX_EXAMPLE_LENGTH = 1_000_000;
const MAX_LABEL_LENGTH = 200;
const MAX_MESSAGES = 1000;

export interface Problem {
  /** A stable word, as in an ImportFault. */
  code: string;
  message: string;
}

export interface Field {
  /** messages.0, chosen, text, ... */
  name: string;
  text: string;
}

/** Every text of it that a person may have written in, in order. */
export function fieldsOf(body: ExampleBody): Field[] {
  const messages = (of: readonly ExampleMessage[]) =>
    of.map(({ content }, index) => ({ name: `messages.${index}`, text: content }));
  switch (body.kind) {
    case 'chat':
      return messages(body.messages);
    case 'preference':
      return [
        ...messages(body.messages),
        { name: 'chosen', text: body.chosen },
        { name: 'rejected', text: body.rejected },
      ];
    case 'labels':
      return [
        { name: 'text', text: body.text },
        { name: 'label', text: body.label },
      ];
  }
}

/** The same example with other texts. */
export function withFields(body: ExampleBody, change: (field: Field) => string): ExampleBody {
  const messages = (of: readonly ExampleMessage[]) =>
    of.map((message, index) => ({
      ...message,
      content: change({ name: `messages.${index}`, text: message.content }),
    }));
  switch (body.kind) {
    case 'chat':
      return { ...body, messages: messages(body.messages) };
    case 'preference':
      return {
        ...body,
        messages: messages(body.messages),
        chosen: change({ name: 'chosen', text: body.chosen }),
        rejected: change({ name: 'rejected', text: body.rejected }),
      };
    case 'labels':
      return {
        ...body,
        text: change({ name: 'text', text: body.text }),
        label: change({ name: 'label', text: body.label }),
      };
  }
}

/** Keys in one order; a weight is there only where it says that a turn is not learned. */
export function canonical(body: ExampleBody): ExampleBody {
  const message = ({ role, content, weight }: ExampleMessage): ExampleMessage =>
    role === 'assistant' && weight === 0 ? { role, content, weight } : { role, content };
  switch (body.kind) {
    case 'chat':
      return { kind: 'chat', messages: body.messages.map(message) };
    case 'preference':
      return {
        kind: 'preference',
        messages: body.messages.map(({ role, content }) => ({ role, content })),
        chosen: body.chosen,
        rejected: body.rejected,
      };
    case 'labels':
      return { kind: 'labels', text: body.text, label: body.label };
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const hashOf = (body: ExampleBody): string => sha256(JSON.stringify(canonical(body)));

/** What is asked: all that the person says in it, or the text to be labelled. */
export function questionOf(body: ExampleBody): string {
  if (body.kind === 'labels') return body.text;
  return body.messages.flatMap(({ role, content }) => (role === 'user' ? [content] : [])).join('\n\n');
}

/** Soft hyphens and blanks without width: a text that was copied from a page has them, and nobody sees them. */
const unseen = /[\u00ad\u200b\u2060\ufeff]/g;

/** Of letters and digits alone, small and without accents, so that another comma makes no other question. */
export function questionHashOf(body: ExampleBody): string {
  const question = questionOf(body);
  const words = foldText(question)
    .replace(unseen, '')
    .match(/[\p{L}\p{N}\p{M}]+/gu);
  // A question of signs alone ("?", "+") is itself.
  return sha256(words === null ? question.trim() : words.join(' '));
}

/** The first 48 bits of the question's hash as a fraction, laid against the shares: nothing else decides. */
export function splitOf(questionHash: string, shares: Readonly<Record<Split, number>>): Split {
  const at = Number.parseInt(questionHash.slice(0, 12), 16) / 2 ** 48;
  let upTo = 0;
  for (const split of splits) {
    upTo += shares[split];
    if (at < upTo) return split;
  }
  // Shares may add up to a hair less than one.
  return splits.findLast((split) => shares[split] > 0) ?? 'train';
}

/** For a search in the texts. */
export function wordsOf(body: ExampleBody): string {
  return foldText(
    fieldsOf(body)
      .map(({ text }) => text)
      .join('\n'),
  );
}

function problemOfTurns(messages: readonly ExampleMessage[]): Problem | null {
  if (messages.length > MAX_MESSAGES)
    return {
      code: 'too_long',
      message: `it has ${messages.length} messages and may have ${MAX_MESSAGES}`,
    };
  const firstOther = messages.find(({ role }) => role !== 'system');
  if (firstOther?.role === 'assistant')
    return {
      code: 'wrong_role',
      message: 'an assistant turn stands before the first user turn; begin with the user',
    };
  const late = messages.findIndex(
    ({ role }, index) => role === 'system' && messages.slice(0, index).some((one) => one.role !== 'system'),
  );
  if (late >= 0)
    return {
      code: 'wrong_role',
      message: `message ${late + 1} is a system message; it may stand only at the beginning`,
    };
  return null;
}

/** Why training could not use it; null when it can. */
export function problemOf(body: ExampleBody): Problem | null {
  const fields = fieldsOf(body);
  const length = fields.reduce((sum, { text }) => sum + text.length, 0);
  if (length > MAX_EXAMPLE_LENGTH)
    return {
      code: 'too_long',
      message: `it is ${length} characters long and may be ${MAX_EXAMPLE_LENGTH}`,
    };
  const bent = fields.find(({ text }) => !text.isWellFormed() || text.includes('\u0000'));
  if (bent !== undefined)
    return {
      code: 'wrong_encoding',
      message: `${bent.name} holds a NUL or half of a surrogate pair, which is no text`,
    };
  const empty = fields.find(({ text }) => text.trim() === '');
  if (empty !== undefined) return { code: 'empty', message: `${empty.name} is empty` };
  if (body.kind === 'labels') {
    const { label } = body;
    if (label.length > MAX_LABEL_LENGTH)
      return {
        code: 'too_long',
        message: `its label is ${label.length} characters long and may be ${MAX_LABEL_LENGTH}`,
      };
    return null;
  }
  const turns = problemOfTurns(body.messages);
  if (turns !== null) return turns;
  const last = body.messages.at(-1);
  if (body.kind === 'preference') {
    if (last?.role !== 'user')
      return { code: 'wrong_role', message: 'the last message before the two answers must be the user’s' };
    return body.chosen === body.rejected
      ? { code: 'same_answers', message: 'the better and the worse answer are the same' }
      : null;
  }
  if (!body.messages.some(({ role }) => role === 'assistant'))
    return { code: 'no_answer', message: 'it has no assistant turn, so there is nothing to learn' };
  if (last?.role !== 'assistant')
    return {
      code: 'no_answer',
      message: `it ends with the turn of ${last?.role ?? 'nobody'}; the last one must be the assistant’s`,
    };
  if (body.messages.every(({ role, weight }) => role !== 'assistant' || weight === 0))
    return { code: 'no_answer', message: 'every assistant turn has the weight 0, so nothing is learned' };
  return null;
}
