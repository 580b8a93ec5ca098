// A base that is replaced while a run is paused.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireSameBase } from './same-base.ts';

test('a run with a checkpoint does not go on from other weights, one without takes what is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-base-'));
  const [one, other] = ['a1', 'b2'].map((id) => ({ model: 'local/m', weights: `/bases/${id}.safetensors` }));
  await requireSameBase(folder, one!, true);
  await requireSameBase(folder, one!, false);
  await expect(requireSameBase(folder, other!, false)).rejects.toMatchObject({
    code: 'training_failed',
    data: { reason: 'base_replaced' },
  });
  await requireSameBase(folder, other!, true);
  await requireSameBase(folder, other!, false);
  await rm(folder, { recursive: true });
});
