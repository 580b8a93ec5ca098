// Log-probabilities of chat completions: asked for in the body, read out of the chunks, which adapters drop.
import type { TokenLogprob } from '../../../contracts/model.ts';

interface WireLogprob {
  token?: unknown;
  logprob?: unknown;
  bytes?: unknown;
  top_logprobs?: WireLogprob[];
}

const bytesOf = (value: unknown): number[] | null => (Array.isArray(value) ? (value as number[]) : null);

/** `choices[0].logprobs.content` of a chunk as ours. */
export function logprobsOfChunk(chunk: unknown): TokenLogprob[] {
  const choices = (chunk as { choices?: { logprobs?: { content?: WireLogprob[] } }[] } | null)?.choices;
  const content = choices?.[0]?.logprobs?.content;
  if (!Array.isArray(content)) return [];
  return content.flatMap((one) => {
    if (typeof one.token !== 'string' || typeof one.logprob !== 'number') return [];
    const top = (one.top_logprobs ?? []).flatMap((other) =>
      typeof other.token === 'string' && typeof other.logprob === 'number'
        ? [{ token: other.token, logprob: other.logprob, bytes: bytesOf(other.bytes) }]
        : [],
    );
    return [{ token: one.token, tokenId: null, logprob: one.logprob, bytes: bytesOf(one.bytes), top }];
  });
}
