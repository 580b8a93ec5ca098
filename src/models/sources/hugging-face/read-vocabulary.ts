// A tokenizer of Hugging Face's as the fields of a GGUF: every id with its piece and kind, the rules by which text is
// cut, and the tokens that begin and end it.
import type { GgufEntry } from '../../../lib/gguf-write.ts';
import { isByteLevel, readByteLevel } from './byte-level.ts';
import type { HuggingFaceFolder } from './open-folder.ts';
import { type AddedToken, readPieces } from './read-pieces.ts';
import { bytePiece, readSentencePiece } from './sentence-piece.ts';
import { readSpecialTokens } from './special-tokens.ts';

/** llama.cpp's kinds of tokens. */
const kind = { normal: 1, unknown: 2, control: 3, added: 4, unused: 5, byte: 6 } as const;

/** Of a model with so many rows in its embedding. @throws AtelierError invalid_model_file */
export function readVocabulary(folder: HuggingFaceFolder, rows: number): GgufEntry[] {
  const { tokenizer, refuse } = folder;
  const pieces = readPieces(folder);
  const byteLevel = isByteLevel(tokenizer.pre_tokenizer) ? readByteLevel(folder, pieces) : null;
  const sentencePiece = byteLevel === null ? readSentencePiece(folder, pieces) : null;

  const tokens: string[] = [];
  const kinds: number[] = [];
  const put = (piece: string, id: number, as: number) => {
    if (id >= rows)
      throw refuse(
        { file: 'tokenizer.json', field: `the id of ${JSON.stringify(piece)}`, value: id },
        `and the embedding has ${rows} rows`,
      );
    if (tokens[id] !== undefined && tokens[id] !== piece)
      throw refuse(
        { file: 'tokenizer.json', field: `the id ${id}`, value: [tokens[id], piece] },
        'two pieces',
      );
    tokens[id] = piece;
    kinds[id] = as;
  };
  for (const [piece, id] of pieces.vocabulary) put(piece, id, kind.normal);
  if (sentencePiece !== null) {
    for (let byte = 0; byte < 256; byte++) kinds[pieces.vocabulary.get(bytePiece(byte)) ?? 0] = kind.byte;
  }
  for (const token of pieces.added)
    put(token.content, token.id, isControl(token) ? kind.control : kind.added);
  const unknown = sentencePiece === null ? undefined : pieces.vocabulary.get(String(pieces.model.unk_token));
  if (unknown !== undefined) kinds[unknown] = kind.unknown;
  // Embeddings are often made longer than the vocabulary; llama.cpp wants a name for each row.
  for (let id = 0; id < rows; id++) {
    if (tokens[id] === undefined) put(`[PAD${id}]`, id, kind.unused);
    if (tokens[id] === '') tokens[id] = `[EMPTY_${id}]`;
  }
  const ids = new Map(tokens.map((piece, id) => [piece, id]));
  if (ids.size < rows)
    throw refuse(
      {
        file: 'tokenizer.json',
        field: 'model.vocab',
        value: tokens.find((piece, id) => ids.get(piece) !== id),
      },
      'a piece with two ids',
    );

  const scores = sentencePiece?.scores;
  return [
    { key: 'tokenizer.ggml.model', type: 'string', value: byteLevel === null ? 'llama' : 'gpt2' },
    { key: 'tokenizer.ggml.pre', type: 'string', value: byteLevel?.pre ?? 'default' },
    { key: 'tokenizer.ggml.tokens', type: 'array', of: 'string', values: tokens },
    ...(scores === undefined
      ? []
      : [
          {
            key: 'tokenizer.ggml.scores',
            type: 'array',
            of: 'float32',
            values: tokens.map((piece) => scores.get(piece) ?? 0),
          } as const,
        ]),
    { key: 'tokenizer.ggml.token_type', type: 'array', of: 'int32', values: kinds },
    ...(byteLevel === null
      ? []
      : [
          {
            key: 'tokenizer.ggml.merges',
            type: 'array',
            of: 'string',
            values: pieces.merges.map((pair) => pair.join(' ')),
          } as const,
        ]),
    { key: 'tokenizer.ggml.add_space_prefix', type: 'bool', value: sentencePiece?.spaceBegins ?? false },
    ...readSpecialTokens(folder, ids),
    ...(byteLevel?.normalization
      ? [{ key: 'atelier.text_normalization', type: 'string', value: byteLevel.normalization } as const]
      : []),
  ];
}

/** One that a template may write and a person may not. Some files forget to say so of <|...|>; llama.cpp does not. */
function isControl({ special, content }: AddedToken): boolean {
  return special || /^<\|.*\|>$/s.test(content);
}
