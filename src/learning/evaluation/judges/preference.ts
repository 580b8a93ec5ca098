// Which of two answers the model itself finds likelier: the mean log-probability of a token of each, read along with the
// prompt. A mean, because a sum would prefer whatever is shorter.
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { toPrompt } from '../../../apps/prompts/answer-messages.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import { type AtelierOptions, atelierMetadataSchema, type PromptToken } from '../../../contracts/model.ts';
import type { PromptMessage } from '../../../contracts/prompt.ts';
import type { Gateway } from '../../../models/gateway.ts';
import type { CallContext } from '../../../models/model-call.ts';
import type { Question } from '../question.ts';
import type { Judged } from './judged.ts';

export interface Preference {
  gateway: Gateway;
  model: string;
  messages: readonly PromptMessage[];
  question: Question;
}

/** @throws AtelierError invalid_request (data.reason no_logprobs) for a model that does not tell them of its prompt */
export async function judgePreference(
  { gateway, model, messages, question }: Preference,
  context: CallContext,
  signal: AbortSignal,
): Promise<Judged & { output: string }> {
  const likelihood = async (answer: string) =>
    meanOf(
      answer,
      await echoed(gateway, model, [...messages, { role: 'assistant', text: answer }], context, signal),
    );
  const chosen = await likelihood(question.expected);
  const rejected = await likelihood(question.rejected ?? '');
  if (chosen === null || rejected === null)
    throw new AtelierError(
      'invalid_request',
      `${model} does not tell how likely a given answer is. Choose a model on this machine.`,
      { data: { model, reason: 'no_logprobs' } },
    );
  const margin = chosen.mean - rejected.mean;
  return {
    output: margin >= 0 ? question.expected : (question.rejected ?? ''),
    score: margin > 0 ? 1 : margin === 0 ? 0.5 : 0,
    detail: {
      margin,
      chosen: chosen.mean,
      rejected: rejected.mean,
      chosenTokens: chosen.tokens,
      rejectedTokens: rejected.tokens,
    },
  };
}

async function echoed(
  gateway: Gateway,
  model: string,
  messages: readonly PromptMessage[],
  context: CallContext,
  signal: AbortSignal,
): Promise<PromptToken[]> {
  const atelier: AtelierOptions = { echo: true, logprobs: true, topLogprobs: 0, continueAnswer: true };
  const answer = await gateway.stream(
    model,
    {
      prompt: toPrompt(messages),
      maxOutputTokens: 1,
      temperature: 0,
      abortSignal: signal,
      providerOptions: { atelier: atelier as Record<string, never> },
    },
    context,
  );
  const found: PromptToken[] = [];
  for await (const part of answer.stream) {
    if (part.type === 'error') throw part.error;
    found.push(...promptOf(part));
  }
  return found;
}

function promptOf(part: LanguageModelV4StreamPart): PromptToken[] {
  if (part.type !== 'text-delta') return [];
  return atelierMetadataSchema.safeParse(part.providerMetadata?.atelier ?? {}).data?.prompt ?? [];
}

/** The answer's tokens are the last of the prompt: as many as its bytes take. */
function meanOf(answer: string, prompt: readonly PromptToken[]): { mean: number; tokens: number } | null {
  let bytes = Buffer.byteLength(answer.trimStart());
  let [sum, tokens] = [0, 0];
  for (const { logprob, bytes: own, token } of prompt.toReversed()) {
    if (bytes <= 0) break;
    if (logprob === null) return null;
    bytes -= own?.length ?? Buffer.byteLength(token);
    sum += logprob;
    tokens++;
  }
  return tokens === 0 ? null : { mean: sum / tokens, tokens };
}
