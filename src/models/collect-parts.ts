// Stream parts folded into one result: what `generate` returns and what the ledger keeps of an answer.
import type {
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  SharedV4ProviderMetadata,
  SharedV4Warning,
} from '@ai-sdk/provider';
import type { TokenLogprob } from '../contracts/model.ts';

export interface PartCollector {
  add(part: LanguageModelV4StreamPart): void;
  /** What arrived so far, in the order in which its blocks started. */
  content(): LanguageModelV4Content[];
  warnings(): SharedV4Warning[];
  response(): LanguageModelV4GenerateResult['response'];
  /** Null before the finish part. Log-probabilities of all deltas are joined under `providerMetadata.atelier`. */
  result(): LanguageModelV4GenerateResult | null;
}

type Block = { type: 'text' | 'reasoning'; text: string; providerMetadata?: SharedV4ProviderMetadata };

/** Parts that say how the stream goes rather than what the model wrote. */
const flow = new Set(['stream-start', 'response-metadata', 'finish', 'ping', 'raw', 'error']);

function logprobsOf(part: LanguageModelV4StreamPart): TokenLogprob[] {
  if (part.type !== 'text-delta') return [];
  const found = part.providerMetadata?.atelier?.logprobs;
  return Array.isArray(found) ? (found as unknown as TokenLogprob[]) : [];
}

export function collectParts(): PartCollector {
  const content: (LanguageModelV4Content | Block)[] = [];
  const open = new Map<string, Block>();
  const logprobs: TokenLogprob[] = [];
  let warnings: SharedV4Warning[] = [];
  let response: LanguageModelV4GenerateResult['response'];
  let finish: Extract<LanguageModelV4StreamPart, { type: 'finish' }> | null = null;

  function block(type: Block['type'], id: string): Block {
    const key = `${type} ${id}`;
    const known = open.get(key);
    if (known) return known;
    const fresh: Block = { type, text: '' };
    open.set(key, fresh);
    content.push(fresh);
    return fresh;
  }

  const written = () =>
    content.filter((item) => !('text' in item) || item.text !== '') as LanguageModelV4Content[];

  return {
    add(part) {
      switch (part.type) {
        case 'text-delta':
          block('text', part.id).text += part.delta;
          logprobs.push(...logprobsOf(part));
          return;
        case 'reasoning-delta':
          block('reasoning', part.id).text += part.delta;
          return;
        case 'text-start':
        case 'reasoning-start':
        case 'text-end':
        case 'reasoning-end': {
          const type = part.type.startsWith('text') ? 'text' : 'reasoning';
          const target = block(type, part.id);
          if (part.providerMetadata) target.providerMetadata = part.providerMetadata;
          if (part.type.endsWith('-end')) open.delete(`${type} ${part.id}`);
          return;
        }
        case 'tool-input-start':
        case 'tool-input-delta':
        case 'tool-input-end':
          return; // The whole call follows as a `tool-call` part.
        case 'stream-start':
          warnings = part.warnings;
          return;
        case 'response-metadata': {
          const { type: _type, ...metadata } = part;
          response = metadata;
          return;
        }
        case 'finish':
          finish = part;
          return;
        default:
          if (!flow.has(part.type)) content.push(part as LanguageModelV4Content);
      }
    },
    content: written,
    warnings: () => warnings,
    response: () => response,
    result() {
      if (finish === null) return null;
      const { atelier, ...others } = finish.providerMetadata ?? {};
      const joined = logprobs.length > 0 ? { logprobs: logprobs as never } : {};
      return {
        content: written(),
        finishReason: finish.finishReason,
        usage: finish.usage,
        warnings,
        ...(response ? { response } : {}),
        providerMetadata: { ...others, atelier: { ...atelier, ...joined } },
      };
    },
  };
}
