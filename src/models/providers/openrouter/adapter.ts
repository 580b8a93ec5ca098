// OpenRouter: many providers behind one address. It says in each answer what it charged, which is held against our sum.

import type { JSONValue } from '@ai-sdk/provider';
import { costOf, type Price } from '../../../contracts/money.ts';
import { noticeOf } from '../../../contracts/notice.ts';
import { toUsage } from '../../usage.ts';
import { openCompatibleEmbedding } from '../openai-compatible/adapter.ts';
import { logprobsOfChunk } from '../openai-compatible/logprobs.ts';
import {
  bearer,
  type ModelConnection,
  type OpenedLanguage,
  type ProviderAdapter,
} from '../remote/provider-adapter.ts';
import { NO_KEY } from '../remote/provider-fetch.ts';
import { toNanoDollars } from './decimal.ts';
import { fetchList } from './model-list.ts';

async function openProvider(
  { baseUrl, apiKey, headers, fetch }: ModelConnection,
  extraBody: Record<string, JSONValue>,
) {
  const { createOpenRouter } = await import('@openrouter/ai-sdk-provider');
  return createOpenRouter({
    baseURL: baseUrl,
    apiKey: apiKey ?? NO_KEY,
    headers,
    fetch,
    compatibility: 'strict',
    extraBody,
  });
}

/** A note where OpenRouter charged another sum than its list of prices gives. */
function compareCost(price: Price): NonNullable<OpenedLanguage['onFinish']> {
  return (part) => {
    const openrouter = part.providerMetadata?.openrouter?.usage as { cost?: unknown } | undefined;
    const charged = toNanoDollars(openrouter?.cost);
    const usage = toUsage(part.usage);
    if (charged === null || usage === null || price.kind !== 'tokens') return [];
    const ours = costOf(usage, price);
    if (ours.kind !== 'known' || Math.abs(ours.nanoDollars - charged) <= 1) return [];
    return [
      noticeOf(
        'cost_differs',
        `OpenRouter charged ${charged} nano-dollars; by its list of prices the call costs ${ours.nanoDollars}.`,
        { charged, listed: ours.nanoDollars },
      ),
    ];
  };
}

export const openrouter: ProviderAdapter = {
  defaultBaseUrl: 'https://openrouter.ai/api/v1',
  path: '/api/v1',
  needsKey: true,
  needsRegion: false,
  authorize: bearer,
  list: fetchList,
  honours: ['logprobs', 'topLogprobs', 'logitBias', 'minP', 'repeatPenalty'],
  async openLanguage(connection, call, extra) {
    const provider = await openProvider(connection, {
      ...(extra.logprobs ? { logprobs: true } : {}),
      ...(extra.logprobs && extra.topLogprobs ? { top_logprobs: Math.min(extra.topLogprobs, 20) } : {}),
      ...(extra.logitBias ? { logit_bias: extra.logitBias } : {}),
      ...(extra.minP === undefined ? {} : { min_p: extra.minP }),
      ...(extra.repeatPenalty === undefined ? {} : { repetition_penalty: extra.repeatPenalty }),
    });
    return {
      model: provider.chat(connection.name, { usage: { include: true } }),
      options: call,
      logprobsOf: logprobsOfChunk,
      onFinish: compareCost(connection.price),
    };
  },
  openEmbedding: openCompatibleEmbedding,
  dialects: ['openai-chat'],
};
