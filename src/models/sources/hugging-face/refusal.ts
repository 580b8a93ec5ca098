// Why a folder cannot be taken: which of its files states what, why that matters, and what to do instead.
import { AtelierError } from '../../../contracts/errors.ts';
import { SafetensorsError } from '../../../lib/tensors/safetensors.ts';

export interface Stated {
  file: string;
  field: string;
  value: unknown;
}

/** With a name in place of a statement: the folder lacks that file. */
export type Refuse = (stated: Stated | string, why: string, next?: string) => AtelierError;

const ELSEWHERE = 'Choose the folder of a plain Llama or Qwen2 model, or a .gguf file of this one.';
const LONGEST_VALUE = 120;

export function refuserOf(folder: string): Refuse {
  return (stated, why, next = ELSEWHERE) => {
    const begin = `${folder} cannot be taken as a model:`;
    if (typeof stated === 'string')
      return new AtelierError('invalid_model_file', `${begin} it has no ${stated}, ${why}. ${next}`, {
        data: { path: folder, reason: 'folder_file', file: stated },
      });
    const { file, field, value } = stated;
    const shown = valueInWords(value);
    const what = value === undefined ? `no ${field}` : `${field} = ${shown}`;
    return new AtelierError('invalid_model_file', `${begin} ${file}: ${what}, ${why}. ${next}`, {
      data: { path: folder, reason: 'folder', file, field, value: shown },
    });
  };
}

function valueInWords(value: unknown): string {
  const text = value === undefined ? '-' : JSON.stringify(value);
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
