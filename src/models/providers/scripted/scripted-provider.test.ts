// The scripted models as a caller sees them: parts, finish reasons, usage, tools, schemas, errors.
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import type { TokenLogprob } from '../../../contracts/model.ts';
import { createScriptedProvider } from './scripted-provider.ts';

const provider = createScriptedProvider({ now: () => 1_700_000_000_000 });

async function modelOf(name: string, contextLength?: number) {
  const own = contextLength ? createScriptedProvider({ contextLength }) : provider;
  return (await own.resolve(name))!.language!;
}

const ask = (text: string, more: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...more,
});

async function partsOf(name: string, options: LanguageModelV4CallOptions) {
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of (await (await modelOf(name)).doStream(options)).stream) parts.push(part);
  return parts;
}

const textOf = (parts: readonly LanguageModelV4StreamPart[]) =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');

const finishOf = (parts: readonly LanguageModelV4StreamPart[]) => {
  const finish = parts.at(-1);
  if (finish?.type !== 'finish') throw new Error(`ended with ${finish?.type}`);
  return finish;
};

const weather = {
  type: 'function',
  name: 'get_weather',
  inputSchema: {
    type: 'object',
    properties: { city: { type: 'string', minLength: 2 }, days: { type: 'integer', minimum: 3 } },
    required: ['city', 'days'],
  },
} as const satisfies NonNullable<LanguageModelV4CallOptions['tools']>[number];

describe('the scripted models', () => {
  test('echo gives the last user text back unchanged, word by word', async () => {
    const text = 'Deux  espaces,\n\nun retour et une « citation » 👩‍👩‍👧.  ';
    const parts = await partsOf('echo', {
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'first' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'first' }] },
        { role: 'user', content: [{ type: 'text', text }] },
      ],
    });
    expect(textOf(parts)).toBe(text);
    expect(parts.filter((part) => part.type === 'text-delta').length).toBeGreaterThan(5);
    expect(finishOf(parts).finishReason.unified).toBe('stop');
  });

  test('the same prompt gives the same parts', async () => {
    expect(await partsOf('script', ask('#words 80 fr'))).toEqual(
      await partsOf('script', ask('#words 80 fr')),
    );
    expect(textOf(await partsOf('script', ask('#words 80', { seed: 2 })))).not.toBe(
      textOf(await partsOf('script', ask('#words 80', { seed: 3 }))),
    );
  });

  test.each([
    ['What is the capital of France?', /scripted demo/],
    ['Quelle est la capitale de la France ?', /démo scriptée/],
    ['Bonjour', /démo scriptée/],
    ['Hello', /scripted demo/],
  ])('without a directive it says what it is, in the language of %s', async (question, expected) => {
    const text = textOf(await partsOf('script', ask(question)));
    expect(text).toMatch(expected);
    expect(text).toContain('#tool get_weather');
  });

  test('text and reasoning are blocks in the order of the script', async () => {
    const parts = await partsOf('script', ask('#reasoning Two words\n#text Hello\\nthere'));
    expect(parts.map((part) => part.type)).toEqual([
      'stream-start',
      'response-metadata',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-delta',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-delta',
      'text-end',
      'finish',
    ]);
    expect(textOf(parts)).toBe('Hello\nthere');
    expect(finishOf(parts).usage.outputTokens).toEqual({ total: 4, text: 2, reasoning: 2 });
    expect(finishOf(parts).usage.inputTokens.total).toBe(6);
  });

  test('an answer longer than max tokens stops there with reason length, an exact fit with stop', async () => {
    const cut = await partsOf('script', ask('#text one two three', { maxOutputTokens: 2 }));
    expect(textOf(cut)).toBe('one two');
    expect(finishOf(cut).finishReason.unified).toBe('length');
    const whole = await partsOf('script', ask('#text one two three', { maxOutputTokens: 3 }));
    expect(finishOf(whole).finishReason.unified).toBe('stop');
  });

  test('max tokens beyond the room left is capped and noted', async () => {
    const parts = await partsOf('echo', ask('hi', { maxOutputTokens: 2 ** 31 - 1 }));
    expect(finishOf(parts).providerMetadata?.atelier?.notes).toEqual([
      'max_tokens 2147483647 was capped to the 32766 left in the context.',
    ]);
  });

  test('the text ends before a stop sequence', async () => {
    const parts = await partsOf(
      'script',
      ask('#text one two STOP three', { stopSequences: ['zzz', 'STOP'] }),
    );
    expect(textOf(parts)).toBe('one two ');
    expect(finishOf(parts).finishReason.unified).toBe('stop');
    expect(finishOf(parts).providerMetadata?.atelier?.stopSequence).toBe('STOP');
  });

  test('a tool is called only when it was offered; after its result the script goes on', async () => {
    const script = '#tool get_weather {"city":"Paris"}\n#text It is sunny.';
    const first = await partsOf('script', ask(script, { tools: [weather] }));
    expect(first).toContainEqual({
      type: 'tool-call',
      toolCallId: 'call_1_0_get_weather',
      toolName: 'get_weather',
      input: '{"city":"Paris"}',
    });
    expect(finishOf(first).finishReason.unified).toBe('tool-calls');
    const second = await partsOf('script', {
      tools: [weather],
      prompt: [
        ...ask(script).prompt,
        {
          role: 'assistant',
          content: [
            {
              type: 'tool-call',
              toolCallId: 'call_1_0_get_weather',
              toolName: 'get_weather',
              input: { city: 'Paris' },
            },
          ],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'call_1_0_get_weather',
              toolName: 'get_weather',
              output: { type: 'text', value: 'sun' },
            },
          ],
        },
      ],
    });
    expect(textOf(second)).toBe('It is sunny.');
    expect(finishOf(second).finishReason.unified).toBe('stop');
    const without = await partsOf('script', ask('#tool get_weather {}'));
    expect(textOf(without)).toBe('The tool get_weather was not offered.');
  });

  test('what a client adds to the result of a tool does not end the script', async () => {
    const asked = ask('#tool get_weather {"city":"Paris"}\n#text It is sunny.');
    const call = { type: 'tool-call' as const, toolCallId: 'c', toolName: 'get_weather', input: {} };
    const output = { type: 'text' as const, value: 'sun' };
    const reminded = (text: string) =>
      partsOf('script', {
        ...asked,
        tools: [weather],
        prompt: [
          ...asked.prompt,
          { role: 'assistant', content: [call] },
          {
            role: 'tool',
            content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'get_weather', output }],
          },
          { role: 'user', content: [{ type: 'text', text }] },
        ],
      });
    expect(textOf(await reminded('Remember to be brief.'))).toBe('It is sunny.');
    expect(textOf(await reminded('#text Another script'))).toBe('Another script');
  });

  test('without further steps the answer is the tool’s result', async () => {
    const parts = await partsOf('script', {
      tools: [weather],
      prompt: [
        ...ask('#tool get_weather {}').prompt,
        {
          role: 'assistant',
          content: [{ type: 'tool-call', toolCallId: 'a', toolName: 'get_weather', input: {} }],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'a',
              toolName: 'get_weather',
              output: { type: 'json', value: { sky: 'blue' } },
            },
          ],
        },
      ],
    });
    expect(textOf(parts)).toBe('get_weather: {"sky":"blue"}');
  });

  test('a forced tool is called with the smallest input that its schema allows', async () => {
    const parts = await partsOf(
      'script',
      ask('Hello', { tools: [weather], toolChoice: { type: 'tool', toolName: 'get_weather' } }),
    );
    const call = parts.find((part) => part.type === 'tool-call');
    expect(JSON.parse(call!.type === 'tool-call' ? call!.input : '')).toEqual({ city: 'aa', days: 3 });
  });

  test('a schema without a script gets an instance, with one the script’s JSON', async () => {
    const responseFormat = {
      type: 'json',
      schema: {
        type: 'object',
        properties: {
          label: { enum: ['positive', 'negative'] },
          score: { $ref: '#/$defs/score' },
          tags: { type: 'array', items: { type: 'string' }, minItems: 1 },
          optional: { type: 'string' },
        },
        required: ['label', 'score', 'tags'],
        $defs: { score: { type: 'number', minimum: 0.5 } },
      } as never,
    } as const;
    expect(JSON.parse(textOf(await partsOf('script', ask('Hello', { responseFormat }))))).toEqual({
      label: 'positive',
      score: 0.5,
      tags: [''],
    });
    expect(textOf(await partsOf('script', ask('#json {"label":"negative"}', { responseFormat })))).toBe(
      '{"label":"negative"}',
    );
  });

  test.each([
    ['#error 429 Slow down', 'provider_rate_limited', 'Slow down', true],
    ['#error 401 No', 'provider_unauthorized', 'No', false],
    ['#error context_overflow Too long', 'context_overflow', 'Too long', false],
    ['#error broken', 'provider_failed', 'broken', true],
  ])('%s is refused before the first part', async (script, code, message, retryable) => {
    const model = await modelOf('script');
    await expect(model.doStream(ask(script))).rejects.toMatchObject({ code, message, retryable });
  });

  test('#error-mid fails after what stands before it', async () => {
    const parts = await partsOf('script', ask('#text half\n#error-mid cut'));
    expect(textOf(parts)).toBe('half');
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_failed', message: 'cut' } });
  });

  test('log-probabilities: one a token, with as many alternatives as asked', async () => {
    const parts = await partsOf(
      'script',
      ask('#text one two', { providerOptions: { atelier: { logprobs: true, topLogprobs: 3 } } }),
    );
    const entries = parts.flatMap((part) =>
      part.type === 'text-delta'
        ? (part.providerMetadata?.atelier?.logprobs as unknown as TokenLogprob[])
        : [],
    );
    expect(entries.map((entry) => entry.token)).toEqual(['one', ' two']);
    for (const entry of entries) {
      expect(entry.top).toHaveLength(3);
      expect(entry.top[0]!.logprob).toBeGreaterThan(entry.top[1]!.logprob);
      const mass = entry.top.reduce((sum, top) => sum + Math.exp(top.logprob), 0);
      expect(mass).toBeLessThanOrEqual(1);
    }
  });

  test('a prompt beyond the context is refused with both numbers', async () => {
    const model = await modelOf('echo', 10);
    await expect(model.doStream(ask('a b c d e f g h i j'))).rejects.toMatchObject({
      code: 'context_overflow',
      data: { promptTokens: 11, contextLength: 10 },
    });
  });

  test('a megabyte without a space overflows too', async () => {
    await expect((await modelOf('echo')).doStream(ask('x'.repeat(1_000_000)))).rejects.toMatchObject({
      code: 'context_overflow',
    });
  });

  test('an image is refused in words', async () => {
    const content = [{ type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } }] as const;
    await expect(
      (await modelOf('echo')).doStream({ prompt: [{ role: 'user', content: [...content] }] }),
    ).rejects.toMatchObject({
      code: 'unsupported_content',
    });
  });

  test('an abort ends a slow answer at once, with the usage so far', async () => {
    const stop = new AbortController();
    const { stream } = await (await modelOf('script')).doStream(
      ask('#delay 20\n#words 100', { abortSignal: stop.signal }),
    );
    const parts: LanguageModelV4StreamPart[] = [];
    const started = performance.now();
    await expect(async () => {
      for await (const part of stream) {
        parts.push(part);
        if (part.type === 'text-delta') stop.abort();
      }
    }).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - started).toBeLessThan(1000);
    expect(finishOf(parts).finishReason.raw).toBe('cancelled');
    expect(finishOf(parts).usage.outputTokens.total).toBe(1);
  });

  test('a line that only looks like a directive is warned of', async () => {
    const parts = await partsOf('script', ask('#text ok\n#textt oops\n# A heading'));
    expect(parts[0]).toEqual({
      type: 'stream-start',
      warnings: [{ type: 'other', message: 'Not a directive of scripted/script: #textt oops' }],
    });
  });

  test('#status tells of queue, loading and reading', async () => {
    const seen: string[] = [];
    const onStatus = ((status: { status: string }) => seen.push(status.status)) as never;
    await partsOf(
      'script',
      ask('#status\n#delay 1\n#text x', { providerOptions: { atelier: { onStatus } } }),
    );
    expect(seen).toEqual(['queued', 'queued', 'loading', 'reading', 'writing']);
  });

  test('embeddings are unit vectors, equal for equal texts, closer for shared words', async () => {
    const model = (await provider.resolve('embed'))!.embedding!;
    const values = ['the red house', 'the red house', 'a red house', 'quantum soup', ''];
    const { embeddings } = await model.doEmbed({ values });
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    for (const vector of embeddings) expect(Math.hypot(...vector)).toBeCloseTo(1);
    expect(embeddings[0]).toEqual(embeddings[1]);
    expect(dot(embeddings[0]!, embeddings[2]!)).toBeGreaterThan(dot(embeddings[0]!, embeddings[3]!));
  });

  test('there is no scripted model of another name', async () => {
    expect(await provider.resolve('gpt')).toBeNull();
  });
});
