// A recorded call as an example: what was asked, what was answered, and how it should have been.
import type { ExampleBody, ExampleMessage } from '../../../contracts/dataset.ts';
import type { Score } from '../../../contracts/score.ts';
import type { Span } from '../../../contracts/span.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The words of a content; null: there is something in it that is no text, such as a tool's call. */
function wordsOf(content: unknown): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const words: string[] = [];
  for (const part of content) {
    if (typeof part === 'string') words.push(part);
    else if (isObject(part) && part.type === 'text' && typeof part.text === 'string') words.push(part.text);
    // Thoughts are no part of the answer.
    else if (!isObject(part) || part.type !== 'reasoning') return null;
  }
  return words.join('\n');
}

const roles = ['system', 'user', 'assistant'] as const;

function messagesOf(input: unknown): ExampleMessage[] | null {
  if (!Array.isArray(input)) return null;
  const messages: ExampleMessage[] = [];
  for (const message of input) {
    if (!isObject(message)) return null;
    const role = roles.find((one) => one === message.role);
    const content = wordsOf(message.content);
    if (role === undefined || content === null || content.trim() === '') return null;
    messages.push({ role, content });
  }
  return messages.at(-1)?.role === 'user' ? messages : null;
}

function answerOf(output: unknown): string | null {
  const content = isObject(output) && 'content' in output ? output.content : output;
  const words = wordsOf(content);
  return words === null || words.trim() === '' ? null : words;
}

export interface SpanExample {
  messages: ExampleMessage[];
  /** What the model wrote. */
  answer: string;
  /** What a person wrote in its place. */
  correction: string | null;
}

/** Null where the span holds no conversation of words that ends with an answer. */
export function exampleOfSpan(
  { input, output }: Pick<Span, 'input' | 'output'>,
  scores: readonly Pick<Score, 'correction'>[],
): SpanExample | null {
  const messages = messagesOf(input);
  const answer = answerOf(output);
  if (messages === null || answer === null) return null;
  const correction = scores.map((score) => score.correction).find((one) => one !== null && one.trim() !== '');
  return { messages, answer, correction: correction ?? null };
}

/** For a dataset of that kind; null: it has no use for it. */
export function bodyOf(
  { messages, answer, correction }: SpanExample,
  kind: ExampleBody['kind'],
): ExampleBody | null {
  if (kind === 'chat')
    return { kind, messages: [...messages, { role: 'assistant', content: correction ?? answer }] };
  if (kind === 'preference' && correction !== null && correction.trim() !== answer.trim())
    return { kind, messages, chosen: correction, rejected: answer };
  return null;
}
