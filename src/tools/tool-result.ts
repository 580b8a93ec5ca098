// What a tool may return, as one shape; and that shape as the AI SDK's model messages carry it.
import type { LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';
import type { AtelierError } from '../contracts/errors.ts';
import { type Notice, noticesOf, saidOf } from '../contracts/notice.ts';
import { type ToolContent, type ToolResult, toolContentSchema } from '../contracts/tool.ts';

export interface PartialResult {
  content: readonly ToolContent[] | string;
  isError?: boolean;
  data?: unknown;
  notes?: readonly (string | Notice)[];
}

const brand = Symbol.for('atelier.tool-result');

/** A result that says more than its value: text for the model beside data for the page, files, notes. */
export function toolResult({ content, isError = false, data = null, notes = [] }: PartialResult): ToolResult {
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : [...content];
  const said = notes.map((note) => (typeof note === 'string' ? { message: note } : note));
  const result: ToolResult = { content: parts, isError, data, error: null, ...saidOf(said) };
  return Object.defineProperty(result, brand, { value: true });
}

export const withNotice = (result: ToolResult, notice: Notice): ToolResult => ({
  ...result,
  ...saidOf([...noticesOf(result), notice]),
});

/** A failure in words that a model can act on. */
export function errorResult(error: AtelierError): ToolResult {
  return {
    content: [{ type: 'text', text: error.message }],
    isError: true,
    data: null,
    error: error.toJSON(),
    notes: [],
  };
}

/** Anything a tool returned: text stays text, another value is written as JSON and kept as data. */
export function toToolResult(value: unknown): ToolResult {
  if (typeof value === 'string') return toolResult({ content: value });
  if (value === undefined || value === null)
    return toolResult({ content: 'Done; the tool returned nothing.' });
  if (typeof value === 'object' && brand in value) return value as unknown as ToolResult;
  if (isContentResult(value)) return toolResult(value);
  return toolResult({ content: JSON.stringify(value, bigintAsText) ?? String(value), data: plain(value) });
}

function isContentResult(value: unknown): value is PartialResult {
  return (
    typeof value === 'object' &&
    value !== null &&
    'content' in value &&
    'isError' in value &&
    toolContentSchema.array().safeParse(value.content).success
  );
}

const bigintAsText = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);

/** What JSON keeps of a value, so that a log can hold it. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, bigintAsText);
  return text === undefined ? null : JSON.parse(text);
}

/** The text of a result, without its files. */
export function resultText(result: ToolResult): string {
  return result.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

export function toModelOutput(result: ToolResult): LanguageModelV4ToolResultOutput {
  const onlyText = result.content.every((part) => part.type === 'text');
  if (result.isError) return { type: 'error-text', value: resultText(result) };
  if (onlyText) return { type: 'text', value: resultText(result) };
  return {
    type: 'content',
    value: result.content.map((part) =>
      part.type === 'text'
        ? part
        : {
            type: 'file',
            mediaType: part.mediaType,
            data: { type: 'data', data: part.data },
            ...(part.filename === null ? {} : { filename: part.filename }),
          },
    ),
  };
}
