// One choice of a completion as pieces of text; both the streamed and the plain answer are made of these.
import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { AtelierError } from '../../../../contracts/errors.ts';
import type { ChoiceEvent } from '../choice.ts';
import { type CompletionLogprobs, createLogprobWriter, joinLogprobs } from './logprobs.ts';
import type { CompletionPrompt } from './request.ts';

export interface CompletionPiece {
  index: number;
  text: string;
  logprobs: CompletionLogprobs | null;
  finish_reason: 'stop' | 'length' | 'content_filter' | null;
  /** With the last piece. */
  usage?: LanguageModelV4Usage;
}

interface PieceOptions {
  index: number;
  prompt: CompletionPrompt;
  echo: boolean;
  logprobs: boolean;
}

/** @throws AtelierError invalid_request when a prompt was to be echoed with what the model did not tell */
export async function* completionPieces(
  events: AsyncIterable<ChoiceEvent>,
  { index, prompt, echo, logprobs }: PieceOptions,
): AsyncGenerator<CompletionPiece> {
  const writer = createLogprobWriter();
  const asText = typeof prompt === 'string' ? prompt : null;
  const piece = (text: string, lists: CompletionLogprobs | null): CompletionPiece => ({
    index,
    text,
    logprobs: logprobs ? lists : null,
    finish_reason: null,
  });
  let echoed = !echo;
  if (echo && asText !== null && !logprobs) {
    echoed = true;
    if (asText !== '') yield piece(asText, null);
  }
  for await (const event of events) {
    if (!echoed) {
      if (event.type !== 'delta' || event.prompt === undefined)
        throw new AtelierError(
          'invalid_request',
          'echo: the model told nothing of the prompt’s tokens. Leave out echo or logprobs, or ask a local model.',
          { data: { param: 'echo' } },
        );
      echoed = true;
      const text = asText ?? decoded(event.prompt);
      yield piece(text, writer.echo(event.prompt, asText));
      if (event.delta.content === '' || event.delta.content === undefined) continue;
    }
    const lists = event.logprobs?.length ? writer.write(event.logprobs) : null;
    if (event.type === 'finish') {
      const reason = event.reason === 'tool_calls' ? 'stop' : event.reason;
      yield { ...piece('', lists), finish_reason: reason, usage: event.usage };
      return;
    }
    const { content = '' } = event.delta;
    if (content !== '' || lists !== null) yield piece(content, lists);
  }
}

function decoded(tokens: NonNullable<Extract<ChoiceEvent, { type: 'delta' }>['prompt']>): string {
  const bytes = tokens.flatMap(({ token, bytes: own }) => own ?? [...new TextEncoder().encode(token)]);
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

export interface CompletionChoice extends Omit<CompletionPiece, 'usage'> {}

export async function collectPieces(
  pieces: AsyncIterable<CompletionPiece>,
  logprobs: boolean,
): Promise<{ choice: CompletionChoice; usage: LanguageModelV4Usage }> {
  let text = '';
  const lists: CompletionLogprobs[] = [];
  for await (const piece of pieces) {
    text += piece.text;
    if (piece.logprobs !== null) lists.push(piece.logprobs);
    if (piece.usage === undefined) continue;
    const { index, finish_reason } = piece;
    return {
      usage: piece.usage,
      choice: { index, text, logprobs: logprobs ? joinLogprobs(lists) : null, finish_reason },
    };
  }
  throw new Error('a choice ended without its finish event');
}
