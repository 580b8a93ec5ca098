// The peak of memory of real steps, each in a process of its own, beside what was reckoned before.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { sessionOptions } from '../session/session-options.ts';
import type { Adaptation, DecoderConfig } from './decoder.ts';
import { loraTargets } from './parameters.ts';
import { reckonBytes } from './reckon-bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'memory-'));
afterAll(() => rmSync(folder, { recursive: true }));
const child = join(import.meta.dirname, '../../../test/children/decoder-memory.ts');

/** Narrow, so that it is quick, with much to remember of each token. */
const config: DecoderConfig = {
  architecture: 'llama',
  layers: 12,
  width: 64,
  heads: 8,
  keyValueHeads: 4,
  headWidth: 8,
  hidden: 512,
  vocabulary: 4096,
  epsilon: 1e-5,
  ropeTheta: 10_000,
  tied: true,
  bias: false,
  contextLength: 256,
};
const lora: Adaptation = { kind: 'lora', rank: 4, alpha: 8, dropout: 0, targets: loraTargets };

async function peak(adaptation: Adaptation, gradientCheckpointing: boolean): Promise<number> {
  const weights = join(folder, `${adaptation.kind}-${gradientCheckpointing}.safetensors`);
  const options = { config, weights, adaptation, rows: 5, length: 256, threads: 1, gradientCheckpointing };
  const { stdout } = await promisify(execFile)(process.execPath, [child, JSON.stringify(options)]);
  return Number(stdout);
}

test('a step takes what was reckoned, and much less with checkpointing', async () => {
  const reckoned = (adaptation: Adaptation, gradientCheckpointing: boolean) =>
    reckonBytes(config, adaptation, { rows: 5, length: 256, gradientCheckpointing });
  const measured = await Promise.all([peak(lora, false), peak(lora, true), peak({ kind: 'full' }, false)]);
  const [plain, sparing] = measured;
  const expected = [reckoned(lora, false), reckoned(lora, true), reckoned({ kind: 'full' }, false)];
  for (const [i, bytes] of measured.entries()) {
    expect(bytes / expected[i]!).toBeGreaterThan(0.7);
    expect(bytes / expected[i]!).toBeLessThan(1.3);
  }
  // What checkpointing is for: were the repeated computation merged with the first, or begun early, nothing would be saved.
  expect(plain - sparing).toBeGreaterThan(0.6 * (expected[0]! - expected[1]!));
}, 60_000);

test('the runtime’s plan for memory is off', () => {
  expect(sessionOptions({ threads: 1, provider: 'cpu', prepack: true }).enableMemPattern).toBe(false);
});
