// The shapes in which a line of JSON says an example: OpenAI's chats and preferences, ShareGPT, Alpaca, a prompt with its
// completion or with two answers, text and label.
import type { ExampleBody, ExampleMessage } from '../../../contracts/dataset.ts';
import type { FileShape } from '../datasets.ts';
import type { Problem } from '../example-body.ts';

/** `trimmed`: its label had blanks at its ends, which were taken off. */
export type Read = { body: ExampleBody; trimmed?: boolean } | Problem;
type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const problem = (code: string, message: string): Problem => ({ code, message });
const isProblem = (value: unknown): value is Problem =>
  isObject(value) && 'code' in value && 'message' in value;

const noTools = (what: string): Problem =>
  problem('tools', `it has ${what}; tool calls are not trained yet, so leave such examples out`);

/** A text, or a list of parts of text. */
function textOf(content: unknown, where: string): string | Problem {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return problem('empty', `${where} has no content`);
  if (!Array.isArray(content))
    return problem('wrong_shape', `the content of ${where} is neither a text nor a list of parts`);
  const parts: string[] = [];
  for (const part of content) {
    if (typeof part === 'string') parts.push(part);
    else if (isObject(part) && part.type === 'text' && typeof part.text === 'string') parts.push(part.text);
    else
      return problem(
        'not_text',
        `${where} has a part of the type ${isObject(part) ? String(part.type) : typeof part}; only text is trained`,
      );
  }
  return parts.join('');
}

const openAiRoles: Record<string, ExampleMessage['role']> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};

function openAiMessages(value: unknown, name: string): ExampleMessage[] | Problem {
  if (!Array.isArray(value)) return problem('wrong_shape', `${name} is not a list`);
  const messages: ExampleMessage[] = [];
  for (const [index, message] of value.entries()) {
    const where = `message ${index + 1}`;
    if (!isObject(message)) return problem('wrong_shape', `${where} is not an object`);
    if (message.tool_calls != null || message.function_call != null)
      return noTools(`a tool call in ${where}`);
    if (message.role === 'tool' || message.role === 'function')
      return noTools(`a message of the role ${message.role}`);
    const role =
      typeof message.role === 'string' && Object.hasOwn(openAiRoles, message.role)
        ? openAiRoles[message.role]
        : undefined;
    if (role === undefined)
      return problem(
        'wrong_role',
        `${where} has the role ${JSON.stringify(message.role) ?? 'none'}; there are system, user and assistant`,
      );
    const content = textOf(message.content, where);
    if (typeof content !== 'string') return content;
    const { weight } = message;
    if (weight !== undefined && weight !== null && weight !== 0 && weight !== 1)
      return problem('wrong_shape', `${where} has the weight ${JSON.stringify(weight)}; it is 0 or 1`);
    messages.push({ role, content, ...(weight === 0 && role === 'assistant' ? { weight } : {}) });
  }
  return messages;
}

const hasTools = (value: Json): boolean =>
  [value.tools, value.functions].some((list) => Array.isArray(list) && list.length > 0);

function openAi(value: Json): Read {
  if (hasTools(value)) return noTools('tools');
  const messages = openAiMessages(value.messages, 'messages');
  return isProblem(messages) ? messages : { body: { kind: 'chat', messages } };
}

/** OpenAI wants a list of one assistant message; a text is the same. */
function preferred(value: unknown, name: string): string | Problem {
  if (typeof value === 'string') return value;
  const messages = openAiMessages(value, name);
  if (isProblem(messages)) return messages;
  const [message] = messages;
  if (messages.length !== 1 || message?.role !== 'assistant')
    return problem('wrong_role', `${name} is not one message of the assistant`);
  return message.content;
}

function openAiPreference(value: Json): Read {
  if (!isObject(value.input)) return problem('wrong_shape', 'input is not an object with messages');
  if (hasTools(value.input)) return noTools('tools');
  const messages = openAiMessages(value.input.messages, 'input.messages');
  if (isProblem(messages)) return messages;
  const chosen = preferred(value.preferred_output, 'preferred_output');
  if (typeof chosen !== 'string') return chosen;
  const rejected = preferred(value.non_preferred_output, 'non_preferred_output');
  if (typeof rejected !== 'string') return rejected;
  return {
    body: {
      kind: 'preference',
      messages: messages.map(({ role, content }) => ({ role, content })),
      chosen,
      rejected,
    },
  };
}

const shareGptRoles: Record<string, ExampleMessage['role']> = {
  system: 'system',
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
};

function shareGpt(value: Json): Read {
  if (!Array.isArray(value.conversations)) return problem('wrong_shape', 'conversations is not a list');
  const messages: ExampleMessage[] = [];
  if (typeof value.system === 'string' && value.system.trim() !== '')
    messages.push({ role: 'system', content: value.system });
  for (const [index, turn] of value.conversations.entries()) {
    const where = `turn ${index + 1}`;
    if (!isObject(turn)) return problem('wrong_shape', `${where} is not an object`);
    const from = String(turn.from ?? turn.role ?? 'none');
    if (/^(function|tool|observation)/.test(from)) return noTools(`a turn from ${from}`);
    const role = Object.hasOwn(shareGptRoles, from) ? shareGptRoles[from] : undefined;
    if (role === undefined)
      return problem(
        'wrong_role',
        `${where} is from ${JSON.stringify(from)}; there are system, human and gpt`,
      );
    const content = textOf(turn.value ?? turn.content, where);
    if (typeof content !== 'string') return content;
    messages.push({ role, content });
  }
  return { body: { kind: 'chat', messages } };
}

function alpaca(value: Json): Read {
  const { instruction, input, output, system } = value;
  if (typeof instruction !== 'string') return problem('wrong_shape', 'instruction is not a text');
  if (typeof output !== 'string') return problem('wrong_shape', 'output is not a text');
  if (input !== undefined && input !== null && typeof input !== 'string')
    return problem('wrong_shape', 'input is not a text');
  const more = (input ?? '').trim() === '' ? '' : `\n\n${input}`;
  return {
    body: {
      kind: 'chat',
      messages: [
        ...(typeof system === 'string' && system.trim() !== ''
          ? [{ role: 'system' as const, content: system }]
          : []),
        { role: 'user', content: instruction + more },
        { role: 'assistant', content: output },
      ],
    },
  };
}

/** A text is what the person says; a list is the turns up to it. */
function prompted(value: unknown): ExampleMessage[] | Problem {
  if (typeof value === 'string') return [{ role: 'user', content: value }];
  return openAiMessages(value, 'prompt');
}

function promptCompletion(value: Json): Read {
  const messages = prompted(value.prompt);
  if (isProblem(messages)) return messages;
  const completion = preferred(value.completion, 'completion');
  if (typeof completion !== 'string') return completion;
  return { body: { kind: 'chat', messages: [...messages, { role: 'assistant', content: completion }] } };
}

/** Of an answer that says the whole conversation again, what stands behind the prompt. */
function behind(prompt: readonly ExampleMessage[], answer: unknown): unknown {
  if (!Array.isArray(answer) || answer.length <= prompt.length) return answer;
  const said = openAiMessages(answer.slice(0, prompt.length), 'prompt');
  const same =
    !isProblem(said) &&
    said.every(({ role, content }, at) => role === prompt[at]?.role && content === prompt[at].content);
  return same ? answer.slice(prompt.length) : answer;
}

function promptPreference(value: Json): Read {
  const messages = prompted(value.prompt);
  if (isProblem(messages)) return messages;
  const chosen = preferred(behind(messages, value.chosen), 'chosen');
  if (typeof chosen !== 'string') return chosen;
  const rejected = preferred(behind(messages, value.rejected), 'rejected');
  if (typeof rejected !== 'string') return rejected;
  const turns = messages.map(({ role, content }) => ({ role, content }));
  return { body: { kind: 'preference', messages: turns, chosen, rejected } };
}

function labels(value: Json): Read {
  if (typeof value.text !== 'string') return problem('wrong_shape', 'text is not a text');
  const { label } = value;
  if (typeof label !== 'string' && typeof label !== 'number' && typeof label !== 'boolean')
    return problem('wrong_shape', 'label is not a text');
  return { body: { kind: 'labels', text: value.text, label: String(label) } };
}

export type JsonShape = Exclude<FileShape, 'csv'>;

export const jsonShapes: Record<JsonShape, { is(value: Json): boolean; read(value: Json): Read }> = {
  openai: { is: (value) => 'messages' in value, read: openAi },
  'openai-preference': {
    is: (value) => isObject(value.input) && ('preferred_output' in value || 'non_preferred_output' in value),
    read: openAiPreference,
  },
  sharegpt: { is: (value) => 'conversations' in value, read: shareGpt },
  alpaca: { is: (value) => 'instruction' in value && 'output' in value, read: alpaca },
  'prompt-completion': { is: (value) => 'prompt' in value && 'completion' in value, read: promptCompletion },
  'prompt-preference': {
    is: (value) => 'prompt' in value && 'chosen' in value && 'rejected' in value,
    read: promptPreference,
  },
  labels: { is: (value) => 'text' in value && 'label' in value, read: labels },
};

/** @param first shapes that go before others, where a line has the fields of several */
export function recogniseJson(value: unknown, first: readonly FileShape[]): JsonShape | null {
  if (!isObject(value)) return null;
  const all = Object.keys(jsonShapes) as JsonShape[];
  const names = [...all.filter((name) => first.includes(name)), ...all];
  return names.find((name) => jsonShapes[name].is(value)) ?? null;
}
