// The scripted models: rules in place of a network, for demos and as a test double behind every surface.
// They are named as what they are, and stand last in every list.
import { setTimeout as wait } from 'node:timers/promises';
import type { ModelInfo } from '../../../contracts/model.ts';
import type { TokenCounter } from '../../create-gateway.ts';
import type { ModelProvider } from '../../registry.ts';
import type { Sleep } from './play-plan.ts';
import { createScriptedEmbeddingModel } from './scripted-embedding-model.ts';
import { createScriptedLanguageModel } from './scripted-language-model.ts';
import { countPrompt } from './tokens.ts';

const CONTEXT_LENGTH = 32_768;

const displayNames = {
  script: 'Scripted demo (follows # lines)',
  echo: 'Scripted echo (repeats you)',
  embed: 'Scripted embedding (hashed words)',
} as const;
type ScriptedName = keyof typeof displayNames;

export interface ScriptedProviderOptions {
  sleep?: Sleep;
  /** Epoch milliseconds. */
  now?: () => number;
  /** Smaller in a test of a full context. */
  contextLength?: number;
}

/** Scripted models count in words (tokens.ts), for the gateway's `tokenCounters`. */
export const countScriptedTokens: TokenCounter = async (_model, options) => countPrompt(options);

export function createScriptedProvider(options: ScriptedProviderOptions = {}): ModelProvider {
  const { now = Date.now, contextLength = CONTEXT_LENGTH } = options;
  const sleep: Sleep = options.sleep ?? ((ms, signal) => wait(ms, undefined, { signal }));
  const createdAt = now();

  const infoOf = (name: ScriptedName): ModelInfo => ({
    id: `scripted/${name}`,
    provider: 'scripted',
    name,
    displayName: displayNames[name],
    kind: name === 'embed' ? 'embedding' : 'chat',
    place: { kind: 'scripted', host: null },
    state: 'ready',
    error: null,
    contextLength,
    parameters: null,
    quantization: null,
    sizeBytes: null,
    licence: null,
    input: ['text'],
    tools: name === 'script',
    languages: [],
    price: { kind: 'none' },
    createdAt,
  });

  const names = Object.keys(displayNames) as ScriptedName[];
  return {
    id: 'scripted',
    list: async () => names.map(infoOf),
    async resolve(name) {
      const known = names.find((one) => one === name);
      if (!known) return null;
      const info = infoOf(known);
      if (known === 'embed') return { info, language: null, embedding: createScriptedEmbeddingModel() };
      const language = createScriptedLanguageModel({ name: known, contextLength, sleep, now });
      return { info, language, embedding: null };
    },
  };
}
