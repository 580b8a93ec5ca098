// A run goes on from the very weights that it began with: what was learned of others would fit these by shape alone.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import { isMissing, writeWhole } from '../../lib/disk.ts';
import type { BaseModel } from './base-model.ts';

/**
 * @param isFresh without a checkpoint whatever weights there are will do
 * @throws AtelierError training_failed where the model's file has been replaced since
 */
export async function requireSameBase(
  folder: string,
  { model, weights }: Pick<BaseModel, 'model' | 'weights'>,
  isFresh: boolean,
): Promise<void> {
  const path = join(folder, 'base');
  const own = basename(weights);
  const begun = isFresh ? null : await readIfThere(path);
  if (begun === null) return writeWhole(path, own);
  if (begun === own) return;
  throw new AtelierError(
    'training_failed',
    `${model} has another file than when this run began. Put the old file back and resume, or cancel the run and start another.`,
    { data: { reason: 'base_replaced', model } },
  );
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
