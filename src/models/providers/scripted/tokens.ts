// What a token is to the scripted models: a word with the whitespace before it (at most 16 characters of each, so that
// text without spaces counts too). Joined, the tokens are the text again. A message costs one token more.
import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';

const token = /\s{0,16}\S{1,16}|\s{1,16}/gu;

export function tokensOf(text: string): string[] {
  return text.match(token) ?? [];
}

export function* textsOf(prompt: LanguageModelV4Prompt): Generator<string> {
  for (const message of prompt) {
    if (typeof message.content === 'string') {
      yield message.content;
      continue;
    }
    for (const part of message.content) {
      if (part.type === 'text' || part.type === 'reasoning') yield part.text;
      else if (part.type === 'tool-call') yield JSON.stringify(part.input);
      else if (part.type === 'tool-result') yield JSON.stringify(part.output);
      else if (part.type === 'file' && part.data.type === 'text') yield part.data.text;
    }
  }
}

/** Tokens of a prompt with its tools, as the scripted models count them. */
export function countPrompt(options: LanguageModelV4CallOptions): number {
  let count = options.prompt.length;
  for (const text of textsOf(options.prompt)) count += tokensOf(text).length;
  if (options.tools?.length) count += tokensOf(JSON.stringify(options.tools)).length;
  return count;
}
