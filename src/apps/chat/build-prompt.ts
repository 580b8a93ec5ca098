// A branch of a conversation as the prompt and options of a model call.
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
} from '@ai-sdk/provider';
import { fenced } from '../../agent/answers/fence.ts';
import type { Message, MessagePart } from '../../contracts/conversation.ts';
import type { AtelierOptions, CallStatus, Parameters, Place } from '../../contracts/model.ts';

const SHORT = { input: 200, result: 400 } as const;
const short = (text: string, longest: number) =>
  text.length > longest ? `${text.slice(0, longest)} [cut]` : text;

/** What an earlier answer did, so that a later one can build on it. */
export function toolText({ toolName, input, result }: Extract<MessagePart, { type: 'tool' }>): string {
  const said = result?.content
    .map((one) => (one.type === 'text' ? one.text : `(${one.mediaType})`))
    .join(' ');
  const outcome =
    said === undefined ? 'it did not run' : short(said.replace(/\s+/g, ' ').trim(), SHORT.result);
  return `(Used ${toolName} ${short(JSON.stringify(input) ?? '', SHORT.input)}: ${outcome})\n`;
}

/** Reasoning is not sent back: models are trained without their earlier thoughts. */
function textOf(part: MessagePart): string | null {
  if (part.type === 'text') return part.text === '' ? null : part.text;
  if (part.type === 'file') return `${part.name}\n${fenced(part.text)}`;
  if (part.type === 'tool') return toolText(part);
  return null;
}

const textPart = (text: string): LanguageModelV4TextPart => ({ type: 'text', text });

/**
 * Failed and empty answers are left out. Questions that then stand side by side are joined, because many chat templates
 * demand turns that alternate; not for a scripted model, which has no template and obeys its last message.
 */
export function buildPrompt(
  system: string,
  path: readonly Pick<Message, 'role' | 'parts' | 'status'>[],
  place: Place['kind'],
): LanguageModelV4Prompt {
  const prompt: LanguageModelV4Prompt = [];
  if (system.trim() !== '') prompt.push({ role: 'system', content: system });
  for (const { role, parts, status } of path) {
    const texts = parts.map(textOf).filter((text) => text !== null);
    if (texts.length === 0 || (role === 'assistant' && status === 'failed')) continue;
    const last = prompt.at(-1);
    const joined = role === 'user' && last?.role === 'user' && place !== 'scripted' ? last.content : null;
    const content = texts.map((text, index) =>
      textPart(role === 'user' && (joined !== null || index > 0) ? `\n\n${text}` : text),
    );
    if (joined === null) prompt.push({ role, content });
    else joined.push(...content);
  }
  return prompt;
}

export function callOptions(
  prompt: LanguageModelV4Prompt,
  parameters: Parameters,
  call: { signal?: AbortSignal; onStatus?: (status: CallStatus) => void } = {},
): LanguageModelV4CallOptions {
  const { minP, repeatPenalty, ...own } = parameters;
  const atelier: AtelierOptions = {
    ...(minP === undefined ? {} : { minP }),
    ...(repeatPenalty === undefined ? {} : { repeatPenalty }),
    ...(call.onStatus === undefined ? {} : { onStatus: call.onStatus }),
  };
  const defined = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return {
    ...defined,
    prompt,
    ...(call.signal === undefined ? {} : { abortSignal: call.signal }),
    // `onStatus` is a function, which the AI SDK's JSON type does not know; it never leaves the process.
    providerOptions: { atelier: atelier as Record<string, never> },
  };
}

/**
 * More tokens than the prompt can have: a token is at least a byte, and a template adds little to a message. What fits
 * by this bound fits, and need not be counted.
 */
export function tokenBound(prompt: LanguageModelV4Prompt): number {
  let bytes = 64;
  for (const { content } of prompt) {
    bytes += 32;
    if (typeof content === 'string') bytes += Buffer.byteLength(content);
    else for (const part of content) bytes += part.type === 'text' ? Buffer.byteLength(part.text) : 0;
  }
  return bytes;
}
