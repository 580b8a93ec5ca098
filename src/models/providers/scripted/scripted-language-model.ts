// A scripted model as an AI SDK LanguageModelV4. It follows rules, so sampling settings change nothing (but the seed of
// `#words`); everything else of a call is honoured or refused as a real model would.
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import { atelierOptionsOf } from '../../call-attributes.ts';
import { collectParts } from '../../collect-parts.ts';
import { planAnswer, refuseUnreadable } from './plan-answer.ts';
import { playPlan, type Sleep } from './play-plan.ts';
import { countPrompt } from './tokens.ts';

export interface ScriptedModelOptions {
  name: 'echo' | 'script';
  contextLength: number;
  sleep: Sleep;
  now: () => number;
}

export function createScriptedLanguageModel({
  name,
  contextLength,
  sleep,
  now,
}: ScriptedModelOptions): LanguageModelV4 {
  const id = `scripted/${name}`;

  function prepare(options: LanguageModelV4CallOptions) {
    options.abortSignal?.throwIfAborted();
    const extra = atelierOptionsOf(options);
    refuseUnreadable(options.prompt, id);
    const input = countPrompt(options);
    if (input >= contextLength) {
      throw new AtelierError(
        'context_overflow',
        `The prompt has ${input} tokens and ${id} holds ${contextLength}. Shorten it or choose a model with a larger context.`,
        {
          data: { model: id, promptTokens: input, contextLength },
        },
      );
    }
    const plan = planAnswer(name, options);
    if (plan.refusal) throw plan.refusal;
    return { plan, extra, input };
  }

  const doStream: LanguageModelV4['doStream'] = async (options) => {
    const prepared = prepare(options);
    const gone = new AbortController();
    const signal = options.abortSignal ? AbortSignal.any([options.abortSignal, gone.signal]) : gone.signal;
    const parts = playPlan({ ...prepared, name, options, contextLength, signal, sleep, now });
    const stream = new ReadableStream<LanguageModelV4StreamPart>(
      {
        async pull(controller) {
          const next = await parts.next();
          if (next.done) controller.close();
          else controller.enqueue(next.value);
        },
        async cancel(reason) {
          gone.abort(reason);
          await parts.return(undefined);
        },
      },
      { highWaterMark: 0 },
    );
    return { stream };
  };

  return {
    specificationVersion: 'v4',
    provider: 'scripted',
    modelId: name,
    supportedUrls: {},
    doStream,
    async doGenerate(options) {
      const { stream } = await doStream(options);
      const collected = collectParts();
      for await (const part of stream) {
        if (part.type === 'error') throw part.error;
        collected.add(part);
      }
      const result = collected.result();
      if (!result) throw new AtelierError('internal', `${id} ended without a finish part.`);
      return result;
    },
  };
}
