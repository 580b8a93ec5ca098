// A completions request on OpenAI's wire, and the calls behind it: one a prompt and choice.

import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { z } from '@hono/zod-openapi';
import type { AtelierOptions, ModelInfo } from '../../../../contracts/model.ts';
import { invalid, present } from '../request.ts';

/** Prompts times choices: each is a call, and all are begun together. */
const MOST_CALLS = 128;
/** What OpenAI's completions write when nobody says how much. */
const DEFAULT_TOKENS = 16;

const token = z.number().int().min(0);

export const completionRequestSchema = z.object({
  model: z.string().min(1).max(512),
  prompt: z
    .union([
      z.string(),
      z.array(z.string()).min(1),
      z.array(token).min(1),
      z.array(z.array(token).min(1)).min(1),
    ])
    .describe('Text or tokens, one prompt or several'),
  max_tokens: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .nullish()
    .describe('0 only scores the prompt, with echo and logprobs'),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.number().int().min(-1).nullish().describe('Not of OpenAI. 0 and -1: off'),
  min_p: z.number().min(0).max(1).nullish().describe('Not of OpenAI'),
  repeat_penalty: z.number().positive().max(10).nullish().describe('Not of OpenAI. 1: off'),
  repetition_penalty: z.number().positive().max(10).nullish().describe('Another name of repeat_penalty'),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  n: z.number().int().min(1).max(MOST_CALLS).nullish(),
  best_of: z.number().int().min(1).nullish().describe('Not above n'),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  suffix: z.string().nullish().describe('Refused: no model here fills in between'),
  echo: z.boolean().nullish().describe('The prompt stands before its continuation'),
  logprobs: z.number().int().min(0).max(20).nullish().describe('How many alternatives to tell per token'),
  logit_bias: z.record(z.string().regex(/^\d+$/, 'a token id'), z.number().min(-100).max(100)).nullish(),
  seed: z.number().int().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
});
export type CompletionRequest = z.infer<typeof completionRequestSchema>;

/** One prompt: its text as the caller wrote it, or its tokens. */
export type CompletionPrompt = string | number[];

function promptsOf(prompt: CompletionRequest['prompt']): CompletionPrompt[] {
  if (typeof prompt === 'string') return [prompt];
  const [first] = prompt;
  return typeof first === 'number' ? [prompt as number[]] : (prompt as CompletionPrompt[]);
}

/** Providers whose models tell what they thought of a prompt's tokens. */
const scoring: readonly string[] = ['local', 'scripted'];

/** @throws AtelierError invalid_request for what this model, or no model here, can do */
export function checkCompletion(request: CompletionRequest, { id, provider }: ModelInfo): void {
  const prompts = promptsOf(request.prompt);
  const n = request.n ?? 1;
  if (request.suffix)
    throw invalid('suffix', 'no model here fills in between two texts. Put what follows into the prompt.');
  if ((request.best_of ?? 1) > n)
    throw invalid(
      'best_of',
      `${request.best_of} is more than n (${n}), and nothing here chooses the best. Ask for n choices and choose.`,
    );
  if (prompts.length * n > MOST_CALLS)
    throw invalid(
      'prompt',
      `${prompts.length} prompts with ${n} choices each are more than ${MOST_CALLS} answers. Send fewer at once.`,
      { most: MOST_CALLS },
    );
  if (provider !== 'local' && prompts.some((prompt) => typeof prompt !== 'string'))
    throw invalid('prompt', `${id} takes text and no token numbers; only local models take them.`, {
      model: id,
    });
  if (request.echo && typeof request.logprobs === 'number' && !scoring.includes(provider))
    throw invalid(
      'echo',
      `${id} does not tell the log-probabilities of a prompt. Leave out echo or logprobs, or ask a local model.`,
      { model: id },
    );
}

/** One call a prompt and choice, the choices of a prompt side by side. */
export function toCompletionCalls(
  request: CompletionRequest,
): { prompt: CompletionPrompt; options: LanguageModelV4CallOptions }[] {
  const stop = typeof request.stop === 'string' ? [request.stop] : request.stop;
  const scored = typeof request.logprobs === 'number';
  const shared: AtelierOptions = {
    rawPrompt: true,
    ...present({
      minP: request.min_p,
      repeatPenalty: request.repeat_penalty ?? request.repetition_penalty,
      logitBias: request.logit_bias,
    }),
    ...(scored ? { logprobs: true, topLogprobs: request.logprobs ?? 0 } : {}),
  };
  return promptsOf(request.prompt).flatMap((prompt) => {
    const tokens = typeof prompt !== 'string';
    const atelier: AtelierOptions = {
      ...shared,
      // The text of a prompt is known here; its tokens only to the model.
      ...(request.echo && (scored || tokens) ? { echo: true } : {}),
      ...(tokens ? { promptTokens: prompt } : {}),
    };
    const text = tokens ? JSON.stringify(prompt) : prompt;
    return Array.from({ length: request.n ?? 1 }, (_, choice) => ({
      prompt,
      options: {
        prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }],
        maxOutputTokens: request.max_tokens ?? DEFAULT_TOKENS,
        ...present({
          temperature: request.temperature,
          topP: request.top_p,
          topK: request.top_k === -1 ? 0 : request.top_k,
          presencePenalty: request.presence_penalty,
          frequencyPenalty: request.frequency_penalty,
          // The same seed would write the same answer n times.
          seed: typeof request.seed === 'number' ? request.seed + choice : undefined,
          stopSequences: stop?.filter((one) => one !== ''),
        }),
        providerOptions: { atelier: atelier as Record<string, never> },
      },
    }));
  });
}
