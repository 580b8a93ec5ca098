// LangChain's messages on the wire, plain dicts with a `type`, from and to what agents take and give.
import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4TextPart,
} from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Usage } from '../../../contracts/money.ts';

type Dict = Record<string, unknown>;
const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Role = LanguageModelV4Message['role'];
const roles: Record<string, Role> = {
  human: 'user',
  user: 'user',
  HumanMessage: 'user',
  HumanMessageChunk: 'user',
  ai: 'assistant',
  assistant: 'assistant',
  AIMessage: 'assistant',
  AIMessageChunk: 'assistant',
  system: 'system',
  developer: 'system',
  SystemMessage: 'system',
  SystemMessageChunk: 'system',
  tool: 'tool',
  ToolMessage: 'tool',
  ToolMessageChunk: 'tool',
};

function roleOf(dict: Dict): Role | null {
  for (const name of [dict.type, dict.role])
    if (typeof name === 'string' && Object.hasOwn(roles, name)) return roles[name] ?? null;
  return null;
}

/** Also `["human", "hi"]`, `{type, data}` and the constructor form that LangChain saves. */
function unwrap(value: unknown): Dict | null {
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'string')
    return { role: value[0], content: value[1] };
  if (!isDict(value)) return null;
  if (value.lc !== undefined && isDict(value.kwargs) && Array.isArray(value.id))
    return { type: value.id.at(-1), ...value.kwargs };
  if (isDict(value.data) && value.content === undefined) return { type: value.type, ...value.data };
  return value;
}

export function isMessage(value: unknown): boolean {
  const dict = unwrap(value);
  return dict !== null && roleOf(dict) !== null && 'content' in dict;
}

const fault = (path: string, message: string) =>
  new AtelierError('invalid_request', `${path}: ${message}`, { data: { faults: [{ path, message }] } });

function imagePart(url: string, path: string): LanguageModelV4FilePart {
  const data = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  if (data?.[1] !== undefined && data[2] !== undefined)
    return { type: 'file', mediaType: data[1], data: { type: 'data', data: data[2] } };
  if (!/^https?:/i.test(url) || !URL.canParse(url))
    throw fault(path, 'an image is a data: address in base64 or an http(s): address');
  return { type: 'file', mediaType: 'image/*', data: { type: 'url', url: new URL(url) } };
}

function partsOf(content: unknown, path: string): (LanguageModelV4TextPart | LanguageModelV4FilePart)[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw fault(path, 'the content of a message is a text or a list of blocks');
  return content.map((block: unknown, index) => {
    if (typeof block === 'string') return { type: 'text', text: block };
    if (isDict(block) && typeof block.text === 'string') return { type: 'text', text: block.text };
    if (isDict(block) && block.type === 'image_url') {
      const url = isDict(block.image_url) ? block.image_url.url : block.image_url;
      return imagePart(String(url), `${path}.${index}`);
    }
    throw fault(`${path}.${index}`, 'a block of the kind text or image_url was expected');
  });
}

const textOf = (content: unknown, path: string) =>
  partsOf(content, path)
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('');

function toMessage(value: unknown, path: string, toolNames: Map<string, string>): LanguageModelV4Message {
  const dict = unwrap(value);
  const role = dict === null ? null : roleOf(dict);
  if (dict === null || role === null)
    throw fault(path, 'a message with `type` human, ai, system or tool was expected');
  const at = `${path}.content`;
  switch (role) {
    case 'system':
      return { role, content: textOf(dict.content, at) };
    case 'user':
      return { role, content: partsOf(dict.content, at) };
    case 'assistant': {
      const text = textOf(dict.content ?? '', at);
      const calls = (Array.isArray(dict.tool_calls) ? dict.tool_calls : []).filter(isDict).map((call) => {
        const toolCallId = String(call.id ?? '');
        const toolName = String(call.name ?? '');
        toolNames.set(toolCallId, toolName);
        return { type: 'tool-call' as const, toolCallId, toolName, input: call.args ?? {} };
      });
      return {
        role,
        content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...calls],
      };
    }
    case 'tool': {
      const toolCallId = String(dict.tool_call_id ?? '');
      const toolName =
        toolNames.get(toolCallId) ?? (typeof dict.name === 'string' && dict.name !== '' ? dict.name : 'tool');
      const output = { type: 'text' as const, value: textOf(dict.content, at) };
      return { role, content: [{ type: 'tool-result', toolCallId, toolName, output }] };
    }
  }
}

export function toPrompt(messages: readonly unknown[], path: string): LanguageModelV4Message[] {
  const toolNames = new Map<string, string>();
  return messages.map((message, index) => toMessage(message, `${path}.${index}`, toolNames));
}

/** What an agent takes: a text, `{input}`, `{messages}`, a list of messages, or one. */
export function agentInput(value: unknown, path = 'input'): string | LanguageModelV4Message[] {
  if (typeof value === 'string') return value;
  if (isMessage(value)) return toPrompt([value], path);
  if (Array.isArray(value)) return toPrompt(value, path);
  if (isDict(value)) {
    if ('messages' in value) {
      const { messages } = value;
      return toPrompt(
        Array.isArray(messages) && !isMessage(messages) ? messages : [messages],
        `${path}.messages`,
      );
    }
    if ('input' in value) return agentInput(value.input, `${path}.input`);
  }
  throw fault(path, 'a text, {"input": ...}, {"messages": [...]} or a list of messages was expected');
}

/** The text of the last human message; null when these are no messages. */
export function lastHumanText(value: unknown): string | null {
  const messages = isDict(value) && 'messages' in value ? value.messages : isMessage(value) ? [value] : value;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) return null;
  const last = toPrompt(messages, 'input').findLast((message) => message.role === 'user');
  return last?.role === 'user'
    ? last.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
    : null;
}

interface About {
  name: string;
  id: string;
  model?: string;
  usage?: Usage;
}

const usageOf = ({ input, output }: Usage) => ({
  input_tokens: input,
  output_tokens: output,
  total_tokens: input + output,
});

export function aiMessage(content: string, { name, id, model, usage }: About) {
  return {
    content,
    additional_kwargs: {},
    response_metadata: model ? { model_name: model } : {},
    type: 'ai',
    name,
    id,
    example: false,
    tool_calls: [],
    invalid_tool_calls: [],
    usage_metadata: usage ? usageOf(usage) : null,
  };
}

export function aiMessageChunk(content: string, about: About, isLast = false) {
  return {
    ...aiMessage(content, about),
    type: 'AIMessageChunk',
    tool_call_chunks: [],
    chunk_position: isLast ? 'last' : null,
  };
}
