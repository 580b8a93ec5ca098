// What the arena holds before the first step.
import { seededRandom } from '../../lib/seeded-random.ts';
import type { Adaptation, Parameter } from './decoder.ts';
import { readTensor, readWeightsFile } from './weights-file.ts';

/**
 * LoRA begins as in PEFT: A even over +-1/sqrt(in) (Kaiming with a = sqrt(5)), B zero, so that the first step starts
 * from the base. Full training begins with the weights of the file.
 * @param values the arena, as long as the parameters together
 */
export async function writeInitialValues(
  values: Float32Array,
  parameters: readonly Parameter[],
  { adaptation, seed, weights }: { adaptation: Adaptation; seed: number; weights: string },
): Promise<void> {
  if (adaptation.kind === 'lora') {
    const random = seededRandom(seed);
    for (const { name, shape, offset, size } of parameters) {
      const target = values.subarray(offset, offset + size);
      if (name.endsWith('.lora_B.weight')) {
        target.fill(0);
        continue;
      }
      const bound = 1 / Math.sqrt(shape[1] ?? 1);
      for (let i = 0; i < size; i++) target[i] = bound * (2 * random() - 1);
    }
    return;
  }
  const file = await readWeightsFile(weights);
  for (const { name, shape, offset, size } of parameters)
    await readTensor(file.path, file.tensor(name, shape), values.subarray(offset, offset + size));
}
