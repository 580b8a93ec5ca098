// The normal form of Unicode that a model's tokenizer expects, where its file names one (`atelier.text_normalization`):
// llama.cpp has no such rule of its own.
import type { LlamaModel } from 'node-llama-cpp';

/** @throws Error when the file asks for a form that is unknown */
export function normalisationOf(model: LlamaModel): (text: string) => string {
  const { atelier } = model.fileInfo.metadata as { atelier?: { text_normalization?: unknown } };
  const form = atelier?.text_normalization;
  if (form === undefined) return (text) => text;
  if (form === 'NFC' || form === 'NFKC') return (text) => text.normalize(form);
  throw new Error(`The file asks for the text normalization ${String(form)}, which is unknown here.`);
}
