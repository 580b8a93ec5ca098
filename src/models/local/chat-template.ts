// Renders a model's own chat template, the Jinja text in its GGUF file, and turns the result into token ids.
// Text from a person that looks like a special token stays text: it is marked before rendering, and only what the
// template itself wrote becomes special. Between special tokens the text is tokenised in one piece, as Hugging Face's
// tokenizers do, so that the ids equal those of `apply_chat_template`.
import { Template } from '@huggingface/jinja';
import { AtelierError } from '../../contracts/errors.ts';
import type { TemplateMessage, TemplateTool } from './engine-protocol.ts';

export interface SpecialToken {
  id: number;
  text: string;
  /** The token swallows white space before or after it. */
  lstrip: boolean;
  rstrip: boolean;
}

export interface ChatTemplate {
  render(input: ChatTemplateInput): RenderedPrompt;
}

export interface ChatTemplateInput {
  messages: TemplateMessage[];
  tools: TemplateTool[] | null;
  thinking?: boolean | null;
}

export interface RenderedPrompt {
  text: string;
  /** The pair of characters around text that must not become a special token; null: there is none. */
  marks: readonly [open: string, close: string] | null;
}

export interface ChatTemplateTokens {
  bos: string;
  eos: string;
  special: readonly SpecialToken[];
}

/** @throws AtelierError model_failed when the template is not one that can be read */
export function compileChatTemplate(source: string, tokens: ChatTemplateTokens): ChatTemplate {
  let template: Template;
  try {
    template = new Template(source);
  } catch (error) {
    throw templateError('The chat template of this model cannot be read', error);
  }
  const looksSpecial = specialPattern(tokens.special);
  const render = ({ messages, tools, thinking }: ChatTemplateInput): RenderedPrompt => {
    const [markedMessages, markedTools, marks] = mark(messages, tools, looksSpecial);
    const text = template.render({
      messages: markedMessages,
      tools: markedTools,
      documents: null,
      add_generation_prompt: true,
      bos_token: tokens.bos,
      eos_token: tokens.eos,
      ...(thinking === null || thinking === undefined ? {} : { enable_thinking: thinking }),
    });
    return { text, marks };
  };
  return {
    render(input) {
      try {
        return render(input);
      } catch (error) {
        const merged = systemIntoUser(input.messages);
        if (merged === null)
          throw templateError('The chat template of this model refused the messages', error);
        try {
          return render({ ...input, messages: merged });
        } catch {
          // The messages were refused for another reason, which the first error names.
          throw templateError('The chat template of this model refused the messages', error);
        }
      }
    },
  };
}

/** Some templates (Gemma's) refuse a system message; its text then opens the first question, as their makers advise. */
function systemIntoUser(messages: readonly TemplateMessage[]): TemplateMessage[] | null {
  const [first, second, ...rest] = messages;
  if (first?.role !== 'system' || second?.role !== 'user') return null;
  return [
    { ...second, content: first.content === '' ? second.content : `${first.content}\n\n${second.content}` },
    ...rest,
  ];
}

/**
 * For a file without a template, which is a base model: it continues text, so the messages' texts are joined by
 * empty lines and nothing is put around them.
 */
export const plainTemplate: ChatTemplate = {
  render: ({ messages }) => ({
    text: messages
      .map((message) => message.content)
      .filter((content) => content !== '')
      .join('\n\n'),
    marks: ['', ''],
  }),
};

/** Token ids of a rendered prompt; `tokenize` is the model's own, which adds no beginning-of-sequence token. */
export function tokenizePrompt(
  prompt: RenderedPrompt,
  special: readonly SpecialToken[],
  tokenize: (text: string, withSpecial: boolean) => readonly number[],
): number[] {
  if (prompt.marks === null) return [...tokenize(prompt.text, true)];
  const [open, close] = prompt.marks;
  if (open === '') return [...tokenize(prompt.text, false)];
  const byText = new Map(special.map((token) => [token.text, token]));
  const pattern = new RegExp(`${open}([^${close}]*)${close}|${alternation(special)}`, 'gu');
  const ids: number[] = [];
  let plain = '';
  let end = 0;
  let stripNext = false;
  const take = (text: string) => {
    plain += stripNext && plain === '' ? text.trimStart() : text;
  };
  for (const match of prompt.text.matchAll(pattern)) {
    take(prompt.text.slice(end, match.index));
    end = match.index + match[0].length;
    const token = match[1] === undefined ? byText.get(match[0]) : undefined;
    if (token === undefined) {
      take(match[1] ?? '');
      continue;
    }
    const before = token.lstrip ? plain.trimEnd() : plain;
    if (before !== '') ids.push(...tokenize(before, false));
    ids.push(token.id);
    plain = '';
    stripNext = token.rstrip;
  }
  take(prompt.text.slice(end));
  if (plain !== '') ids.push(...tokenize(plain, false));
  return ids;
}

function specialPattern(special: readonly SpecialToken[]): RegExp | null {
  return special.length === 0 ? null : new RegExp(alternation(special), 'gu');
}

function alternation(special: readonly SpecialToken[]): string {
  return special
    .map((token) => token.text)
    .filter((text) => text !== '')
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('-', '\\x2d'))
    .join('|');
}

type Marks = RenderedPrompt['marks'];

function mark(
  messages: TemplateMessage[],
  tools: TemplateTool[] | null,
  looksSpecial: RegExp | null,
): [TemplateMessage[], TemplateTool[] | null, Marks] {
  const strings: string[] = [];
  mapStrings([messages, tools], (text) => {
    strings.push(text);
    return text;
  });
  if (looksSpecial === null || !strings.some((text) => text.search(looksSpecial) >= 0))
    return [messages, tools, null];
  // U+FDD0 to U+FDEF are never characters of a text; a pair that this text lacks is taken all the same.
  const free: string[] = [];
  for (let code = 0xfdd0; code <= 0xfdef && free.length < 2; code++) {
    const character = String.fromCodePoint(code);
    if (!strings.some((text) => text.includes(character))) free.push(character);
  }
  const [open, close] = free;
  if (open === undefined || close === undefined) {
    throw new AtelierError(
      'invalid_request',
      'The messages hold every character that is reserved for marking; remove U+FDD0 to U+FDEF.',
    );
  }
  const wrap = (text: string) => text.replace(looksSpecial, (found) => `${open}${found}${close}`);
  return [mapStrings(messages, wrap), mapStrings(tools, wrap), [open, close]];
}

/** The same with every text in it changed. */
export function mapStrings<T>(value: T, map: (text: string) => string): T {
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return map(part);
    if (Array.isArray(part)) return part.map(walk);
    if (part !== null && typeof part === 'object') {
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
    }
    return part;
  };
  return walk(value) as T;
}

function templateError(what: string, cause: unknown): AtelierError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AtelierError('model_failed', `${what}: ${reason}`, { data: { reason }, cause });
}
