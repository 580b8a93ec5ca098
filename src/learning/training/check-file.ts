// A file with what the engine makes of it: a row of the table of sizes, speeds and perplexities.
import { stat } from 'node:fs/promises';
import type { Quantisation, TunedFile } from '../../contracts/tuned-model.ts';
import type { HeldOut, ModelExporter } from '../serving/export-port.ts';

/** With an adapter `path` is the base that it is laid over. */
export interface CheckedFile {
  path: string;
  adapter?: string;
  quantisation: Quantisation;
}

const unchecked = { parity: null, perplexity: null, tokensPerSecond: null };

export async function checkFile(
  exporter: Pick<ModelExporter, 'check'>,
  file: CheckedFile,
  /** null: there is nothing to compare it with any more. */
  heldOut: HeldOut | null,
): Promise<Omit<TunedFile, 'model'>> {
  const path = file.adapter ?? file.path;
  const { parity, perplexity, tokensPerSecond } =
    heldOut === null ? unchecked : await exporter.check(file, heldOut);
  return {
    form: file.adapter === undefined ? 'merged' : 'adapter',
    quantisation: file.quantisation,
    path,
    sizeBytes: (await stat(path)).size,
    perplexity,
    tokensPerSecond,
    parity,
  };
}
