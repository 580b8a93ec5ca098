// The models of this machine that can be trained, and their weights as 32-bit numbers: a GGUF is dequantised once into
// a safetensors file, which the trainer reads and the next run finds.
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import { freeBytes as freeOf, isMissing, SPARE_BYTES, syncFolder } from '../../lib/disk.ts';
import { GgufError, readGgufHeader } from '../../lib/gguf.ts';
import { readSafetensorsHeader, SafetensorsError } from '../../lib/tensors/safetensors.ts';
import type { InstalledModel, ModelLibrary } from '../../models/library.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { DecoderConfig } from '../../numerics/decoder/decoder.ts';
import { readDecoderConfig } from './base-config.ts';
import type { BaseFacts, BaseModel, BaseModels } from './base-model.ts';
import { dequantiseInWorker } from './dequantise-in-worker.ts';
import { createKeptWeights } from './kept-weights.ts';

export interface BaseModelsOptions {
  library: Pick<ModelLibrary, 'installed' | 'catalogue'>;
  registry: Pick<ModelRegistry, 'resolve'>;
  /** Weights are kept in its folder `training/bases`. */
  dataDir: string;
  /** Bytes that may be written in a folder. Default: what the system says. */
  freeBytes?: (folder: string) => Promise<number>;
  /** The bases that runs read at this moment. Default: none. */
  inUse?: () => Promise<readonly string[]>;
}

type PrepareOptions = NonNullable<Parameters<BaseModels['prepare']>[1]>;

export function createBaseModels(options: BaseModelsOptions): BaseModels {
  const { library, registry } = options;
  const folder = join(options.dataDir, 'training', 'bases');
  /** Two runs that want the same file wait for each other, and the second finds it. */
  const turns = new Map<string, Promise<unknown>>();

  async function factsOf(model: InstalledModel): Promise<BaseFacts> {
    const listing = (await library.catalogue()).find(({ entry }) => entry.id === model.catalogueId);
    const known = {
      model: `local/${model.id}`,
      displayName: listing?.entry.displayName ?? model.id,
      path: model.path,
      parameters: model.parameters ?? 0,
      quantisation: model.quantization ?? 'unknown',
    };
    const refused = (reason: string): BaseFacts => ({ ...known, config: null, reason, weightBytes: 0 });
    if (model.adapter !== null)
      return refused('It is an adapter over another model; train that model, or its merged form.');
    try {
      const header = await readGgufHeader(model.path);
      const { config, reason } = readDecoderConfig(header);
      const parameters = header.tensors.reduce((sum, tensor) => sum + tensor.elements, 0);
      return { ...known, parameters, config, reason: reason ?? null, weightBytes: parameters * 4 };
    } catch (error) {
      if (error instanceof GgufError || isMissing(error)) return refused(String((error as Error).message));
      throw error;
    }
  }

  async function find(model: string): Promise<InstalledModel> {
    const { info } = await registry.resolve(model);
    const found =
      info.provider === 'local' && info.kind === 'chat'
        ? (await library.installed()).find(({ id }) => id === info.name)
        : undefined;
    if (found !== undefined) return found;
    throw new AtelierError(
      'invalid_request',
      `${model} cannot be trained: ${info.kind === 'chat' ? 'it is no model of this machine' : 'it writes no text'}. Choose a local chat model.`,
      { data: { model, provider: info.provider, kind: info.kind } },
    );
  }

  const weightsOf = (identity: string) => join(folder, `${identity}.safetensors`);

  async function inTurn<T>(identity: string, work: () => Promise<T>): Promise<T> {
    const before = turns.get(identity);
    const turn = (async () => {
      await before?.catch(() => undefined); // whoever waited for it was told
      return work();
    })();
    turns.set(identity, turn);
    try {
      return await turn;
    } finally {
      if (turns.get(identity) === turn) turns.delete(identity);
    }
  }
  const kept = createKeptWeights({
    folder,
    installed: library.installed,
    identityOf,
    inUse: options.inUse ?? (async () => []),
    inTurn,
    isWritten: (identity) => turns.has(identity),
  });

  async function prepare(model: string, { signal, onProgress }: PrepareOptions = {}): Promise<BaseModel> {
    const installed = await find(model);
    const facts = await factsOf(installed);
    const { config } = facts;
    if (config === null)
      throw new AtelierError('invalid_request', `${facts.model} cannot be trained. ${facts.reason}`, {
        data: { model: facts.model, reason: facts.reason },
      });
    const identity = await identityOf(installed);
    const weights = weightsOf(identity);
    await inTurn(identity, async () => {
      if (!(await isWhole(weights, identity)))
        await write({ facts, config, weights, identity, signal, onProgress });
      onProgress?.(1);
    });
    return { ...facts, config, reason: null, weights };
  }

  async function write(job: {
    facts: BaseFacts;
    config: DecoderConfig;
    weights: string;
    identity: string;
    signal: AbortSignal | undefined;
    onProgress: ((done: number) => void) | undefined;
  }): Promise<void> {
    const { facts, weights, signal, onProgress } = job;
    await mkdir(folder, { recursive: true });
    const neededBytes = facts.weightBytes + SPARE_BYTES;
    const part = `${weights}.part`;
    await rm(part, { force: true });
    const full = async (cause?: unknown) => {
      const free = await (options.freeBytes ?? freeOf)(folder);
      const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
      return new AtelierError(
        'storage_full',
        `The weights of ${facts.model} take ${megabytes(neededBytes)} as 32-bit numbers, and the disk of ${folder} has ${megabytes(free)} free. Free some space, or choose another folder with --data.`,
        { data: { folder, neededBytes, freeBytes: free }, cause },
      );
    };
    if ((await (options.freeBytes ?? freeOf)(folder)) < neededBytes) throw await full();
    try {
      const { path, parameters } = facts;
      await dequantiseInWorker(
        { path, parameters, config: job.config, part, identity: job.identity },
        { signal, onProgress, full },
      );
      await rename(part, weights);
      await syncFolder(folder);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  return {
    list: async () =>
      Promise.all((await library.installed()).filter(({ kind }) => kind === 'chat').map(factsOf)),
    describe: async (model) => factsOf(await find(model)),
    async isPrepared(model) {
      const identity = await identityOf(await find(model));
      return isWhole(weightsOf(identity), identity);
    },
    prepare,
    async keptBytes(model) {
      return kept.size(await find(model));
    },
    async free(model) {
      return kept.free(await find(model));
    },
    sweep: kept.sweep,
  };
}

/** Changes with the file: its hash where it is known, else its place, size and time. */
async function identityOf({ path, sha256 }: InstalledModel): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const text = sha256 ?? `${path}:${size}:${Math.round(mtimeMs)}`;
  return createHash('sha256').update(`1:${text}`).digest('hex').slice(0, 32);
}

async function isWhole(path: string, identity: string): Promise<boolean> {
  try {
    return (await readSafetensorsHeader(path)).metadata.base === identity;
  } catch (error) {
    if (isMissing(error) || error instanceof SafetensorsError) return false;
    throw error;
  }
}
