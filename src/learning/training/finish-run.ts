// The end of a run: its files, whether the engine gives the trainer's probabilities with each, and the name under which the
// model answers from now on.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Quantisation, TunedFile } from '../../contracts/tuned-model.ts';
import type { DecoderSession } from '../../numerics/decoder/decoder.ts';
import type { FrozenDataset } from '../datasets/datasets.ts';
import type { ModelExporter, Trained, TunedRegistrar } from '../serving/export-port.ts';
import type { BatchShape } from './batches.ts';
import { type CheckedFile, checkFile } from './check-file.ts';
import type { TrainingEngine } from './engine-port.ts';
import { heldOutOf, heldOutText, keepHeldOut, readsTheSame } from './held-out.ts';

export interface FinishOptions {
  name: string;
  trained: Trained;
  session: DecoderSession;
  shape: BatchShape;
  dataset: FrozenDataset;
  engine: TrainingEngine;
  exporter: ModelExporter;
  registrar: TunedRegistrar;
  /** Where the files of this model stay. */
  folder: string;
  signal: AbortSignal;
  onStep: (what: string) => void;
}

/** @returns the files, of which merged F16 answers as local/{name} */
export async function finishRun(options: FinishOptions): Promise<TunedFile[]> {
  const { name, trained, session, shape, dataset, engine, exporter, folder, signal, onStep } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const merged = async (quantisation: Quantisation): Promise<string> => {
    const path = join(folder, `${name}.${quantisation.toLowerCase()}.gguf`);
    await exporter.writeMerged(trained, path, quantisation, signal);
    return path;
  };
  onStep('exporting');
  // F32 is what other forms are made from, and what the trainer's own numbers are compared with.
  const full = await merged('F32');
  const half = await merged('F16');
  const adapter = trained.adaptation.kind === 'lora' ? join(folder, `${name}.adapter.gguf`) : null;
  if (adapter) await exporter.writeAdapter(trained, adapter);

  onStep('checking');
  const trainers = await engine.openTokenizer(trained.base.path);
  const text = await heldOutText(dataset, trainers, shape.length).finally(() => trainers.close());
  const served = await engine.openTokenizer(half);
  const sameIds = await readsTheSame(text, served).finally(() => served.close());
  const heldOut = await heldOutOf(text, session, shape, sameIds);
  await keepHeldOut(folder, heldOut);
  const row = async (file: CheckedFile, model: string | null): Promise<TunedFile> => {
    signal.throwIfAborted();
    return { ...(await checkFile(exporter, file, heldOut)), model };
  };
  const files = [
    await row({ path: full, quantisation: 'F32' }, null),
    await row({ path: half, quantisation: 'F16' }, `local/${name}`),
    ...(adapter ? [await row({ path: trained.base.path, adapter, quantisation: 'F32' }, null)] : []),
  ];
  onStep('registering');
  await options.registrar.register({ id: name, path: half });
  return files;
}
