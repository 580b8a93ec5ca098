// Distillation of probabilities (Hinton et al. 2015): of a local teacher that reads the same tokens, the k likeliest next
// tokens after each one. Kept in the run's folder, so that a run that goes on learns from the very same numbers.
import { open } from 'node:fs/promises';
import type { ScratchModel } from './engine-port.ts';
import type { Unit } from './pack.ts';

/** One sequence of the file: k ids a token (i32), then k probabilities a token (f32). */
const BYTES = 8;

/** The units with the teacher's probabilities, each token's made to sum to 1. */
export async function teacherProbabilities(
  units: readonly Unit[],
  options: {
    openTeacher: () => Promise<Pick<ScratchModel, 'topProbabilities' | 'close'>>;
    k: number;
    path: string;
    signal: AbortSignal;
    onProgress: (done: number, total: number) => void;
  },
): Promise<Unit[]> {
  const { k, path, signal } = options;
  const file = await open(path, 'a+', 0o600);
  let teacher: Pick<ScratchModel, 'topProbabilities' | 'close'> | null = null;
  try {
    const { size } = await file.stat();
    let at = 0;
    const done: Unit[] = [];
    for (const unit of units) {
      signal.throwIfAborted();
      const soft: { ids: Int32Array; probabilities: Float32Array }[] = [];
      for (const { ids } of unit.sequences) {
        const bytes = Buffer.alloc(ids.length * k * BYTES);
        const found = {
          ids: new Int32Array(bytes.buffer, bytes.byteOffset, ids.length * k),
          probabilities: new Float32Array(bytes.buffer, bytes.byteOffset + bytes.length / 2, ids.length * k),
        };
        if (at + bytes.length <= size) await file.read(bytes, 0, bytes.length, at);
        else {
          // Half a sequence that a kill left is written over.
          if (teacher === null) await file.truncate(at);
          teacher ??= await options.openTeacher();
          const top = await teacher.topProbabilities(ids, k);
          found.ids.set(top.ids);
          found.probabilities.set(normalised(top.probabilities, k));
          await file.appendFile(bytes);
        }
        at += bytes.length;
        soft.push(found);
      }
      done.push({ ...unit, soft });
      options.onProgress(done.length, units.length);
    }
    await file.datasync();
    return done;
  } finally {
    await file.close();
    await teacher?.close();
  }
}

function normalised(probabilities: Float32Array, k: number): Float32Array {
  const result = Float32Array.from(probabilities);
  for (let token = 0; token < result.length; token += k) {
    let sum = 0;
    for (let place = token; place < token + k; place++) sum += result[place] ?? 0;
    if (sum > 0)
      for (let place = token; place < token + k; place++) result[place] = (result[place] ?? 0) / sum;
  }
  return result;
}
