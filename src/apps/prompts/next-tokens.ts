// What a model would write next: the probabilities of its whole vocabulary after a prompt, before any sampling setting.
import { awaitModel } from '../../agent/await-model.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { type AtelierOptions, atelierMetadataSchema, isServed } from '../../contracts/model.ts';
import { type NextTokens, type NextTokensOrder, temperatureGrid } from '../../contracts/playground.ts';
import type { PromptMessage } from '../../contracts/prompt.ts';
import type { CallContext } from '../../models/model-call.ts';
import { type AnswerParts, toPrompt } from './answer-messages.ts';

/** What the wires of remote providers give at most. */
const REMOTE_TOP = 20;
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
    topLogprobs: local ? order.top : Math.min(order.top, REMOTE_TOP),
    ...(local ? { restAt: [...temperatureGrid] } : {}),
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
  const read = atelierMetadataSchema.safeParse(answer.providerMetadata?.atelier ?? {}).data?.logprobs;
  const top = read?.[0]?.top ?? [];
  if (top.length === 0) throw without();
  const restAt = read?.[0]?.rest ?? null;
  const told = top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
  const rest = restAt?.[temperatureGrid.indexOf(1)] ?? 1 - told;
  return {
    model: info.id,
    place: info.place,
    tokens: top.map((one) => ({ ...one, control: controlPattern.test(one.token) })),
    rest: Math.min(1, Math.max(0, rest)),
    restAt,
    traceId: answer.traceId,
  };
}
