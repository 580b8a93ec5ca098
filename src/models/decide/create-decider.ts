// The typed decision call: a choice, a score or a yes/no. A model that tells the log-probabilities of its tokens is asked
// for one short code and read by them; any other makes a forced choice under a schema, without probabilities.
// Small models lean towards an option's place in the list. `orders: 2` asks a choice again in reverse and takes the
// mean, at twice the cost; docs/log.md has what that was worth.

import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { type DecideInput, type Decision, decideInputSchema } from '../../contracts/app.ts';
import { AtelierError, isAtelierError, toAtelierError } from '../../contracts/errors.ts';
import type { AtelierOptions, ModelInfo, TokenLogprob } from '../../contracts/model.ts';
import type { Ledger } from '../../monitoring/ledger.ts';
import type { Decider } from '../decider.ts';
import type { Gateway } from '../gateway.ts';
import type { CallContext } from '../model-call.ts';
import { notAChatModel } from '../not-a-chat-model.ts';
import type { ModelRegistry } from '../registry.ts';
import { choiceProbabilities } from './choice-probabilities.ts';
import { type CodeStyle, type DecisionOption, decisionPrompt, optionsOf } from './decision-prompt.ts';

export interface DeciderOptions {
  gateway: Gateway;
  registry: ModelRegistry;
  ledger: Ledger;
  /** What a model writes for an option of a choice. */
  codes?: CodeStyle;
  /** 2: every choice is asked in both orders. */
  orders?: 1 | 2;
}

interface Asked {
  options: DecisionOption[];
  probabilities: number[];
  covered: number;
}

/** The most that an OpenAI-compatible endpoint tells, too. */
const TOP = 20;
/** A remote endpoint may put a blank or a quotation mark first. */
const REMOTE_TOKENS = 4;

export function createDecider({
  gateway,
  registry,
  ledger,
  codes = 'letters',
  orders = 1,
}: DeciderOptions): Decider {
  /** Remote models that were found to tell no log-probabilities. */
  const mute = new Set<string>();

  async function path(
    info: ModelInfo,
    prompt: LanguageModelV4Prompt,
    among: readonly string[],
    context: CallContext,
    signal: AbortSignal | undefined,
  ): Promise<TokenLogprob[]> {
    const remote = info.place.kind === 'remote';
    const longest = Math.max(...among.map((code) => Buffer.byteLength(code)));
    const atelier: AtelierOptions = {
      logprobs: true,
      topLogprobs: TOP,
      ...(remote ? {} : { choices: [...among] }),
    };
    const result = await gateway.generate(
      info.id,
      {
        prompt,
        temperature: 0,
        maxOutputTokens: remote ? REMOTE_TOKENS : longest,
        ...(info.place.kind === 'local' ? { reasoning: 'none' as const } : {}),
        ...(signal === undefined ? {} : { abortSignal: signal }),
        providerOptions: { atelier: atelier as Record<string, never> },
      },
      context,
    );
    return (result.providerMetadata?.atelier?.logprobs ?? []) as unknown as TokenLogprob[];
  }

  async function byTokens(
    info: ModelInfo,
    input: DecideInput,
    context: CallContext,
    signal: AbortSignal | undefined,
  ): Promise<Asked> {
    const forced = info.place.kind !== 'remote';
    // A scripted model has no eye for codes: its script names the label.
    const options = optionsOf(input.question, info.place.kind === 'scripted' ? 'labels' : codes);
    const prompt = decisionPrompt(input, options);
    const found = await choiceProbabilities(
      options.map(({ code }) => code),
      (among) => path(info, prompt, among, context, signal),
      { forced },
    );
    return { options, ...found };
  }

  async function inBothOrders(
    info: ModelInfo,
    input: DecideInput,
    context: CallContext,
    signal: AbortSignal | undefined,
  ): Promise<Asked> {
    const first = await byTokens(info, input, context, signal);
    if (orders === 1 || input.question.type !== 'choice') return first;
    const turned = { ...input.question, options: input.question.options.toReversed() };
    const second = await byTokens(info, { ...input, question: turned }, context, signal);
    const back = second.probabilities.toReversed();
    return {
      ...first,
      probabilities: first.probabilities.map((value, index) => (value + (back[index] ?? 0)) / 2),
      covered: (first.covered + second.covered) / 2,
    };
  }

  async function bySchema(
    info: ModelInfo,
    input: DecideInput,
    context: CallContext,
    signal: AbortSignal | undefined,
  ): Promise<DecisionOption> {
    const options = optionsOf(input.question, 'labels');
    const schema = {
      type: 'object' as const,
      properties: { answer: { type: 'string' as const, enum: options.map(({ label }) => label) } },
      required: ['answer'],
      additionalProperties: false,
    };
    const result = await gateway.generate(
      info.id,
      {
        prompt: decisionPrompt(input, options),
        temperature: 0,
        responseFormat: { type: 'json', schema, name: 'decision' },
        ...(signal === undefined ? {} : { abortSignal: signal }),
      },
      context,
    );
    const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const answer = answerIn(text);
    const option = options.find(({ label }) => label.toLowerCase() === answer?.toLowerCase());
    if (option !== undefined) return option;
    throw new AtelierError(
      'model_failed',
      `${info.id} chose none of the options. Ask again, or choose a model that follows a JSON schema.`,
      { data: { model: info.id }, retryable: true },
    );
  }

  async function decided(
    info: ModelInfo,
    input: DecideInput,
    context: CallContext,
    signal: AbortSignal | undefined,
  ): Promise<Omit<Decision, 'traceId' | 'spanId'> & { covered: number | null }> {
    const remote = info.place.kind === 'remote';
    const several = optionsOf(input.question, 'labels').length > TOP;
    if (!remote || !(several || mute.has(info.id))) {
      const asked = await inBothOrders(info, input, context, signal).catch((thrown: unknown) => {
        if (remote && isAtelierError(thrown) && thrown.code === 'provider_rejected') return null;
        throw thrown;
      });
      if (asked !== null && (!remote || asked.covered > 0)) return { ...read(asked), model: info.id };
      mute.add(info.id);
    }
    const { value } = await bySchema(info, input, context, signal);
    return {
      value,
      probability: null,
      probabilities: null,
      expected: null,
      method: 'schema',
      model: info.id,
      covered: null,
    };
  }

  return {
    async weigh({ model, prompt, choices }, context, signal) {
      const { info } = await registry.resolve(model);
      const remote = info.place.kind === 'remote';
      if (remote && (choices.length > TOP || mute.has(info.id))) return null;
      const found = await choiceProbabilities(
        choices,
        (among) => path(info, prompt, among, context, signal),
        { forced: !remote },
      ).catch((thrown: unknown) => {
        if (remote && isAtelierError(thrown) && thrown.code === 'provider_rejected') return null;
        throw thrown;
      });
      if (found !== null && (!remote || found.covered > 0)) return found.probabilities;
      mute.add(info.id);
      return null;
    },
    async decide(unchecked, context, signal) {
      const parsed = decideInputSchema.safeParse(unchecked);
      if (!parsed.success) {
        const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
        throw new AtelierError('invalid_request', `This decision cannot be asked: ${faults.join(' | ')}`, {
          data: { faults },
        });
      }
      const input = parsed.data;
      const { info } = await registry.resolve(input.model);
      if (info.kind !== 'chat') throw notAChatModel(info);
      const span = ledger.startSpan({
        ...(context.parent === undefined
          ? {}
          : { traceId: context.parent.traceId, parentId: context.parent.spanId }),
        name: context.name ?? `decide ${input.question.type}`,
        kind: 'run',
        userId: context.identity.userId,
        conversationId: context.conversationId ?? null,
        source: context.source,
        keyId: context.identity.keyId ?? null,
        app: context.app ?? null,
        attributes: { 'atelier.decision.type': input.question.type },
        input: { instructions: input.instructions, input: input.input, question: input.question },
      });
      const { name: _name, ...rest } = context;
      const below = { ...rest, parent: { traceId: span.traceId, spanId: span.spanId } };
      try {
        const { covered, ...decision } = await decided(info, input, below, signal);
        span.end({
          status: 'ok',
          model: info.id,
          attributes: {
            'atelier.decision.method': decision.method,
            ...(covered === null ? {} : { 'atelier.decision.covered': covered }),
          },
          output: { value: decision.value, probabilities: decision.probabilities },
        });
        return { ...decision, traceId: span.traceId, spanId: span.spanId };
      } catch (thrown) {
        const error = toAtelierError(thrown);
        span.end({ status: error.code === 'cancelled' ? 'cancelled' : 'error', error: error.toJSON() });
        throw thrown;
      }
    },
  };
}

function answerIn(text: string): string | null {
  try {
    const { answer } = JSON.parse(text) as { answer?: unknown };
    return typeof answer === 'string' || typeof answer === 'number' ? String(answer) : null;
  } catch {
    return text.trim() === '' ? null : text.trim();
  }
}

function read({ options, probabilities, covered }: Asked): Omit<Decision, 'traceId' | 'spanId' | 'model'> & {
  covered: number;
} {
  const best = probabilities.indexOf(Math.max(...probabilities));
  const option = options[best] ?? options[0];
  const scores = options.every(({ value }) => typeof value === 'number');
  return {
    value: option?.value ?? '',
    probability: probabilities[best] ?? 0,
    probabilities: Object.fromEntries(options.map(({ label }, index) => [label, probabilities[index] ?? 0])),
    expected: scores
      ? options.reduce((sum, { value }, index) => sum + Number(value) * (probabilities[index] ?? 0), 0)
      : null,
    method: 'logprobs',
    covered,
  };
}
