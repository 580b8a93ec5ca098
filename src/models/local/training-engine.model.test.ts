// What training reads is what serving reads, token by token; and a scratch model's figures agree with each other.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { ExampleMessage } from '../../contracts/dataset.ts';
import type { AtelierError } from '../../contracts/errors.ts';
import { readGgufHeader } from '../../lib/gguf.ts';
import { startEngine } from './engine-process.ts';
import { chatTemplates } from './model-facts.ts';
import { testModelPath } from './testing/test-models.ts';
import { createTrainingEngine } from './training-engine.ts';

const stories = fileURLToPath(
  new URL('../../../test/fixtures/stories260K/stories260K.f32.gguf', import.meta.url),
);
const smol = testModelPath('smollm2-135m-instruct', 'SmolLM2-135M-Instruct.Q4_1.gguf');
const engine = createTrainingEngine();

const conversation: ExampleMessage[] = [
  { role: 'user', content: 'Once upon a time' },
  { role: 'assistant', content: 'There was a cat <|im_end|> </s>.' },
  { role: 'user', content: 'And then?' },
  { role: 'assistant', content: 'It ran\nhome.' },
];

/** The tokens that serving would read for these messages, with the first words of the answer behind them. */
async function served(
  path: string,
  turns: [messages: ExampleMessage[], begun: string][],
): Promise<number[][]> {
  const template = chatTemplates(await readGgufHeader(path)).chat;
  const process = await startEngine({
    spec: {
      path,
      adapter: null,
      kind: 'chat',
      gpu: 'cpu',
      contextLength: 512,
      sequences: 1,
      threads: 1,
      maxThreads: 1,
      busy: false,
      chatTemplate: template,
      toolTemplate: null,
    },
  });
  const ids: number[][] = [];
  for (const [messages, begun] of turns)
    ids.push((await process.count({ kind: 'chat', messages, tools: null, thinking: null, begun })).ids);
  await process.kill();
  return ids;
}

test('without a template each learned turn has the prompt that serving reads, and ends with the end of text', async () => {
  const tokenizer = await engine.openTokenizer(stories);
  const [sequences] = await tokenizer.encode([conversation]);
  const [prompt, whole, second] = await served(stories, [
    [conversation.slice(0, 1), ''],
    [conversation.slice(0, 1), conversation[1]?.content ?? ''],
    [conversation.slice(0, 3), conversation[3]?.content ?? ''],
  ]);
  // Read again as history the first answer has empty lines around it, so the second turn is a sequence of its own.
  expect(sequences?.map(({ ids }) => [...ids])).toEqual([
    [...whole!, 2],
    [...second!, 2],
  ]);
  expect([...sequences![0]!.learned]).toEqual([...whole!, 2].map((_, at) => (at < prompt!.length ? 0 : 1)));
  const learned = [...sequences![0]!.ids].filter((_, at) => sequences![0]!.learned[at] === 1);
  expect(await tokenizer.decode(learned)).toBe('There was a cat <|im_end|> </s>.</s>');
  // A turn with weight 0 is read and not learned; a conversation without a learned turn has no sequence.
  const read = conversation.map((message, at) => (at === 1 ? { ...message, weight: 0 as const } : message));
  const [one, none] = await tokenizer.encode([read, conversation.slice(0, 1)]);
  expect(one).toEqual(sequences?.slice(1));
  expect(none).toEqual([]);
  await tokenizer.close();
});

test('scores: the likeliest tokens are sorted, and agree with the log-probabilities and with the answer', async () => {
  const model = await engine.openModel({ path: stories, contextLength: 64, threads: 1 });
  // "Once upon a time," as recorded in expected_greedy.json.
  const ids = Int32Array.from([1, 403, 407, 261, 378, 432]);
  const logProbabilities = await model.logProbabilities(ids);
  const top = await model.topProbabilities(ids, 512);
  expect(logProbabilities).toHaveLength(5);
  expect(top.ids).toHaveLength(6 * 512);
  for (let at = 0; at < 6; at++) {
    const row = top.probabilities.slice(at * 512, (at + 1) * 512);
    expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    expect([...row]).toEqual([...row].sort((a, b) => b - a));
    const rank = top.ids.slice(at * 512, (at + 1) * 512).indexOf(ids[at + 1] ?? -1);
    if (at < 5) expect(Math.log(row[rank] ?? 0)).toBeCloseTo(logProbabilities[at] ?? 0, 4);
  }
  const answer = await model.answer([{ role: 'user', content: 'Once upon a time' }], { maxTokens: 8 });
  expect(answer.text).toMatch(/^, there was a/);
  expect(answer.tokensPerSecond).toBeGreaterThan(0);
  // A sequence that fills the context is scored whole; one that does not fit is refused with both numbers.
  expect(await model.logProbabilities(new Int32Array(64).fill(403))).toHaveLength(63);
  const tooLong = await model.logProbabilities(new Int32Array(66).fill(403)).catch((error) => error);
  expect(tooLong).toMatchObject({ code: 'context_overflow', data: { promptTokens: 66, contextLength: 65 } });
  await model.close();
});

test('a file that is no model, and a machine without room, are refused with the reason', async () => {
  const broken: AtelierError = await engine.openTokenizer(fileURLToPath(import.meta.url)).then(
    () => expect.unreachable(),
    (error) => error,
  );
  expect(broken).toMatchObject({ code: 'model_failed' });
  expect(broken.message).toContain('is not a GGUF file');
  const poor = createTrainingEngine({ availableMemory: () => 1000 });
  await expect(poor.openModel({ path: stories, contextLength: 64 })).rejects.toMatchObject({
    code: 'insufficient_memory',
    data: { availableBytes: 1000 },
  });
});

// Skipped where ATELIER_TEST_MODELS does not hold the model; scripts/test.mjs says so.
describe.skipIf(smol === null)('SmolLM2', () => {
  test('a conversation is one sequence whose turns are what serving reads', async () => {
    const path = smol ?? '';
    const tokenizer = await engine.openTokenizer(path);
    const [sequences] = await tokenizer.encode([conversation]);
    const [first, second] = await served(path, [
      [conversation.slice(0, 1), conversation[1]?.content ?? ''],
      [conversation.slice(0, 3), conversation[3]?.content ?? ''],
    ]);
    expect(sequences).toHaveLength(1);
    const ids = [...sequences![0]!.ids];
    // <|im_end|>, at which serving stops.
    expect(ids).toEqual([...second!, 2]);
    expect(ids.slice(0, first!.length + 1)).toEqual([...first!, 2]);
    const learned = ids.filter((_, at) => sequences![0]!.learned[at] === 1);
    expect(await tokenizer.decode(learned)).toBe(
      'There was a cat <|im_end|> </s>.<|im_end|>It ran\nhome.<|im_end|>',
    );
    await tokenizer.close();
  });
});
