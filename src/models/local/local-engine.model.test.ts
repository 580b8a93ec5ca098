// The engine with a real model: stories260K, 260 thousand parameters, whose greedy output and log-probabilities were
// computed by another program (test/fixtures/stories260K).
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AtelierError } from '../../contracts/errors.ts';
import type {
  AtelierMetadata,
  AtelierOptions,
  CallStatus,
  PromptToken,
  TokenLogprob,
} from '../../contracts/model.ts';
import { silentLog } from '../../lib/log.ts';
import type { InstalledModel } from '../library.ts';
import { createLocalEngine, type LocalEngine, type LocalEngineOptions } from './local-engine.ts';

const fixtures = fileURLToPath(new URL('../../../test/fixtures/stories260K/', import.meta.url));
const oracle = JSON.parse(readFileSync(join(fixtures, 'expected_greedy.json'), 'utf8')) as {
  greedy_ids: number[];
  greedy_text: string;
  logits_after_bos_top10: [number, number][];
  greedy_logprobs_first20: number[];
};

function installed(path: string, id = 'stories260K'): InstalledModel {
  return {
    id,
    path,
    adapter: null,
    sizeBytes: 1_185_504,
    sha256: null,
    source: `path:${path}`,
    catalogueId: null,
    kind: 'chat',
    architecture: 'llama',
    contextLength: 512,
    parameters: 260_000,
    quantization: 'F32',
    createdAt: 0,
  };
}

const stories = installed(join(fixtures, 'stories260K.f32.gguf'));
const measured = new Map<string, unknown>();
const measurements = {
  get: async (key: string) => measured.get(key),
  set: async (key: string, value: unknown) => {
    measured.set(key, value);
  },
};
const start = (options: Partial<LocalEngineOptions> = {}): LocalEngine =>
  createLocalEngine({ log: silentLog, measurements, gpu: 'cpu', ...options });

const ask = (text: string, more: Partial<LanguageModelV4CallOptions> = {}, atelier: AtelierOptions = {}) =>
  ({
    prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
    temperature: 0,
    maxOutputTokens: 40,
    ...more,
    providerOptions: { atelier: atelier as never },
  }) satisfies LanguageModelV4CallOptions;

interface Answer {
  parts: LanguageModelV4StreamPart[];
  text: string;
  logprobs: TokenLogprob[];
  /** The echoed prompt. */
  prompt: PromptToken[];
  finish: Extract<LanguageModelV4StreamPart, { type: 'finish' }>;
  atelier: AtelierMetadata;
}

async function answer(
  engine: LocalEngine,
  options: LanguageModelV4CallOptions,
  model = stories,
): Promise<Answer> {
  const { stream } = await engine.language(model).doStream(options);
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) {
    if (part.type === 'error') throw part.error;
    parts.push(part);
  }
  const deltas = parts.flatMap((part) => (part.type === 'text-delta' ? [part] : []));
  const finish = parts.find((part) => part.type === 'finish');
  if (finish === undefined) throw new Error('no finish');
  return {
    parts,
    text: deltas.map((part) => part.delta).join(''),
    logprobs: deltas.flatMap(
      (part) => (part.providerMetadata?.atelier?.logprobs ?? []) as unknown as TokenLogprob[],
    ),
    prompt: deltas.flatMap(
      (part) => (part.providerMetadata?.atelier?.prompt ?? []) as unknown as PromptToken[],
    ),
    finish,
    atelier: (finish.providerMetadata?.atelier ?? {}) as AtelierMetadata,
  };
}

async function failure(promise: Promise<unknown>): Promise<AtelierError> {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: AtelierError) => error,
  );
}

let engine: LocalEngine;
let folder: string;
beforeAll(() => {
  engine = start();
  folder = mkdtempSync(join(tmpdir(), 'atelier-engine-'));
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('greedy output', () => {
  test('equals the oracle, text, ids and log-probabilities', async () => {
    const raw = { rawPrompt: true, logprobs: true, topLogprobs: 10 } as const;
    const result = await answer(engine, ask('', { maxOutputTokens: 256 }, raw));
    expect(result.text).toBe(oracle.greedy_text);
    expect(result.logprobs.map((entry) => entry.tokenId)).toEqual(oracle.greedy_ids);
    for (const [i, expected] of oracle.greedy_logprobs_first20.entries()) {
      expect(result.logprobs[i]?.logprob).toBeCloseTo(expected, 3);
    }
    const [first] = result.logprobs;
    const logits = oracle.logits_after_bos_top10.map(([, logit]) => logit);
    const differences = first?.top.map(
      (entry, i) => entry.logprob - (first.top[0]?.logprob ?? 0) - ((logits[i] ?? 0) - (logits[0] ?? 0)),
    );
    for (const difference of differences ?? [1]) expect(Math.abs(difference)).toBeLessThan(0.01);
    expect(result.finish.finishReason).toEqual({ unified: 'length', raw: 'length' });
    expect(result.finish.usage.inputTokens.total).toBe(1);
    expect(result.finish.usage.outputTokens.total).toBe(256);
  });

  test('is the same next to seven others', async () => {
    const prompts = Array.from({ length: 8 }, (_, i) =>
      i === 0 ? '' : `Once upon a time there was a cat number ${i}`,
    );
    const raw = { rawPrompt: true } as const;
    const results = await Promise.all(
      prompts.map((text) => answer(engine, ask(text, { maxOutputTokens: 100 }, raw))),
    );
    expect(oracle.greedy_text.startsWith(results[0]?.text ?? '?')).toBe(true);
    const again = await answer(engine, ask(prompts[3] ?? '', { maxOutputTokens: 100 }, raw));
    expect(results[3]?.text).toBe(again.text);
  });

  test('echo gives the prompt its log-probabilities', async () => {
    const scored = { rawPrompt: true, logprobs: true, topLogprobs: 1, echo: true } as const;
    const text = oracle.greedy_text.slice(0, 40);
    const echoed = await answer(engine, ask(text, { maxOutputTokens: 1 }, scored));
    // The model's own beginning-of-sequence token is no part of what was sent.
    expect(echoed.prompt.length).toBe((echoed.finish.usage.inputTokens.total ?? 0) - 1);
    expect(echoed.prompt[0]?.logprob).toBeCloseTo(oracle.greedy_logprobs_first20[0] ?? 0, 3);
    expect(echoed.logprobs).toHaveLength(1);
    expect(
      echoed.prompt
        .map(({ token }) => token)
        .join('')
        .trim(),
    ).toBe(text.trim());

    const ids = oracle.greedy_ids.slice(0, 20);
    const sent = await answer(
      engine,
      ask('', { maxOutputTokens: 0 }, { ...scored, promptTokens: [1, ...ids] }),
    );
    expect(sent.prompt.map(({ tokenId }) => tokenId)).toEqual([1, ...ids]);
    expect(sent.prompt[0]).toMatchObject({ logprob: null, top: [] });
    for (const [i, expected] of oracle.greedy_logprobs_first20.entries())
      expect(sent.prompt[i + 1]?.logprob).toBeCloseTo(expected, 3);
    expect(sent.text).toBe('');
    expect(sent.finish.usage.outputTokens.total).toBe(0);
    await expect(
      answer(engine, ask('', { maxOutputTokens: 1 }, { promptTokens: [1, 512] })),
    ).rejects.toMatchObject({ code: 'invalid_request', data: { token: 512 } });
  });

  test('the log-probabilities of an echoed prompt are those of writing it', async () => {
    const scored = { rawPrompt: true, logprobs: true, topLogprobs: 3, echo: true } as const;
    const { prompt } = await answer(engine, ask('The green dog ate a hat.', { maxOutputTokens: 0 }, scored));
    const ids = prompt.map(({ tokenId }) => tokenId ?? -1);
    expect(ids.length).toBeGreaterThan(8);
    for (const [i, echoed] of prompt.entries()) {
      // Forced by a bias, which the reported log-probability does not count.
      const written = await answer(
        engine,
        ask(
          '',
          { maxOutputTokens: 1 },
          {
            promptTokens: [1, ...ids.slice(0, i)],
            logprobs: true,
            topLogprobs: 3,
            logitBias: { [String(ids[i])]: 1000 },
          },
        ),
      );
      expect(written.logprobs[0]?.tokenId).toBe(ids[i]);
      expect(echoed.logprob).toBeCloseTo(written.logprobs[0]?.logprob ?? 0, 3);
      expect(echoed.top.map(({ token }) => token)).toEqual(
        written.logprobs[0]?.top.map(({ token }) => token),
      );
    }
  });
});

describe('sampling', () => {
  const hot = (seed: number) => ask('Once upon a time', { temperature: 1.5, topP: 1, topK: 0, seed });

  test('a seed decides, and another seed decides otherwise', async () => {
    const [one, two, three] = [
      await answer(engine, hot(7)),
      await answer(engine, hot(7)),
      await answer(engine, hot(8)),
    ];
    expect(one?.text).toBe(two?.text);
    expect(one?.text).not.toBe(three?.text);
  });

  test('logit bias rules a token out', async () => {
    const plain = await answer(engine, ask('', { maxOutputTokens: 1 }, { rawPrompt: true, logprobs: true }));
    const first = plain.logprobs[0]?.tokenId;
    const biased = await answer(
      engine,
      ask(
        '',
        { maxOutputTokens: 1 },
        { rawPrompt: true, logprobs: true, logitBias: { [String(first)]: -100 } },
      ),
    );
    expect(biased.logprobs[0]?.tokenId).not.toBe(first);
    expect(biased.logprobs[0]?.tokenId).toBe(oracle.logits_after_bos_top10[1]?.[0]);
    for (const token of ['512', String(2 ** 32 + 5)])
      await expect(
        answer(engine, ask('', { maxOutputTokens: 1 }, { rawPrompt: true, logitBias: { [token]: 5 } })),
      ).rejects.toMatchObject({ code: 'invalid_request', data: { vocabulary: 512 } });
  });

  test('a repeat penalty changes the answer, and top-k of one is greedy', async () => {
    const plain = await answer(engine, ask('Once upon a time', { maxOutputTokens: 120 }));
    const penalised = await answer(
      engine,
      ask('Once upon a time', { maxOutputTokens: 120 }, { repeatPenalty: 1.8 }),
    );
    const present = await answer(
      engine,
      ask('Once upon a time', { maxOutputTokens: 120, presencePenalty: 2 }),
    );
    const topOne = await answer(
      engine,
      ask('Once upon a time', { maxOutputTokens: 120, temperature: 2, topK: 1 }),
    );
    expect(penalised.text).not.toBe(plain.text);
    expect(present.text).not.toBe(plain.text);
    expect(topOne.text).toBe(plain.text);
  });

  test('log-probabilities are those of the model, not of the settings', async () => {
    const raw = { rawPrompt: true, logprobs: true, topLogprobs: 3 } as const;
    const result = await answer(
      engine,
      ask('', { temperature: 1.9, topK: 2, seed: 3, maxOutputTokens: 1 }, raw),
    );
    expect(result.logprobs[0]?.top[0]?.logprob).toBeCloseTo(oracle.greedy_logprobs_first20[0] ?? 0, 3);
    expect(result.logprobs[0]?.top).toHaveLength(3);
  });
});

describe('ends', () => {
  test('a stop sequence across tokens is found and never shown', async () => {
    const at = oracle.greedy_text.indexOf('girl named');
    const result = await answer(
      engine,
      ask('', { stopSequences: ['irl nam'], maxOutputTokens: 100 }, { rawPrompt: true }),
    );
    expect(result.text).toBe(oracle.greedy_text.slice(0, at + 1));
    expect(result.finish.finishReason).toEqual({ unified: 'stop', raw: 'stop' });
  });

  test('more tokens than there is room for are capped, with a note', async () => {
    const result = await answer(
      engine,
      ask('Once upon a time', { maxOutputTokens: 2 ** 31 - 1, temperature: 0.1, seed: 4 }),
    );
    expect(result.atelier.notes?.[0]).toMatch(/max_tokens of 2147483647 was lowered to 507/);
    expect(['length', 'stop']).toContain(result.finish.finishReason.unified);
  });

  test('a prompt that does not fit is refused with both numbers', async () => {
    const error = await failure(answer(engine, ask('a cat and a dog '.repeat(200), { maxOutputTokens: 5 })));
    expect(error.code).toBe('context_overflow');
    expect(error.data).toMatchObject({ contextLength: 512, maxOutputTokens: 5 });
    expect(error.data.promptTokens).toBeGreaterThan(512);
  });

  test('tokens are counted as the model reads them', async () => {
    // The start token, and 403 407 261 378.
    expect(await engine.countTokens(stories, ask('Once upon a time'))).toBe(5);
  });
});

describe('streams', () => {
  test('have the parts of the SDK in order', async () => {
    const { parts } = await answer(engine, ask('Once upon a time', { maxOutputTokens: 5 }));
    const kinds = parts.map((part) => part.type).filter((kind, i, all) => kind !== all[i - 1]);
    expect(kinds).toEqual([
      'stream-start',
      'response-metadata',
      'text-start',
      'text-delta',
      'text-end',
      'finish',
    ]);
  });

  test('tell queue, reading and writing', async () => {
    const small = start({ maxSequences: 1 });
    const seen: CallStatus[][] = [[], [], []];
    const told = (i: number): AtelierOptions => ({ onStatus: (status) => seen[i]?.push(status) });
    await Promise.all(seen.map((_, i) => answer(small, ask(`Once upon a time ${i}`, {}, told(i)))));
    expect(seen[0]?.some((status) => status.status === 'loading')).toBe(true);
    const places = seen[2]?.flatMap((status) => (status.status === 'queued' ? [status.place] : []));
    expect(places?.at(-1)).toBe(1);
    expect(seen[2]?.some((status) => status.status === 'reading')).toBe(true);
    expect(seen[2]?.at(-1)).toEqual({ status: 'writing' });
    await small.close();
  });

  test('a second turn reuses what was read', async () => {
    const first = await answer(engine, ask('The little dog ran '.repeat(20), { maxOutputTokens: 10 }));
    const second = await answer(
      engine,
      ask(`${'The little dog ran '.repeat(20)}${first.text} and then`, { maxOutputTokens: 10 }),
    );
    const { cacheRead, noCache, total } = second.finish.usage.inputTokens;
    expect(cacheRead).toBeGreaterThan((total ?? 0) * 0.8);
    expect((cacheRead ?? 0) + (noCache ?? 0)).toBe(total);
  });

  test('a cancel by signal ends the answer early and frees its place', async () => {
    const one = start({ maxSequences: 1 });
    const controller = new AbortController();
    const { stream } = await one
      .language(stories)
      .doStream(ask('Once upon a time', { maxOutputTokens: 500, abortSignal: controller.signal }));
    let finish: Extract<LanguageModelV4StreamPart, { type: 'finish' }> | undefined;
    for await (const part of stream) {
      if (part.type === 'text-delta') controller.abort();
      if (part.type === 'finish') finish = part;
    }
    expect(finish?.finishReason).toEqual({ unified: 'other', raw: 'cancelled' });
    expect(finish?.usage.outputTokens.total).toBeLessThan(400);
    expect((await answer(one, ask('Once upon a time'))).text).not.toBe('');
    await one.close();
  });

  test('a reader that goes away frees its place', async () => {
    const one = start({ maxSequences: 1 });
    const { stream } = await one
      .language(stories)
      .doStream(ask('Once upon a time', { maxOutputTokens: 500 }));
    await stream.cancel();
    expect((await answer(one, ask('Once upon a time'))).text).not.toBe('');
    await one.close();
  });
});

describe('grammar', () => {
  test('an answer under a schema is valid JSON of that shape', async () => {
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string', maxLength: 12 },
        age: { type: 'integer' },
        kind: { enum: ['cat', 'dog'] },
      },
      required: ['name', 'age', 'kind'],
    } as const;
    const options = ask('Once', {
      responseFormat: { type: 'json', schema: schema as never },
      maxOutputTokens: 200,
    });
    const value = JSON.parse((await answer(engine, options)).text) as {
      name: string;
      age: number;
      kind: string;
    };
    expect(Object.keys(value)).toEqual(['name', 'age', 'kind']);
    expect(Number.isInteger(value.age)).toBe(true);
    expect(['cat', 'dog']).toContain(value.kind);
  });

  test('a forced tool call is a call', async () => {
    const tools = [
      {
        type: 'function' as const,
        name: 'add',
        inputSchema: { type: 'object', properties: { a: { enum: [1, 2] } }, required: ['a'] } as const,
      },
    ];
    const result = await answer(
      engine,
      ask('Once', {
        tools: tools as never,
        toolChoice: { type: 'tool', toolName: 'add' },
        maxOutputTokens: 100,
      }),
    );
    const call = result.parts.find((part) => part.type === 'tool-call');
    expect(call).toMatchObject({ toolName: 'add' });
    expect([1, 2]).toContain((JSON.parse(call?.type === 'tool-call' ? call.input : '{}') as { a: number }).a);
    expect(result.finish.finishReason.unified).toBe('tool-calls');
    expect(result.text).toBe('');
  });

  test('what the grammar cannot express is a warning, and checked afterwards', async () => {
    const schema = { type: 'object', properties: { n: { const: 5, minimum: 10 } }, required: ['n'] };
    const { stream } = await engine
      .language(stories)
      .doStream(ask('Once', { responseFormat: { type: 'json', schema: schema as never } }));
    const parts: LanguageModelV4StreamPart[] = [];
    for await (const part of stream) parts.push(part);
    expect(parts[0]).toMatchObject({
      warnings: [{ type: 'unsupported', feature: 'JSON schema keyword #/properties/n/minimum' }],
    });
    const error = parts.find((part) => part.type === 'error');
    expect(String(error?.type === 'error' && error.error)).toMatch(
      /does not satisfy the JSON schema: \/n must be >= 10/,
    );
  });
});

describe('failures', () => {
  test('a file cut in half, one that is no GGUF and one that is missing are named, and the engine goes on', async () => {
    const half = join(folder, 'half.gguf');
    copyFileSync(stories.path, half);
    truncateSync(half, 600_000);
    const nonsense = join(folder, 'nonsense.gguf');
    writeFileSync(nonsense, 'this is not a model');
    const cut = await failure(answer(engine, ask('x'), installed(half, 'half')));
    expect(cut.code).toBe('model_failed');
    expect(cut.message).toMatch(/cut short/);
    expect(cut.data).toMatchObject({ fileBytes: 600_000 });
    expect((await failure(answer(engine, ask('x'), installed(nonsense, 'nonsense')))).message).toMatch(
      /not a GGUF file/,
    );
    expect((await failure(answer(engine, ask('x'), installed(join(folder, 'none.gguf'), 'none')))).code).toBe(
      'model_failed',
    );
    expect(engine.state('half')).toMatchObject({ state: 'failed', error: { code: 'model_failed' } });
    expect((await answer(engine, ask('Once upon a time'))).text).not.toBe('');
  });

  test('an architecture that nobody knows is named', async () => {
    const strange = join(folder, 'strange.gguf');
    const bytes = readFileSync(stories.path);
    // general.architecture, whose value has the same length.
    const at = bytes.indexOf('llama', bytes.indexOf('general.architecture'));
    bytes.write('xlama', at);
    writeFileSync(strange, bytes);
    const error = await failure(answer(engine, ask('x'), installed(strange, 'strange')));
    expect(error.code).toBe('model_failed');
    expect(error.message).toMatch(/xlama/);
  });

  test('a process that dies ends its answers and is started again', async () => {
    const own = start();
    await answer(own, ask('Once upon a time', { maxOutputTokens: 1 }));
    const running = failure(answer(own, ask('Once upon a time', { maxOutputTokens: 500 })));
    const pid = own.pid(stories.id);
    expect(pid).toBeGreaterThan(0);
    process.kill(pid ?? 0, 'SIGKILL');
    const error = await running;
    expect(error.code).toBe('model_failed');
    expect(error.retryable).toBe(true);
    expect(error.message).toMatch(/SIGKILL/);
    expect((await answer(own, ask('Once upon a time'))).text).not.toBe('');
    await own.close();
  });

  test('too little memory is an error with both numbers', async () => {
    const poor = start({ availableMemory: () => 1_000_000 });
    const error = await failure(answer(poor, ask('Once')));
    expect(error.code).toBe('insufficient_memory');
    expect(error.data).toMatchObject({ availableBytes: 1_000_000 });
    expect(error.data.neededBytes).toBeGreaterThan(1_000_000);
    await poor.close();
  });
});

describe('memory', () => {
  test('an idle model makes room for another', async () => {
    // Room for one of them: what is loaded counts as taken.
    const other = installed(stories.path, 'other');
    let own: LocalEngine | null = null;
    const both = () => [stories.id, other.id].filter((id) => own?.state(id).state === 'loaded').length;
    own = start({ availableMemory: () => 230e6 - both() * 225e6, maxSequences: 1 });
    await answer(own, ask('Once', { maxOutputTokens: 2 }));
    await answer(own, ask('Once', { maxOutputTokens: 2 }), other);
    expect([own.state(stories.id).state, own.state(other.id).state]).toEqual(['ready', 'loaded']);
    await own.close();
  });

  test('unloading ends the process, and the next call loads again', async () => {
    const own = start();
    await answer(own, ask('Once', { maxOutputTokens: 2 }));
    expect(own.state(stories.id).state).toBe('loaded');
    await own.unload(stories.id);
    expect(own.state(stories.id).state).toBe('ready');
    expect((await answer(own, ask('Once', { maxOutputTokens: 2 }))).finish.usage.outputTokens.total).toBe(2);
    await own.close();
  });
});
