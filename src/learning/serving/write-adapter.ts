// A LoRA adapter as a GGUF that llama.cpp lays over the base's own GGUF: A and B of every projection, and alpha, from
// which and the rank it takes the scale.
import { AtelierError } from '../../contracts/errors.ts';
import { writeGguf } from '../../lib/gguf-write.ts';
import type { Trained } from './export-port.ts';
import { trainedTensors } from './trained-tensors.ts';
import { wholeFile } from './whole-file.ts';

export async function writeAdapter(trained: Trained, path: string): Promise<void> {
  const { adaptation, base } = trained;
  if (adaptation.kind !== 'lora')
    throw new AtelierError(
      'invalid_request',
      'A model of which all weights were trained has no adapter; write it merged.',
    );
  const tensors = [...trainedTensors(trained).values()];
  const neededBytes = tensors.reduce((sum, { values }) => sum + values.byteLength, 0);
  await wholeFile(path, neededBytes, (part) =>
    writeGguf(
      part,
      [
        { key: 'general.type', type: 'string', value: 'adapter' },
        { key: 'general.architecture', type: 'string', value: base.config.architecture },
        { key: 'adapter.type', type: 'string', value: 'lora' },
        { key: 'adapter.lora.alpha', type: 'float32', value: adaptation.alpha },
      ],
      tensors.map(({ name, shape, values }) => ({
        name,
        dimensions: [...shape].reverse(),
        type: 0,
        bytes: () => [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)],
      })),
    ),
  );
}
