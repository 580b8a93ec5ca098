// Our sampling settings under the names of OpenAI's wire; some of them are not OpenAI's own.
import type { Parameters } from '../../../../contracts/model.ts';

const names = {
  temperature: 'temperature',
  topP: 'top_p',
  maxOutputTokens: 'max_tokens',
  seed: 'seed',
  stopSequences: 'stop',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  topK: 'top_k',
  minP: 'min_p',
  repeatPenalty: 'repeat_penalty',
} as const satisfies Record<keyof Parameters, string>;

const foreign: readonly string[] = ['topK', 'minP', 'repeatPenalty'];

/** `own`: fields that OpenAI's clients know by type; `more`: those that they must be handed otherwise. */
export function wireParameters(parameters: Parameters): {
  own: Record<string, unknown>;
  more: Record<string, unknown>;
} {
  const own: Record<string, unknown> = {};
  const more: Record<string, unknown> = {};
  for (const [key, name] of Object.entries(names)) {
    const value = parameters[key as keyof Parameters];
    if (value !== undefined) (foreign.includes(key) ? more : own)[name] = value;
  }
  return { own, more };
}
