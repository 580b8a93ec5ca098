// Tokens that training never saw, with what the trainer gives each: what the engine is compared with.
import { join } from 'node:path';
import { z } from 'zod';
import type { ExampleMessage } from '../../contracts/dataset.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { readJson, writeWhole } from '../../lib/disk.ts';
import type { DecoderSession } from '../../numerics/decoder/decoder.ts';
import type { FrozenDataset } from '../datasets/datasets.ts';
import type { HeldOut } from '../serving/export-port.ts';
import { type BatchShape, inOrder, layBatch } from './batches.ts';
import type { ChatTokenizer } from './engine-port.ts';
import type { Unit } from './pack.ts';
import { conversationsOf } from './prepare-data.ts';

const TOKENS = 200;

export interface HeldOutText {
  conversations: ExampleMessage[][];
  ids: Int32Array[];
}

/** Of the test split, then of the validation split; where there is neither, of what was learned: the beginnings of sequences, two hundred tokens in all. */
export async function heldOutText(
  { examples }: FrozenDataset,
  tokenizer: ChatTokenizer,
  length: number,
): Promise<HeldOutText> {
  const conversations: ExampleMessage[][] = [];
  const ids: Int32Array[] = [];
  let left = TOKENS;
  for (const split of ['test', 'validation', 'train'] as const) {
    if (split === 'train' && ids.length > 0) break;
    for (const { body } of examples.filter((example) => example.split === split)) {
      const conversation = conversationsOf(body)[0];
      if (left <= 0 || conversation === undefined) break;
      const [sequences] = await tokenizer.encode([conversation]);
      const sequence = sequences?.at(-1);
      if (sequence === undefined) continue;
      const some = sequence.ids.slice(0, Math.min(length, left + 1));
      conversations.push(conversation);
      ids.push(some);
      left -= some.length - 1;
    }
  }
  return { conversations, ids };
}

export async function heldOutOf(
  { ids }: HeldOutText,
  session: DecoderSession,
  shape: BatchShape,
  sameIds: boolean,
): Promise<HeldOut> {
  const units = ids.map(
    (one): Unit => ({
      exampleId: '',
      sequences: [{ ids: one, learned: new Uint8Array(one.length) }],
    }),
  );
  const sequences: HeldOut['sequences'] = [];
  for (const rows of inOrder(
    units.map((unit) => [unit]),
    shape,
  )) {
    const { batch, laid } = layBatch(rows, shape);
    const logProbabilities = await session.logProbabilities(batch);
    for (const { unit, start, tokens } of laid)
      for (const { ids } of unit.sequences)
        sequences.push({ ids, logProbabilities: logProbabilities.slice(start, start + tokens - 1) });
  }
  return { sequences, sameIds };
}

/** Whether a file's own tokenizer and template read the same conversations as the same ids. */
export async function readsTheSame(
  { conversations, ids }: HeldOutText,
  tokenizer: ChatTokenizer,
): Promise<boolean> {
  const read = await tokenizer.encode(conversations);
  return ids.every((one, index) => {
    const again = read[index]?.at(-1)?.ids;
    return again !== undefined && one.every((id, place) => again[place] === id);
  });
}

const fileOf = (folder: string) => join(folder, 'held-out.json');
const keptSchema = z.object({
  sameIds: z.boolean(),
  sequences: z.array(z.object({ ids: z.array(z.number()), logProbabilities: z.array(z.number()) })),
});

const forgotten = { forgotten: true } as const;
const forgottenSchema = z.object({ forgotten: z.literal(true) });

/** Beside the model's files, so that a form that is made later is compared with the same numbers. */
export async function keepHeldOut(folder: string, { sameIds, sequences }: HeldOut): Promise<void> {
  const kept: z.infer<typeof keptSchema> = {
    sameIds,
    sequences: sequences.map(({ ids, logProbabilities }) => ({
      ids: [...ids],
      logProbabilities: [...logProbabilities],
    })),
  };
  await writeWhole(fileOf(folder), JSON.stringify(kept));
}

/** They are somebody's words, as numbers: where that person is forgotten, that they were there is all that stays. */
export async function forgetHeldOut(folder: string): Promise<void> {
  if (keptSchema.safeParse(await readJson(fileOf(folder))).success)
    await writeWhole(fileOf(folder), JSON.stringify(forgotten));
}

/** @returns null: they were forgotten with a person. @throws AtelierError not_found */
export async function readHeldOut(folder: string): Promise<HeldOut | null> {
  const found = await readJson(fileOf(folder));
  if (forgottenSchema.safeParse(found).success) return null;
  const { data, success } = keptSchema.safeParse(found);
  if (!success)
    throw new AtelierError(
      'not_found',
      `${fileOf(folder)}, with which a new file is compared, is gone or damaged. Train the model again.`,
      { data: { folder } },
    );
  return {
    sameIds: data.sameIds,
    sequences: data.sequences.map(({ ids, logProbabilities }) => ({
      ids: Int32Array.from(ids),
      logProbabilities: Float32Array.from(logProbabilities),
    })),
  };
}
