// Whole models against recorded losses and gradients of PyTorch (test/fixtures/training/record.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Adaptation, DecoderConfig, DecoderSession, TokenBatch } from './decoder.ts';
import { openDecoderSession } from './open-decoder-session.ts';
import { readTensor, readWeightsFile } from './weights-file.ts';

const folder = join(import.meta.dirname, '../../../test/fixtures/training');

interface Recorded {
  settings: { lora: { rank: number; alpha: number; targets: never[] } };
  config: DecoderConfig;
  batch: {
    rows: number;
    length: number;
    soft: number;
    ids: number[];
    labels: number[];
    weights: number[];
    softIds: number[];
    softProbabilities: number[];
  };
  losses: Record<string, number>;
}

function batchOf(
  { rows, length, ids, labels, weights, softIds, softProbabilities }: Recorded['batch'],
  soft: boolean,
): TokenBatch {
  return {
    ids: Int32Array.from(ids),
    labels: Int32Array.from(labels),
    weights: Float32Array.from(weights),
    positions: Int32Array.from({ length: rows * length }, (_, i) => i % length),
    segments: new Int32Array(rows * length),
    ...(soft
      ? { soft: { ids: Int32Array.from(softIds), probabilities: Float32Array.from(softProbabilities) } }
      : {}),
  };
}

/** Largest error over largest entry, of the tensor where that is worst. */
async function worst(
  session: DecoderSession,
  file: string,
  prefix: string,
  got: Float32Array,
): Promise<number> {
  const recorded = await readWeightsFile(file);
  let result = 0;
  for (const { name, shape, offset, size } of session.parameters) {
    const expected = new Float32Array(size);
    await readTensor(file, recorded.tensor(`${prefix}.${name}`, shape), expected);
    let error = 0;
    let largest = 0;
    for (let i = 0; i < size; i++) {
      error = Math.max(error, Math.abs(got[offset + i]! - expected[i]!));
      largest = Math.max(largest, Math.abs(expected[i]!));
    }
    expect(largest, `${name} has a gradient`).toBeGreaterThan(0);
    result = Math.max(result, error / largest);
  }
  return result;
}

describe.each(['tiny-llama-tied', 'tiny-qwen2-untied'])('%s', (model) => {
  const recorded = JSON.parse(readFileSync(join(folder, `${model}.json`), 'utf8')) as Recorded;
  const { rank, alpha, targets } = recorded.settings.lora;
  const adaptations: Record<string, Adaptation> = {
    lora: { kind: 'lora', rank, alpha, dropout: 0, targets },
    full: { kind: 'full' },
  };

  test.each([
    ['lora', 'hard', false],
    ['full', 'hard', false],
    ['lora', 'soft', false],
    ['full', 'soft', false],
    ['lora', 'hard', true],
    ['full', 'hard', true],
  ] as const)('%s, %s labels, checkpointing %s', async (mode, labels, gradientCheckpointing) => {
    const file = join(folder, `${model}.${mode}.safetensors`);
    const session = await openDecoderSession({
      config: recorded.config,
      weights: join(folder, `${model}.weights.safetensors`),
      adaptation: adaptations[mode]!,
      rows: recorded.batch.rows,
      length: recorded.batch.length,
      threads: 1,
      gradientCheckpointing,
      ...(labels === 'soft' ? { soft: recorded.batch.soft } : {}),
    });
    const values = await readWeightsFile(file);
    for (const { name, shape, offset, size } of session.parameters)
      await readTensor(
        file,
        values.tensor(`value.${name}`, shape),
        session.values.subarray(offset, offset + size),
      );

    const batch = batchOf(recorded.batch, labels === 'soft');
    const { loss, logProbabilities } = await session.gradient(batch);
    expect(loss).toBeCloseTo(recorded.losses[`${mode}.${labels}`]!, 5);
    const prefix = labels === 'soft' ? 'soft_gradient' : 'gradient';
    expect(await worst(session, file, prefix, session.gradients)).toBeLessThan(1e-5);

    const expected = new Float32Array(batch.ids.length);
    const { rows, length } = recorded.batch;
    await readTensor(file, values.tensor('log_probabilities', [rows, length]), expected);
    const forward = await session.logProbabilities(batch);
    for (const [i, value] of expected.entries()) {
      expect(logProbabilities[i]).toBeCloseTo(value, 5);
      expect(forward[i]).toBeCloseTo(value, 5);
    }
    await session.close();
  });
});
