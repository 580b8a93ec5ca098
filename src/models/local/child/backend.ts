// The native half of the batch loop: decodes a batch, picks tokens, and reads raw log-probabilities.
import type { Llama, LlamaGrammar, LlamaModel, Token } from 'node-llama-cpp';
import type { TokenLogprob } from '../../../contracts/model.ts';
import type { Sampling } from '../engine-protocol.ts';
import type { Native, NativeSampler } from './native.ts';
import type { TokenBytes } from './token-bytes.ts';

export interface BatchPart {
  sequence: number;
  position: number;
  tokens: readonly number[];
  /** Which tokens' successors are wanted. */
  want: 'none' | 'last' | 'all';
}

export interface Picker {
  /** Chooses the token after the one whose logits lie at `at`. */
  pick(at: number): Promise<number>;
  dispose(): void;
}

export interface BatchBackend {
  /** For every part, where the wanted logits lie. */
  decode(parts: readonly BatchPart[]): Promise<number[][]>;
  /** Drops what a sequence holds from `length` on; returns how much of it is left, 0 when the model cannot cut. */
  keep(sequence: number, length: number): number;
  createPicker(
    sampling: Sampling,
    grammar: string | null,
    recent: (window: number) => readonly number[],
  ): Promise<Picker>;
  /**
   * The log-probability of `token` before any sampling setting, with the `top` likeliest beside it. `restAt`: for each of
   * these temperatures also the sum of p^(1/T) over all other tokens, taken here because a vocabulary is long.
   */
  logprob(at: number, token: number, top: number, restAt?: readonly number[]): Promise<TokenLogprob>;
  /** The `top` likeliest tokens there with their probabilities, and the log-probability of `token` (null: not asked). */
  score(at: number, token: number | null, top: number): Promise<Score>;
  isEnd(token: number): boolean;
}

export interface Score {
  logProbability: number;
  top: { id: number; probability: number }[];
}

export interface BackendOptions {
  llama: Llama;
  model: LlamaModel;
  native: Native;
  bytes: TokenBytes;
}

const MAX_GRAMMARS = 16;
/** More tokens than any model has. */
const WHOLE_VOCABULARY = 1_000_000;
/** Tokens that the repeat penalty looks back on, as llama.cpp's default; presence and frequency count nearly all. */
const REPEAT_WINDOW = 64;
const PRESENCE_WINDOW = 1024;

/** `logits` of the whole vocabulary, the highest first; the token that was asked for may stand once more at the end. */
function sumsBeyond(
  logits: readonly { id: number; logit: number }[],
  top: number,
  normaliser: number,
  temperatures: readonly number[],
): number[] {
  const last = logits.length - 1;
  const repeated = logits.findIndex(({ id }) => id === logits[last]?.id) < last;
  const beyond = logits.slice(top, repeated ? last : undefined);
  return temperatures.map((temperature) =>
    beyond.reduce((sum, { logit }) => sum + Math.exp((logit - normaliser) / temperature), 0),
  );
}

export function createBackend({ llama, model, native, bytes }: BackendOptions): BatchBackend {
  const { context } = native;
  const grammars = new Map<string, LlamaGrammar>();
  let greedy: NativeSampler | null = null;
  const ends = new Map<number, boolean>();

  const grammarFor = async (text: string): Promise<LlamaGrammar> => {
    const known = grammars.get(text);
    if (known !== undefined) return known;
    const grammar = await llama.createGrammar({ grammar: text });
    const oldest = grammars.keys().next().value;
    if (grammars.size >= MAX_GRAMMARS && oldest !== undefined) grammars.delete(oldest);
    grammars.set(text, grammar);
    return grammar;
  };

  const describe = (token: number): { token: string; bytes: number[] } => {
    const raw = bytes.of(token, true);
    return { token: new TextDecoder().decode(raw), bytes: [...raw] };
  };

  /** Before any sampling setting: the likeliest `ask` tokens, the likeliest first, and `token`. */
  const rawLogits = async (at: number, token: number, ask: number) => {
    if (greedy === null) {
      greedy = native.createSampler();
      greedy.applyConfig({ temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0 });
    }
    const result = await context.sampleToken(
      at,
      greedy,
      false,
      false,
      [[token], false, false, false, ask],
      true,
    );
    const pairs = result[3] ?? [];
    const weight = result[4] ?? 1;
    const logits: { id: number; logit: number }[] = [];
    for (let i = 0; i + 1 < pairs.length; i += 2)
      logits.push({ id: pairs[i] ?? 0, logit: pairs[i + 1] ?? 0 });
    // The weight is the sum of exp(logit - highest), so the highest has to be known: it is the first of the top.
    const highest = logits[0]?.logit ?? 0;
    return { logits, normaliser: highest + Math.log(weight) };
  };

  return {
    async decode(parts) {
      context.initBatch(parts.reduce((sum, part) => sum + part.tokens.length, 0));
      const places = parts.map((part) => {
        const last = part.tokens.length - 1;
        const wanted =
          part.want === 'none' ? [] : part.want === 'last' ? [last] : part.tokens.map((_, i) => i);
        const tokens = Uint32Array.from(part.tokens);
        return [...context.addToBatch(part.sequence, part.position, tokens, Uint32Array.from(wanted))];
      });
      await context.decodeBatch();
      return places;
    },

    keep(sequence, length) {
      if (length > 0 && context.removeTokenCellsFromSequence(sequence, length, -1)) return length;
      context.disposeSequence(sequence);
      return 0;
    },

    async createPicker(sampling, grammar, recent) {
      const state = grammar === null ? undefined : native.createGrammarState(await grammarFor(grammar));
      const sampler = native.createSampler();
      const penalised =
        sampling.repeatPenalty !== 1 || sampling.presencePenalty !== 0 || sampling.frequencyPenalty !== 0;
      const window = sampling.repeatPenalty !== 1 ? REPEAT_WINDOW : PRESENCE_WINDOW;
      const config: Record<string, unknown> = {
        temperature: sampling.temperature,
        topP: sampling.topP,
        topK: sampling.topK,
        minP: sampling.minP,
        seed: sampling.seed,
      };
      if (state !== undefined) config.grammarEvaluationState = state;
      if (sampling.logitBias.length > 0) {
        config.tokenBiasKeys = Uint32Array.from(sampling.logitBias, ([token]) => token);
        config.tokenBiasValues = Float32Array.from(sampling.logitBias, ([, bias]) => bias);
      }
      sampler.applyConfig(config);
      return {
        pick: async (at) => {
          if (penalised) {
            const tokens = Uint32Array.from(recent(window));
            sampler.applyConfig({
              ...config,
              repeatPenalty: sampling.repeatPenalty,
              repeatPenaltyPresencePenalty: sampling.presencePenalty,
              repeatPenaltyFrequencyPenalty: sampling.frequencyPenalty,
              repeatPenaltyTokens: tokens,
              repeatPenaltyMaxTokens: window,
            });
          }
          const token = await context.sampleToken(at, sampler);
          if (token < 0) throw new Error('No token could be chosen: every one was ruled out.');
          return token;
        },
        dispose: () => sampler.dispose(),
      };
    },

    async logprob(at, token, top, restAt) {
      const ask = restAt === undefined ? Math.max(1, top) : WHOLE_VOCABULARY;
      const { logits, normaliser } = await rawLogits(at, token, ask);
      const own = logits.find((entry) => entry.id === token);
      return {
        ...describe(token),
        tokenId: token,
        logprob: own === undefined ? Number.NEGATIVE_INFINITY : own.logit - normaliser,
        top: logits
          .slice(0, top)
          .map((entry) => ({ ...describe(entry.id), logprob: entry.logit - normaliser })),
        ...(restAt === undefined ? {} : { rest: sumsBeyond(logits, top, normaliser, restAt) }),
      };
    },

    async score(at, token, top) {
      const { logits, normaliser } = await rawLogits(at, token ?? 0, Math.max(1, top));
      const own = logits.find((entry) => entry.id === token);
      return {
        logProbability: own === undefined ? Number.NEGATIVE_INFINITY : own.logit - normaliser,
        top: logits.slice(0, top).map(({ id, logit }) => ({ id, probability: Math.exp(logit - normaliser) })),
      };
    },

    isEnd(token) {
      let end = ends.get(token);
      if (end === undefined) {
        end = model.isEogToken(token as Token);
        ends.set(token, end);
      }
      return end;
    },
  };
}
