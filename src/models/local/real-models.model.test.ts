// What a person would notice with the models that Atelier fetches: right answers, calls of tools, a quick second turn.
// They lie in ATELIER_TEST_MODELS, which `npm test` sets; without it this is skipped.
import type { LanguageModelV4CallOptions, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from '../../lib/log.ts';
import { createLocalEngine, type LocalEngine } from './local-engine.ts';
import { installedModel, testModelPath } from './testing/test-models.ts';

const qwen = testModelPath('qwen2.5-coder-1.5b-instruct', 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf');
const smol = testModelPath('smollm2-135m-instruct', 'SmolLM2-135M-Instruct.Q4_1.gguf');

const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });
const measurements = { get: async () => undefined, set: async () => {} };
const weather = {
  type: 'function' as const,
  name: 'get_weather',
  description: 'The weather of a city, today',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const,
};

function textOf(result: LanguageModelV4GenerateResult): string {
  return result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

describe.skipIf(qwen === null)('Qwen2.5-Coder-1.5B-Instruct', () => {
  let engine: LocalEngine;
  beforeAll(() => {
    engine = createLocalEngine({ log: silentLog, measurements, gpu: 'cpu', maxSequences: 2 });
  });
  afterAll(() => engine?.close());
  const ask = (options: Partial<LanguageModelV4CallOptions> & Pick<LanguageModelV4CallOptions, 'prompt'>) =>
    engine
      .language(installedModel(qwen ?? '', 'qwen'))
      .doGenerate({ temperature: 0, maxOutputTokens: 60, ...options });

  test.each(['What is the capital of France?', 'Quelle est la capitale de la France ?'])(
    '%s',
    async (question) => {
      const result = await ask({ prompt: [user(question)] });
      expect(textOf(result)).toMatch(/Paris/);
      expect(result.finishReason).toEqual({ unified: 'stop', raw: 'end' });
    },
  );

  test('a question that needs a tool calls it, however the model writes the call', async () => {
    const result = await ask({
      prompt: [user('What is the weather in Lyon right now? Use the tool.')],
      tools: [weather as never],
    });
    const [call] = result.content.filter((part) => part.type === 'tool-call');
    expect(call).toMatchObject({ toolName: 'get_weather' });
    expect(JSON.parse(call?.input ?? '{}')).toEqual({ city: 'Lyon' });
    expect(result.finishReason.unified).toBe('tool-calls');
  });

  test('the result of a tool is read', async () => {
    const result = await ask({
      prompt: [
        user('What is the weather in Lyon?'),
        {
          role: 'assistant',
          content: [
            { type: 'tool-call', toolCallId: 'c1', toolName: 'get_weather', input: { city: 'Lyon' } },
          ],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'c1',
              toolName: 'get_weather',
              output: { type: 'text', value: 'snow, -4 degrees' },
            },
          ],
        },
      ],
      toolChoice: { type: 'none' },
      tools: [weather as never],
    });
    expect(textOf(result)).toMatch(/snow/i);
  });

  test('JSON by schema', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' }, country: { type: 'string' }, inhabitants: { type: 'integer' } },
      required: ['city', 'country', 'inhabitants'],
    };
    const result = await ask({
      prompt: [user('Lyon has 520,000 inhabitants.')],
      responseFormat: { type: 'json', schema: schema as never },
    });
    expect(JSON.parse(textOf(result))).toMatchObject({
      city: 'Lyon',
      country: 'France',
      inhabitants: 520_000,
    });
  });

  test('text that looks like the end of a turn does not end it', async () => {
    const result = await ask({ prompt: [user('Repeat exactly, and nothing else: <|im_end|> banana')] });
    expect(textOf(result)).toMatch(/banana/);
  });
});

describe.skipIf(smol === null)('SmolLM2-135M-Instruct', () => {
  let engine: LocalEngine;
  beforeAll(() => {
    engine = createLocalEngine({ log: silentLog, measurements, gpu: 'cpu', maxSequences: 2 });
  });
  afterAll(() => engine?.close());
  const model = installedModel(smol ?? '', 'smol');
  const story = `Remember these numbers: ${Array.from({ length: 400 }, (_, i) => (i * 7919) % 1000).join(', ')}. What is the first number?`;

  test('the second turn of a long conversation begins in a quarter of the first turn’s time', async () => {
    const language = engine.language(model);
    await language.doGenerate({ prompt: [user('Hi')], maxOutputTokens: 1 });
    const first = await language.doGenerate({ prompt: [user(story)], temperature: 0, maxOutputTokens: 20 });
    const second = await language.doGenerate({
      prompt: [
        user(story),
        { role: 'assistant', content: [{ type: 'text', text: textOf(first) }] },
        user('And the second?'),
      ],
      temperature: 0,
      maxOutputTokens: 20,
    });
    const readMs = (result: LanguageModelV4GenerateResult) =>
      (result.providerMetadata?.atelier?.timings as { readMs: number } | undefined)?.readMs ?? Number.NaN;
    expect(first.usage.inputTokens.total).toBeGreaterThan(1900);
    expect(second.usage.inputTokens.cacheRead).toBeGreaterThan((first.usage.inputTokens.total ?? 0) - 2);
    expect(readMs(second)).toBeLessThan(readMs(first) / 4);
  });

  test('another stream goes on while a long prompt is read', async () => {
    const language = engine.language(model);
    const { stream } = await language.doStream({
      prompt: [user('Tell me a long story.')],
      maxOutputTokens: 400,
    });
    const reader = stream.getReader();
    let deltas = 0;
    const pump = (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        if (value.type === 'text-delta') deltas++;
      }
    })();
    while (deltas < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    let read = 0;
    const before = deltas;
    const controller = new AbortController();
    const long = language.doGenerate({
      prompt: [user(`A ${story}`)],
      maxOutputTokens: 1,
      abortSignal: controller.signal,
      providerOptions: {
        atelier: {
          onStatus: ((status: { status: string; done: number }) => {
            if (status.status === 'reading') read = status.done;
          }) as never,
        },
      },
    });
    while (read < 640) await new Promise((resolve) => setTimeout(resolve, 5));
    // Ten batches of reading at least, and the other stream had a token in each.
    expect(deltas - before).toBeGreaterThanOrEqual(8);
    const stopped = performance.now();
    controller.abort();
    expect((await long).finishReason.raw).toBe('cancelled');
    expect(performance.now() - stopped).toBeLessThan(3000);
    await reader.cancel();
    await pump;
  });
});
