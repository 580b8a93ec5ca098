// The result of a tool as the contract knows it: text where it is only text, parts where there are images, and marked
// where the tool failed.
import type { LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';
import { z } from 'zod';
import { validationError } from '../../errors.ts';
import { type UserBlock, userBlockSchema } from './schema.ts';
import { documentParts, imagePart, searchResultText } from './user-parts.ts';

type ToolResult = Extract<UserBlock, { type: 'tool_result' }>;
type Part = Extract<LanguageModelV4ToolResultOutput, { type: 'content' }>['value'][number];

const readable = ['text', 'image', 'document', 'search_result'];
const toolReference = z.object({ type: z.literal('tool_reference'), tool_name: z.string() });

function partsOf(block: { type: string }, at: string, note: (text: string) => void): Part[] {
  const reference = toolReference.safeParse(block);
  if (reference.success) return [{ type: 'text', text: reference.data.tool_name }];
  if (!readable.includes(block.type)) {
    note(`${at}: a block of type ${block.type} is not read here and was left out.`);
    return [];
  }
  const { data, error } = userBlockSchema.safeParse(block);
  if (error) throw validationError(error.issues.map((issue) => ({ ...issue, path: [at, ...issue.path] })));
  switch (data.type) {
    case 'text':
      return [{ type: 'text', text: data.text }];
    case 'image':
      return [imagePart(data.source, at)];
    case 'document':
      return documentParts(data, at);
    case 'search_result':
      return [{ type: 'text', text: searchResultText(data) }];
    case 'tool_result':
      return [];
  }
}

/** @throws AtelierError invalid_request */
export function toolOutput(
  { content, is_error }: ToolResult,
  at: string,
  note: (text: string) => void,
): LanguageModelV4ToolResultOutput {
  const parts: Part[] =
    typeof content === 'string'
      ? [{ type: 'text', text: content }]
      : (content ?? []).flatMap((block, place) => partsOf(block, `${at}.content[${place}]`, note));
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (is_error) return { type: 'error-text', value: texts.join('\n') };
  if (texts.length === parts.length) return { type: 'text', value: texts.join('\n') };
  return { type: 'content', value: parts };
}
