// The converted multilingual-e5-small gives the vectors of test/fixtures/multilingual-e5-small, which another conversion
// of the same weights gave. Skipped where ATELIER_TEST_MODELS does not hold the model; scripts/test.mjs says so.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { silentLog } from '../../lib/log.ts';
import { createLocalEngine } from '../local/local-engine.ts';
import { installedModel, testModelPath } from '../local/testing/test-models.ts';

const path = testModelPath('multilingual-e5-small', 'multilingual-e5-small.gguf');
const expected = JSON.parse(
  readFileSync(
    new URL('../../../test/fixtures/multilingual-e5-small/expected.json', import.meta.url),
    'utf8',
  ),
) as { texts: string[]; vectors: number[][]; tokens_without_bos_eos: number[] };

test.skipIf(path === null)('the converted embedding model gives the recorded vectors', async () => {
  const measured = new Map<string, unknown>();
  const engine = createLocalEngine({
    log: silentLog,
    gpu: 'cpu',
    measurements: {
      get: async (key) => measured.get(key),
      set: async (key, value) => void measured.set(key, value),
    },
  });
  try {
    const model = engine.embedding(installedModel(path ?? '', 'multilingual-e5-small', 'embedding'));
    const { embeddings } = await model.doEmbed({ values: expected.texts });
    for (const [index, vector] of embeddings.entries()) {
      const recorded = expected.vectors[index]!;
      const length = (of: readonly number[]) => Math.sqrt(of.reduce((sum, x) => sum + x * x, 0));
      const dot = vector.reduce((sum, x, at) => sum + x * recorded[at]!, 0);
      expect(dot / (length(vector) * length(recorded))).toBeGreaterThan(0.9999);
    }
    const file = installedModel(path ?? '', 'multilingual-e5-small', 'embedding');
    expect(await engine.countTexts(file, expected.texts)).toEqual(expected.tokens_without_bos_eos);
    // The file says that it wants NFKC: the same letters in another form are the same text.
    const odd = ['passage: La ﬁn du n° ½, ｆｕｌｌ ｗｉｄｔｈ ①'];
    const twice = await model.doEmbed({ values: [...odd, ...odd.map((text) => text.normalize('NFKC'))] });
    expect(twice.embeddings[0]).toEqual(twice.embeddings[1]);
  } finally {
    await engine.close();
  }
});
