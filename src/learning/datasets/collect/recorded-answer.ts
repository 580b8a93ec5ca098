// What the ledger keeps of a model's call as the turns of an example. Earlier answers of the conversation are read and not
// learned: only the one that was judged is wanted.
import type { ExampleMessage } from '../../../contracts/dataset.ts';
import type { Problem } from '../example-body.ts';

export interface RecordedAnswer {
  /** What was asked, up to and with the person's last turn. */
  messages: ExampleMessage[];
  answer: string;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const problem = (code: string, message: string): Problem => ({ code, message });

const textTypes = new Set(['text', 'input_text', 'output_text']);
/** What a model thought is no part of its answer. */
const unsaid = new Set(['reasoning', 'thinking', 'redacted_thinking']);
const toolTypes = /tool|function/;

function textOf(content: unknown): string | Problem {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return problem('wrong_shape', 'a message of the call has no text');
  const texts: string[] = [];
  for (const part of content) {
    if (typeof part === 'string') texts.push(part);
    else if (!isObject(part) || typeof part.type !== 'string')
      return problem('wrong_shape', 'a message of the call has a part that is no text');
    else if (textTypes.has(part.type) && typeof part.text === 'string') texts.push(part.text);
    else if (unsaid.has(part.type)) continue;
    else if (toolTypes.test(part.type))
      return problem('tools', 'the call used tools, which are not trained yet');
    else
      return problem(
        'not_text',
        `a message of the call has a part of the type ${part.type}; only text is trained`,
      );
  }
  return texts.join('');
}

const roles: Record<string, ExampleMessage['role']> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};

/** @param input JSON of the messages as they were sent. @param output JSON of what came back */
export function recordedAnswer(input: string | null, output: string | null): RecordedAnswer | Problem {
  if (input === null || output === null)
    return problem(
      'no_content',
      'the ledger kept no content of the call; it does where the settings say that content is kept',
    );
  const sent = JSON.parse(input) as unknown;
  if (!Array.isArray(sent)) return problem('wrong_shape', 'the call was no conversation');
  const messages: ExampleMessage[] = [];
  for (const message of sent) {
    if (!isObject(message)) return problem('wrong_shape', 'the call was no conversation');
    if (message.role === 'tool' || message.role === 'function')
      return problem('tools', 'the call used tools, which are not trained yet');
    const role =
      typeof message.role === 'string' && Object.hasOwn(roles, message.role)
        ? roles[message.role]
        : undefined;
    if (role === undefined)
      return problem('wrong_role', `a message of the call has the role ${String(message.role)}`);
    const content = textOf(message.content);
    if (typeof content !== 'string') return content;
    // An empty turn says nothing, such as an answer that was stopped before its first word.
    if (content.trim() !== '')
      messages.push({ role, content, ...(role === 'assistant' ? { weight: 0 as const } : {}) });
  }
  if (messages.at(-1)?.role !== 'user')
    return problem('wrong_role', 'the call did not end with a turn of the person');
  const answer = textOf(JSON.parse(output) as unknown);
  if (typeof answer !== 'string') return answer;
  if (answer.trim() === '') return problem('empty', 'the answer is empty');
  return { messages, answer };
}
