// Why a folder cannot be taken: which of its files states what, why that matters, and what to do instead.
import { AtelierError } from '../../../contracts/errors.ts';
import { SafetensorsError } from '../../../lib/tensors/safetensors.ts';

export interface Stated {
  file: string;
  field: string;
  value: unknown;
}

export type Refuse = (stated: Stated, why: string, next?: string) => AtelierError;

const ELSEWHERE = 'Choose the folder of a plain Llama or Qwen2 model, or a .gguf file of this one.';
const LONGEST_VALUE = 120;

export function refuserOf(folder: string): Refuse {
  return ({ file, field, value }, why, next = ELSEWHERE) => {
    const shown = valueInWords(value);
    return new AtelierError(
      'invalid_model_file',
      `${folder} cannot be taken as a model: ${file} has ${field} = ${shown}, ${why}. ${next}`,
      { data: { path: folder, reason: 'folder', file, field, value: shown } },
    );
  };
}

function valueInWords(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** A broken weights file is a fault of what was named; anything else goes on as it is. */
export function asRefusal(error: unknown, folder: string): unknown {
  if (!(error instanceof SafetensorsError)) return error;
  return new AtelierError('invalid_model_file', `${error.message} Fetch the file again.`, {
    data: { ...error.data, path: folder },
    cause: error,
  });
}
