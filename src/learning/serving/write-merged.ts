// The tuned model as one GGUF: the base's metadata, tokenizer and template as they lie in its file, and its tensors with
// what was trained added or put in their place, quantised one after the other. No more than some rows are in memory.
// Minutes of arithmetic: it runs in a thread of its own (merge-in-worker.ts).
import { type FileHandle, open } from 'node:fs/promises';
import type { Quantisation } from '../../contracts/tuned-model.ts';
import { type GgufHeader, type GgufTensor, readGgufHeader } from '../../lib/gguf.ts';
import { type GgufEntry, type GgufTensorSource, writeGguf } from '../../lib/gguf-write.ts';
import { readFully, readTensorRows } from '../../lib/tensors/gguf-tensors.ts';
import { blockWriters, quantise } from '../../lib/tensors/quantise.ts';
import type { Trained } from './export-port.ts';
import { bytesOf, fileTypeOf, tensorTypeFor } from './tensor-types.ts';
import { type TrainedTensor, trainedTensors } from './trained-tensors.ts';
import { wholeFile } from './whole-file.ts';

export async function writeMerged(trained: Trained, path: string, quantisation: Quantisation): Promise<void> {
  const { base } = trained;
  const header = await readGgufHeader(base.path);
  const source = await open(base.path, 'r');
  try {
    const changed = trainedTensors(trained);
    const tensors = header.tensors.map((tensor): GgufTensorSource => {
      const type = tensorTypeFor(quantisation, tensor, base.config);
      const merge = mergerOf(trained, tensor, changed);
      return {
        name: tensor.name,
        dimensions: tensor.dimensions,
        type: blockWriters[type].type,
        async *bytes() {
          for await (const { row, values } of readTensorRows(source, tensor)) {
            merge(row, values);
            yield quantise(type, values);
          }
        },
      };
    });
    const metadata = await metadataOf(source, header, quantisation);
    await wholeFile(path, bytesOf(quantisation, header.tensors, base.config), (part) =>
      writeGguf(part, metadata, tensors),
    );
  } finally {
    await source.close();
  }
}

/** What describes the base's own bytes and not the model. */
const ofTheFile = /^(general\.(file_type|quantization_version|alignment)$|quantize\.|split\.)/;

async function metadataOf(
  source: FileHandle,
  { spans }: GgufHeader,
  quantisation: Quantisation,
): Promise<GgufEntry[]> {
  const entries: GgufEntry[] = [];
  for (const [key, { start, end }] of spans) {
    if (ofTheFile.test(key)) continue;
    const raw = Buffer.alloc(end - start);
    await readFully(source, raw, start);
    entries.push({ raw });
  }
  entries.push({ key: 'general.file_type', type: 'uint32', value: fileTypeOf[quantisation] });
  if (quantisation !== 'F32' && quantisation !== 'F16')
    entries.push({ key: 'general.quantization_version', type: 'uint32', value: 2 });
  return entries;
}

/** Changes rows of the base into rows of the tuned model, in place. */
function mergerOf(
  { adaptation }: Trained,
  tensor: GgufTensor,
  changed: ReadonlyMap<string, TrainedTensor>,
): (row: number, values: Float32Array) => void {
  const columns = tensor.dimensions[0] ?? 1;
  const whole = changed.get(tensor.name);
  if (whole !== undefined)
    return (row, values) => values.set(whole.values.subarray(row * columns, row * columns + values.length));
  const a = changed.get(`${tensor.name}.lora_a`);
  const b = changed.get(`${tensor.name}.lora_b`);
  if (adaptation.kind !== 'lora' || a === undefined || b === undefined) return () => {};
  const { rank, alpha } = adaptation;
  const sum = new Float64Array(columns);
  // W + alpha / rank B A: (out, in) + (out, rank) (rank, in)
  return (row, values) => {
    for (let start = 0; start < values.length; start += columns) {
      const out = row + start / columns;
      sum.fill(0);
      for (let r = 0; r < rank; r++) {
        const factor = ((b.values[out * rank + r] ?? 0) * alpha) / rank;
        const from = r * columns;
        for (let i = 0; i < columns; i++) sum[i] = (sum[i] ?? 0) + factor * (a.values[from + i] ?? 0);
      }
      for (let i = 0; i < columns; i++) values[start + i] = (values[start + i] ?? 0) + (sum[i] ?? 0);
    }
  };
}
