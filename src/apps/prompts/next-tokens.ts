// What a model would write next: the probabilities of its whole vocabulary after a prompt, before any sampling setting.
import { awaitModel } from '../../agent/await-model.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { type AtelierOptions, isServed, type TokenLogprob } from '../../contracts/model.ts';
import { type NextTokens, type NextTokensOrder, temperatureGrid } from '../../contracts/playground.ts';
import type { PromptMessage } from '../../contracts/prompt.ts';
import type { CallContext } from '../../models/model-call.ts';
import { type AnswerParts, toPrompt } from './answer-messages.ts';

/** What the wires of remote providers give at most. */
const REMOTE_TOP = 20;
/** More than any vocabulary: a local model tells every token. */
const ALL = 1_000_000;

type Scored = TokenLogprob['top'];

/** The token that was written may stand once more at the end, out of order, when every token was asked for. */
function withoutRepeat(top: Scored): Scored {
  const last = top.at(-1);
  const before = top.at(-2);
  return last !== undefined && before !== undefined && last.logprob > before.logprob ? top.slice(0, -1) : top;
}

/** Not by the contract's schema: to check every token of a vocabulary takes longer than to compute with them. */
function readTop(logprobs: unknown): Scored {
  const first: unknown = Array.isArray(logprobs) ? logprobs[0] : undefined;
  const top = (first as Partial<TokenLogprob> | undefined)?.top;
  return Array.isArray(top) ? withoutRepeat(top) : [];
}

/** Marks of chat templates: <|im_end|>, <｜end▁of▁sentence｜>, </s>, <end_of_turn>. */
const controlPattern = /^(<[|｜].*[|｜]>|<\/?s>|<(start|end)_of_\w+>|<eos>|<bos>)$/u;

/**
 * @throws AtelierError invalid_request (data.reason no_logprobs) for a model that reports no probabilities, and whatever
 * the gateway says
 */
export async function nextTokens(
  { gateway, registry }: AnswerParts,
  order: NextTokensOrder,
  context: CallContext,
  signal: AbortSignal,
): Promise<NextTokens> {
  const { info } = await awaitModel(registry, order.model, false, signal, () => {});
  const without = () =>
    new AtelierError(
      'invalid_request',
      `${info.id} reports no probabilities of its tokens. Choose a model on this machine.`,
      { data: { model: info.id, reason: 'no_logprobs' } },
    );
  if (isServed(info)) throw without();
  const local = info.place.kind === 'local';
  const messages: PromptMessage[] =
    order.begun === '' ? order.messages : [...order.messages, { role: 'assistant', text: order.begun }];
  const options: AtelierOptions = {
    logprobs: true,
    topLogprobs: local ? ALL : Math.min(order.top, REMOTE_TOP),
    ...(messages.at(-1)?.role === 'assistant' ? { continueAnswer: true } : {}),
    // Whatever the model would choose, one letter is written: the end of the answer would be written as nothing, and
    // nothing has no probabilities. They are read before the choice is narrowed.
    ...(local ? { choices: ['a'] } : {}),
  };
  const answer = await gateway.generate(
    info.id,
    {
      prompt: toPrompt(messages),
      maxOutputTokens: 1,
      temperature: 0,
      abortSignal: signal,
      providerOptions: { atelier: options as Record<string, never> },
    },
    context,
  );
  const top = readTop(answer.providerMetadata?.atelier?.logprobs);
  if (top.length === 0) throw without();
  const told = top.slice(0, order.top);
  const untold = top.slice(order.top);
  const rest = local
    ? untold.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0)
    : 1 - told.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
  return {
    model: info.id,
    place: info.place,
    tokens: told.map((one) => ({ ...one, control: controlPattern.test(one.token) })),
    rest: Math.min(1, Math.max(0, rest)),
    restAt: local
      ? temperatureGrid.map((temperature) =>
          untold.reduce((sum, { logprob }) => sum + Math.exp(logprob / temperature), 0),
        )
      : null,
    traceId: answer.traceId,
  };
}
