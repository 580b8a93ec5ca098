// The pieces of a tokenizer.json: its vocabulary, what was added to it, and in which order pieces are put together.
// Its values are read as they lie, never copied into an object: a vocabulary of code has pieces such as __proto__.
import type { HuggingFaceFolder, JsonObject } from './open-folder.ts';
import { isObject } from './open-folder.ts';

export interface AddedToken {
  id: number;
  content: string;
  special: boolean;
  normalized: boolean;
}

export interface Pieces {
  model: JsonObject;
  /** Piece -> id. */
  vocabulary: ReadonlyMap<string, number>;
  added: readonly AddedToken[];
  /** The first goes first. */
  merges: readonly (readonly [left: string, right: string])[];
}

/** @throws AtelierError invalid_model_file */
export function readPieces({ tokenizer, refuse }: Pick<HuggingFaceFolder, 'tokenizer' | 'refuse'>): Pieces {
  const fault = (field: string, value: unknown, why: string, next?: string) =>
    refuse({ file: 'tokenizer.json', field, value }, why, next);
  const model = isObject(tokenizer.model) ? tokenizer.model : {};
  if (model.type !== undefined && model.type !== 'BPE')
    throw fault('model.type', model.type, 'and only BPE is read here');
  for (const [field, plain] of plainFields) {
    const value = model[field] ?? plain;
    if (value !== plain) throw fault(`model.${field}`, value, 'which is not known here');
  }
  const again = 'Fetch the file again.';
  if (!isObject(model.vocab)) throw fault('model.vocab', model.vocab, 'where an object is needed', again);
  const vocabulary = new Map<string, number>();
  for (const [piece, id] of Object.entries(model.vocab)) {
    if (!isId(id) || !piece.isWellFormed())
      throw fault('model.vocab', { [piece]: id }, 'which is no piece', again);
    vocabulary.set(piece, id);
  }
  if (!Array.isArray(model.merges))
    throw fault('model.merges', model.merges, 'where a list is needed', again);
  const merges = model.merges.map((merge: unknown) => {
    const pair = typeof merge === 'string' ? merge.split(' ') : merge;
    const [left, right] = Array.isArray(pair) && pair.length === 2 ? pair : [];
    const isKnown = (piece: unknown) => typeof piece === 'string' && vocabulary.has(piece);
    if (!isKnown(left) || !isKnown(right) || !isKnown(`${left}${right}`))
      throw fault('model.merges', merge, 'which puts together what the vocabulary lacks', again);
    return [left, right] as [string, string];
  });
  return { model, vocabulary, added: addedTokens(tokenizer.added_tokens, vocabulary, fault), merges };
}

const plainFields = [
  ['dropout', null],
  ['continuing_subword_prefix', ''],
  ['end_of_word_suffix', ''],
] as const;

function addedTokens(
  list: unknown,
  vocabulary: ReadonlyMap<string, number>,
  fault: (field: string, value: unknown, why: string, next?: string) => Error,
): AddedToken[] {
  // The library numbers what it adds itself, in the order of the list, whatever id stands there.
  let next = vocabulary.size;
  return (Array.isArray(list) ? list : []).map((token: unknown) => {
    const { id, content, special, normalized, ...how } = isObject(token) ? token : {};
    if (!isId(id) || typeof content !== 'string' || content === '' || !content.isWellFormed())
      throw fault('added_tokens', token, 'which is no token', 'Fetch the file again.');
    const expected = vocabulary.get(content) ?? next++;
    if (expected !== id) throw fault('added_tokens', token, `while its id follows to be ${expected}`);
    // What a token does to the text beside it cannot be said in a GGUF.
    if (how.lstrip === true || how.rstrip === true || how.single_word === true)
      throw fault(
        'added_tokens',
        token,
        'which swallows or asks for what stands beside it, and llama.cpp cannot',
      );
    return { id, content, special: special === true, normalized: normalized === true };
  });
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
