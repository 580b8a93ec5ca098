// Upper bounds of what a call may read and write, for budgets and limits that must know before the model does.
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelInfo } from '../contracts/model.ts';

/** Bytes a token at the least: prose has four to five, code three; what is denser is rare. */
const BYTES_A_TOKEN = 2.5;
const MESSAGE_TOKENS = 8;
/** A large picture in the tiles of the big providers. */
const IMAGE_TOKENS = 1600;
/** Where neither the caller nor the model says how long an answer may be. */
const UNKNOWN_OUTPUT = 16_384;

export const tokensOfText = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_A_TOKEN);

export function estimateInput({ prompt, tools, responseFormat }: LanguageModelV4CallOptions): number {
  let tokens = 0;
  for (const { content } of prompt) {
    tokens += MESSAGE_TOKENS;
    if (typeof content === 'string') tokens += tokensOfText(content);
    else
      for (const part of content) {
        if (part.type === 'file') tokens += IMAGE_TOKENS;
        else tokens += tokensOfText('text' in part ? part.text : JSON.stringify(part));
      }
  }
  if (tools?.length) tokens += tokensOfText(JSON.stringify(tools));
  if (responseFormat?.type === 'json') tokens += tokensOfText(JSON.stringify(responseFormat));
  return tokens;
}

export function estimateOutput(
  asked: number | undefined,
  models: readonly Pick<ModelInfo, 'contextLength' | 'maxOutputTokens'>[],
): number {
  if (asked !== undefined) return asked;
  return Math.max(
    ...models.map(
      ({ contextLength, maxOutputTokens }) =>
        maxOutputTokens ?? Math.min(contextLength ?? UNKNOWN_OUTPUT, UNKNOWN_OUTPUT),
    ),
  );
}
