// Errors as Ollama words them: one text.
import type { AtelierError } from '../../../contracts/errors.ts';

export function ollamaErrorBody(error: AtelierError) {
  return { error: error.message };
}
