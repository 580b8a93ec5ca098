// A converted folder in the engine that serves it: the tokens that Hugging Face's library gives for the same tokenizer.json,
// the log-probabilities that PyTorch recorded for the same weights, and the story that another program told.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storiesGguf, writeStoriesFolder, writeTinyFolder } from '../../../test/hugging-face-folder.ts';
import { startEngine } from '../local/engine-process.ts';
import { createTrainingEngine } from '../local/training-engine.ts';
import { createFolderSource } from './folder.ts';

let work: string;
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'atelier-folder-'));
});
afterEach(() => rm(work, { recursive: true }));

async function convert(path: string): Promise<string> {
  const context = { folder: work, signal: new AbortController().signal, progress: () => {} };
  return (await createFolderSource().fetch({ type: 'folder', path }, context)).path;
}

test('stories260K tells the recorded story', async () => {
  await writeStoriesFolder(join(work, 'stories'));
  const path = await convert(join(work, 'stories'));
  const oracle = JSON.parse(await readFile(join(dirname(storiesGguf), 'expected_greedy.json'), 'utf8')) as {
    greedy_ids: number[];
    greedy_logprobs_first20: number[];
  };
  const model = await createTrainingEngine().openModel({ path, contextLength: 512, threads: 1 });
  // With the story so far before it, the likeliest token is the next one of the story: that is greedy decoding.
  const told = Int32Array.from([1, ...oracle.greedy_ids]);
  const { ids } = await model.topProbabilities(told, 1);
  expect([...ids].slice(0, oracle.greedy_ids.length)).toEqual(oracle.greedy_ids);
  const following = await model.logProbabilities(told);
  for (const [place, expected] of oracle.greedy_logprobs_first20.entries())
    expect(following[place]).toBeCloseTo(expected, 3);
  await model.close();
});

const texts: [text: string, llama: number[], qwen2: number[]][] = [
  ['  the', [0, 55], [0, 55]],
  ['\n\nthe', [63, 54], [63, 54]],
  ['1234', [60, 32], [29, 30, 31, 32]],
  ['ab-12,3', [64, 41, 59, 39, 31], [64, 41, 29, 30, 39, 31]],
  ["we'll", [24, 6, 58], [24, 6, 58]],
  // The second e carries a combining accent, which Qwen2's tokenizer joins to it first.
  ['café cafe\u0301', [4, 2, 7, 61, 0, 4, 2, 7, 6, 47, 48], [4, 2, 7, 61, 0, 4, 2, 7, 61]],
  ['\u{1f600}', [49, 50, 51, 52], [49, 50, 51, 52]],
  ['de__proto__', [65, 17, 19, 16, 21, 16], [65, 17, 19, 16, 21, 16]],
  ['a<|im_end|>the<tool_call>b', [2, 70, 54, 71, 3], [2, 70, 54, 71, 3]],
  [' \n a', [0, 1, 56], [0, 1, 56]],
];

test.each(['llama', 'qwen2'] as const)('a %s of random weights reads and computes as there', async (kind) => {
  const { rows } = await writeTinyFolder(join(work, kind), kind);
  const path = await convert(join(work, kind));
  const engine = await startEngine({
    spec: {
      path,
      adapter: null,
      kind: 'chat',
      gpu: 'cpu',
      contextLength: 64,
      sequences: 1,
      threads: 1,
      maxThreads: 1,
      busy: false,
      exact: true,
      chatTemplate: null,
      toolTemplate: null,
    },
  });
  const start = kind === 'llama' ? [67] : [];
  for (const [text, llama, qwen2] of texts) {
    const { ids } = await engine.count({ kind: 'text', text });
    expect(ids, text).toEqual([...start, ...(kind === 'llama' ? llama : qwen2)]);
  }
  await engine.kill();
  const model = await createTrainingEngine().openModel({ path, contextLength: 64, threads: 1 });
  for (const { ids, following } of rows) {
    const found = await model.logProbabilities(Int32Array.from(ids));
    for (const [place, expected] of following.entries()) expect(found[place]).toBeCloseTo(expected, 3);
  }
  await model.close();
});
