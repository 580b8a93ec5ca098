// Ollama's messages as the contract's prompt. Its calls of tools have no ids: a result belongs to the first call of that
// name which has none yet.
import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
} from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import type { OllamaMessage } from './schema.ts';

interface OpenCall {
  id: string;
  name: string;
}

/** How the bytes of an image begin, in base64. */
const kinds = [
  ['iVBOR', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lG', 'image/gif'],
  ['UklG', 'image/webp'],
] as const;

export function imageParts(images: readonly string[] | null | undefined): LanguageModelV4FilePart[] {
  return (images ?? []).map((given) => {
    const data = given.replace(/^data:[^,]*,/, '');
    const mediaType = kinds.find(([start]) => data.startsWith(start))?.[1] ?? 'image/*';
    return { type: 'file', mediaType, data: { type: 'data', data } };
  });
}

function parsedArguments(given: Record<string, unknown> | string | null | undefined): unknown {
  if (typeof given !== 'string') return given ?? {};
  try {
    return JSON.parse(given) as unknown;
  } catch {
    // What a model wrote badly is shown to it again as it was.
    return given;
  }
}

function takeCall(
  open: OpenCall[],
  { tool_call_id: id, tool_name: name }: OllamaMessage,
  at: string,
): OpenCall {
  const found =
    open.find((call) => id && call.id === id) ?? open.find((call) => !name || call.name === name) ?? null;
  if (found === null) {
    const what = name
      ? `no call of ${JSON.stringify(name)} without a result stands`
      : 'no call of a tool stands';
    throw new AtelierError('invalid_request', `${at}: ${what} before this result.`, { data: { param: at } });
  }
  open.splice(open.indexOf(found), 1);
  return found;
}

/** @throws AtelierError invalid_request whose `data.param` names the message */
export function toPrompt(messages: readonly OllamaMessage[]): LanguageModelV4Prompt {
  const prompt: LanguageModelV4Prompt = [];
  const open: OpenCall[] = [];
  for (const [index, message] of messages.entries()) {
    const content = message.content ?? '';
    switch (message.role) {
      case 'system':
        prompt.push({ role: 'system', content });
        break;
      case 'user':
        prompt.push({
          role: 'user',
          content: [{ type: 'text', text: content }, ...imageParts(message.images)],
        });
        break;
      case 'assistant':
        prompt.push(assistant(message, index, open));
        break;
      case 'tool': {
        const { id, name } = takeCall(open, message, `messages[${index}]`);
        const result = {
          type: 'tool-result' as const,
          toolCallId: id,
          toolName: name,
          output: { type: 'text' as const, value: content },
        };
        const last = prompt.at(-1);
        if (last?.role === 'tool') last.content.push(result);
        else prompt.push({ role: 'tool', content: [result] });
      }
    }
  }
  return prompt;
}

function assistant(message: OllamaMessage, index: number, open: OpenCall[]): LanguageModelV4Message {
  const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: given } }, place) => {
    const toolCallId = id || `call_${index}_${place}`;
    open.push({ id: toolCallId, name });
    return { type: 'tool-call' as const, toolCallId, toolName: name, input: parsedArguments(given) };
  });
  return {
    role: 'assistant',
    content: [
      ...(message.thinking ? [{ type: 'reasoning' as const, text: message.thinking }] : []),
      ...(message.content ? [{ type: 'text' as const, text: message.content }] : []),
      ...calls,
    ],
  };
}
