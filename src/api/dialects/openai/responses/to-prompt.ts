// Items of the Responses wire as the contract's messages: what the assistant thought, said and called stands in one
// message, and what its tools gave in the next.

import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4TextPart,
  LanguageModelV4ToolResultOutput,
} from '@ai-sdk/provider';
import { z } from '@hono/zod-openapi';
import { AtelierError } from '../../../../contracts/errors.ts';
import { imagePart, invalid, parsedArguments } from '../request.ts';
import { unpackReasoning } from './reasoning-text.ts';
import type { Item, StoredItem } from './schema.ts';
import type { ReadTools } from './tools.ts';

type Assistant = Extract<LanguageModelV4Message, { role: 'assistant' }>;
type Tool = Extract<LanguageModelV4Message, { role: 'tool' }>;
type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;

const part = z.record(z.string(), z.unknown());
const schemas = {
  message: z.object({
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content: z.union([z.string(), z.array(part)]),
  }),
  function_call: z.object({
    call_id: z.string().min(1),
    name: z.string().min(1),
    namespace: z.string().nullish(),
    arguments: z.string(),
  }),
  function_call_output: z.object({
    call_id: z.string().min(1),
    output: z.union([z.string(), z.array(part)]),
  }),
  reasoning: z.object({
    summary: z.array(z.object({ text: z.string() })).nullish(),
    content: z.array(z.object({ text: z.string() })).nullish(),
    encrypted_content: z.string().nullish(),
  }),
};

function read<K extends keyof typeof schemas>(kind: K, item: Item, at: string): z.infer<(typeof schemas)[K]> {
  const parsed = schemas[kind].safeParse(item);
  if (parsed.success) return parsed.data as z.infer<(typeof schemas)[K]>;
  const issue = parsed.error.issues[0];
  throw invalid([at, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not valid');
}

function filePart(content: Item, at: string): LanguageModelV4FilePart {
  const { file_data: data, file_url: url, filename } = content;
  const name = typeof filename === 'string' ? { filename } : {};
  if (typeof url === 'string' && URL.canParse(url))
    return { type: 'file', mediaType: 'application/pdf', data: { type: 'url', url: new URL(url) }, ...name };
  const inline = typeof data === 'string' ? /^data:([^;,]+);base64,(.*)$/s.exec(data) : null;
  if (inline?.[1] !== undefined && inline[2] !== undefined)
    return { type: 'file', mediaType: inline[1], data: { type: 'data', data: inline[2] }, ...name };
  throw invalid(
    at,
    'a file is read from file_data (a data: address in base64) or file_url, not from file_id. Send it so.',
  );
}

function userPart(content: Item, at: string): UserPart {
  switch (content.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      if (typeof content.text !== 'string') throw invalid(`${at}.text`, 'expected string');
      return { type: 'text', text: content.text };
    case 'input_image': {
      const { image_url: image } = content;
      const url = typeof image === 'string' ? image : (image as { url?: unknown } | undefined)?.url;
      if (typeof url !== 'string')
        throw invalid(`${at}.image_url`, 'an image is read from image_url, not from file_id. Send it so.');
      return imagePart(url, `${at}.image_url`);
    }
    case 'input_file':
      return filePart(content, at);
    default:
      throw new AtelierError(
        'unsupported_content',
        `${at}: no model here reads content of the type ${JSON.stringify(content.type ?? null)}.`,
        { data: { param: `${at}.type` } },
      );
  }
}

const partsOf = (content: string | Item[], at: string): UserPart[] =>
  typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : content.map((one, place) => userPart(one, `${at}[${place}]`));

/** What the assistant itself said: text, or the words of a refusal. */
function saidText(content: string | Item[], at: string): string {
  if (typeof content === 'string') return content;
  return content
    .map((one, place) => {
      if (one.type === 'refusal') return String(one.refusal);
      const said = userPart(one, `${at}[${place}]`);
      if (said.type !== 'text')
        throw invalid(`${at}[${place}].type`, 'an assistant’s message holds text and nothing else.');
      return said.text;
    })
    .join('');
}

function textOnly(content: string | Item[], at: string): string {
  return partsOf(content, at)
    .map((one) => {
      if (one.type === 'text') return one.text;
      throw invalid(at, 'a system message holds text and nothing else.');
    })
    .join('');
}

function toolOutput(output: string | Item[], at: string): LanguageModelV4ToolResultOutput {
  if (typeof output === 'string') return { type: 'text', value: output };
  const parts = partsOf(output, at);
  if (parts.every((one) => one.type === 'text'))
    return { type: 'text', value: parts.map((one) => one.text).join('') };
  return {
    type: 'content',
    value: parts.map((one) =>
      one.type === 'text'
        ? { type: 'text' as const, text: one.text }
        : { type: 'file' as const, data: one.data, mediaType: one.mediaType },
    ),
  };
}

export interface ReadPrompt {
  prompt: LanguageModelV4Message[];
  notes: string[];
}

/** How a fault names the item at a place. */
export type ItemLabel = (place: number) => string;

export function toPrompt(
  items: readonly StoredItem[],
  exposed: ReadTools['exposed'],
  label: ItemLabel,
): ReadPrompt {
  const prompt: LanguageModelV4Message[] = [];
  const toolNames = new Map<string, string>();
  const left = new Set<string>();

  const assistant = (): Assistant['content'] => {
    const last = prompt.at(-1);
    if (last?.role === 'assistant') return last.content;
    const fresh: Assistant = { role: 'assistant', content: [] };
    prompt.push(fresh);
    return fresh.content;
  };
  const results = (): Tool['content'] => {
    const last = prompt.at(-1);
    if (last?.role === 'tool') return last.content;
    const fresh: Tool = { role: 'tool', content: [] };
    prompt.push(fresh);
    return fresh.content;
  };

  for (const [place, item] of items.entries()) {
    const at = label(place);
    switch (item.type) {
      case 'message': {
        const { role, content } = read('message', item, at);
        if (role === 'user') prompt.push({ role, content: partsOf(content, `${at}.content`) });
        else if (role === 'assistant') {
          const text = saidText(content, `${at}.content`);
          if (text !== '') assistant().push({ type: 'text', text });
        } else prompt.push({ role: 'system', content: textOnly(content, `${at}.content`) });
        break;
      }
      case 'function_call': {
        const { call_id, name, namespace, arguments: text } = read('function_call', item, at);
        const toolName = exposed({ name, ...(namespace ? { namespace } : {}) });
        toolNames.set(call_id, toolName);
        assistant().push({ type: 'tool-call', toolCallId: call_id, toolName, input: parsedArguments(text) });
        break;
      }
      case 'function_call_output': {
        const { call_id, output } = read('function_call_output', item, at);
        const toolName = toolNames.get(call_id);
        if (toolName === undefined)
          throw invalid(
            `${at}.call_id`,
            `no function_call before it has the call_id ${JSON.stringify(call_id)}.`,
          );
        results().push({
          type: 'tool-result',
          toolCallId: call_id,
          toolName,
          output: toolOutput(output, `${at}.output`),
        });
        break;
      }
      case 'reasoning': {
        const { summary, content, encrypted_content: packed } = read('reasoning', item, at);
        const told = (content?.length ? content : (summary ?? [])).map(({ text }) => text).join('\n');
        const text = told === '' && packed ? (unpackReasoning(packed) ?? '') : told;
        if (text !== '') assistant().push({ type: 'reasoning', text });
        else if (packed) left.add('reasoning that another provider encrypted');
        break;
      }
      default:
        left.add(item.type);
    }
  }
  const notes =
    left.size === 0 ? [] : [`No model here reads these items, which were left out: ${[...left].join(', ')}.`];
  return { prompt, notes };
}
