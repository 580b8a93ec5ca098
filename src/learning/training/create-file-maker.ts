// Further forms of a tuned model, made from its F32 file and compared with what the trainer gave when it was trained.
import { dirname, join } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import { isMissing } from '../../lib/disk.ts';
import { readGgufHeader } from '../../lib/gguf.ts';
import type { ModelExporter, TunedFileMaker } from '../serving/export-port.ts';
import { readDecoderConfig } from './base-config.ts';
import { checkFile } from './check-file.ts';
import { readHeldOut } from './held-out.ts';

export function createFileMaker({ exporter }: { exporter: ModelExporter }): TunedFileMaker {
  return {
    async make({ name, model, files }, { quantisation }, { signal, onStep }) {
      const source = files.find((file) => file.form === 'merged' && file.quantisation === 'F32');
      const gone = (cause?: unknown) =>
        new AtelierError(
          'not_found',
          `The F32 file of ${name}, from which other forms are made, is gone. Train it again.`,
          { cause, data: { model, path: source?.path ?? null } },
        );
      if (source === undefined) throw gone();
      const header = await readGgufHeader(source.path).catch((cause: unknown) => {
        throw isMissing(cause) ? gone(cause) : cause;
      });
      const { config } = readDecoderConfig(header);
      if (config === null) throw gone();
      const folder = dirname(source.path);
      const path = join(folder, `${name}.${quantisation.toLowerCase()}.gguf`);
      // All that was trained is in the file: nothing is added to it.
      const { sizeBytes } = source;
      await exporter.writeMerged(
        {
          base: {
            model,
            displayName: name,
            path: source.path,
            parameters: sizeBytes / 4,
            quantisation: 'F32',
            config,
            reason: null,
            weightBytes: sizeBytes,
            weights: source.path,
          },
          adaptation: { kind: 'full' },
          parameters: [],
          values: new Float32Array(0),
        },
        path,
        quantisation,
        signal,
      );
      onStep('checking');
      return checkFile(exporter, { path, quantisation }, await readHeldOut(folder));
    },
  };
}
