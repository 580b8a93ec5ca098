// The 32-bit weights that lie on the disk for the next run: what room they take, and how they go. They are made again at
// need, so nothing is lost with them but time.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import { isMissing } from '../../lib/disk.ts';
import type { InstalledModel } from '../../models/library.ts';

export interface KeptWeightsOptions {
  folder: string;
  installed: () => Promise<readonly InstalledModel[]>;
  identityOf: (model: InstalledModel) => Promise<string>;
  /** The bases, as local/{name}, that runs read at this moment. */
  inUse: () => Promise<readonly string[]>;
  /** Alone with the file of an identity. */
  inTurn: <T>(identity: string, work: () => Promise<T>) => Promise<T>;
  isWritten: (identity: string) => boolean;
}

export function createKeptWeights(options: KeptWeightsOptions) {
  const { folder, installed, identityOf, inUse, inTurn, isWritten } = options;
  const pathOf = (identity: string) => join(folder, `${identity}.safetensors`);

  async function sizeOf(identity: string): Promise<number> {
    try {
      return (await stat(pathOf(identity))).size;
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  }
  /** null: its own file is not there, perhaps because a disk is not. */
  async function knownIdentity(model: InstalledModel): Promise<string | null> {
    try {
      return await identityOf(model);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async function sweep(): Promise<void> {
    const files = await readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    if (files.length === 0) return;
    const known = await Promise.all((await installed()).map(knownIdentity));
    // Whose file is away may come back, and a run may read weights of a model that is gone: both are waited for.
    if (known.includes(null) || (await inUse()).length > 0) return;
    for (const file of files) {
      const identity = file.split('.')[0] ?? '';
      if (isWritten(identity) || (known.includes(identity) && file.endsWith('.safetensors'))) continue;
      await inTurn(identity, () => rm(join(folder, file), { force: true }));
    }
  }
  let sweeping: Promise<void> | null = null;

  return {
    /** Bytes; 0: they are made when they are needed. */
    async size(model: InstalledModel): Promise<number> {
      const identity = await knownIdentity(model);
      return identity === null ? 0 : sizeOf(identity);
    },
    /** @returns the bytes that are free now. @throws AtelierError conflict while a run reads them */
    async free(model: InstalledModel): Promise<number> {
      const identity = await identityOf(model);
      return inTurn(identity, async () => {
        const id = `local/${model.id}`;
        if ((await inUse()).includes(id))
          throw new AtelierError(
            'conflict',
            `A training reads the weights of ${id}. Pause or cancel it, or wait for its end.`,
            { data: { model: id } },
          );
        const bytes = await sizeOf(identity);
        await rm(pathOf(identity), { force: true });
        return bytes;
      });
    },
    /** Weights of models that are no longer here, and what a kill left half written. */
    sweep: () => {
      sweeping ??= sweep().finally(() => {
        sweeping = null;
      });
      return sweeping;
    },
  };
}
