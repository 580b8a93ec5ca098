// Anthropic's messages as the contract's prompt. A person's turn may hold results of tools beside what they say: the
// contract keeps the two apart, in the order in which they stood.
import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningPart,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import type { AssistantBlock, Message, UnknownBlock, UserBlock } from './schema.ts';
import { isOwnSignature } from './signature.ts';
import { toolOutput } from './tool-result.ts';
import { documentParts, imagePart, searchResultText } from './user-parts.ts';

type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;

export function textOf(content: string | readonly { text: string }[]): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('\n\n');
}

function userParts(block: Exclude<UserBlock, { type: 'tool_result' }>, at: string): UserPart[] {
  switch (block.type) {
    case 'text':
      return block.text === '' ? [] : [{ type: 'text', text: block.text }];
    case 'image':
      return [imagePart(block.source, at)];
    case 'document':
      return documentParts(block, at);
    case 'search_result':
      return [{ type: 'text', text: searchResultText(block) }];
  }
}

function userMessages(
  blocks: readonly (UserBlock | UnknownBlock)[],
  at: string,
  toolNames: ReadonlyMap<string, string>,
  note: (text: string) => void,
): LanguageModelV4Message[] {
  const messages: LanguageModelV4Message[] = [];
  const last = () => messages.at(-1);
  for (const [place, block] of blocks.entries()) {
    const path = `${at}.content[${place}]`;
    if (block.type === 'unknown') {
      note(`${path}: a block of type ${block.name} is not read here and was left out.`);
      continue;
    }
    if (block.type !== 'tool_result') {
      const parts = userParts(block, path);
      const open = last();
      if (open?.role === 'user') open.content.push(...parts);
      else if (parts.length > 0) messages.push({ role: 'user', content: parts });
      continue;
    }
    const toolName = toolNames.get(block.tool_use_id);
    if (toolName === undefined) {
      throw new AtelierError(
        'invalid_request',
        `${path}.tool_use_id: no assistant message before it has a tool_use block ${JSON.stringify(block.tool_use_id)}.`,
        { data: { param: `${path}.tool_use_id` } },
      );
    }
    const result: LanguageModelV4ToolResultPart = {
      type: 'tool-result',
      toolCallId: block.tool_use_id,
      toolName,
      output: toolOutput(block, path, note),
    };
    const open = last();
    if (open?.role === 'tool') open.content.push(result);
    else messages.push({ role: 'tool', content: [result] });
  }
  return messages;
}

/** What an Anthropic model needs back to go on thinking; other models take no notice. */
const thinkingOptions = (fields: { signature?: string; redactedData?: string }) => ({
  providerOptions: { anthropic: fields },
});

type AssistantPart = LanguageModelV4TextPart | LanguageModelV4ReasoningPart | LanguageModelV4ToolCallPart;

function assistantPart(block: AssistantBlock): AssistantPart | null {
  switch (block.type) {
    case 'text':
      return block.text === '' ? null : { type: 'text', text: block.text };
    case 'thinking': {
      const foreign = block.signature && !isOwnSignature(block.signature) ? block.signature : null;
      if (block.thinking === '' && foreign === null) return null;
      const options = foreign === null ? {} : thinkingOptions({ signature: foreign });
      return { type: 'reasoning', text: block.thinking, ...options };
    }
    case 'redacted_thinking':
      return { type: 'reasoning', text: '', ...thinkingOptions({ redactedData: block.data }) };
    case 'tool_use':
      return { type: 'tool-call', toolCallId: block.id, toolName: block.name, input: block.input ?? {} };
  }
}

function assistantParts(
  blocks: readonly (AssistantBlock | UnknownBlock)[],
  at: string,
  toolNames: Map<string, string>,
  note: (text: string) => void,
): AssistantPart[] {
  const parts: AssistantPart[] = [];
  for (const [place, block] of blocks.entries()) {
    if (block.type === 'unknown') {
      note(`${at}.content[${place}]: a block of type ${block.name} is not read here and was left out.`);
      continue;
    }
    if (block.type === 'tool_use') toolNames.set(block.id, block.name);
    const part = assistantPart(block);
    if (part !== null) parts.push(part);
  }
  return parts;
}

/** @throws AtelierError invalid_request whose `data.param` names the field */
export function toPrompt(
  system: string | readonly { text: string }[] | null | undefined,
  messages: readonly Message[],
  note: (text: string) => void,
): LanguageModelV4Prompt {
  const prompt: LanguageModelV4Prompt = [];
  const first = system ? textOf(system) : '';
  if (first !== '') prompt.push({ role: 'system', content: first });
  const toolNames = new Map<string, string>();
  for (const [index, { role, content }] of messages.entries()) {
    const at = `messages[${index}]`;
    if (role === 'system') prompt.push({ role, content: textOf(content) });
    else if (role === 'user') {
      const blocks = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
      prompt.push(...userMessages(blocks, at, toolNames, note));
    } else {
      const blocks = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
      const parts = assistantParts(blocks, at, toolNames, note);
      if (parts.length > 0) prompt.push({ role, content: parts });
    }
  }
  if (!prompt.some(({ role }) => role !== 'system'))
    throw new AtelierError(
      'invalid_request',
      'messages: there is nothing to answer: every message is empty.',
      {
        data: { param: 'messages' },
      },
    );
  return prompt;
}
