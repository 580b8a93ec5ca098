// BPE as SentencePiece has it (`llama` in a GGUF): no words are cut out, a space is U+2581, and what no piece covers
// becomes bytes. tokenizer.json says in which order pairs are put together; llama.cpp puts together whichever pair
// makes the piece with the highest score. The two agree if the order is one of pieces, and no piece has a pair that may
// not make it: both are checked, and the score of a piece is then its place in the order.
import type { HuggingFaceFolder } from './open-folder.ts';
import { isObject } from './open-folder.ts';
import type { Pieces } from './read-pieces.ts';

export interface SentencePieceRules {
  scores: ReadonlyMap<string, number>;
  /** A text begins as if a space stood before it. */
  spaceBegins: boolean;
}

const SPACE = '▁';
export const bytePiece = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

/** @throws AtelierError invalid_model_file */
export function readSentencePiece(
  { tokenizer, refuse }: Pick<HuggingFaceFolder, 'tokenizer' | 'refuse'>,
  { model, vocabulary, merges, added }: Pieces,
): SentencePieceRules {
  const fault = (field: string, value: unknown, why: string) =>
    refuse({ file: 'tokenizer.json', field, value }, why);
  if (model.byte_fallback !== true)
    throw fault(
      'model.byte_fallback',
      model.byte_fallback,
      'and a tokenizer without bytes is not known here',
    );
  if (model.ignore_merges === true)
    throw fault('model.ignore_merges', true, 'which llama.cpp does not do here');
  const lacking = Array.from({ length: 256 }, (_, byte) => bytePiece(byte)).find(
    (piece) => !vocabulary.has(piece),
  );
  if (lacking !== undefined) throw fault('model.vocab', lacking, 'a byte that is missing');
  // llama.cpp looks for it in the text as it was written.
  const changed = added.find(({ special, normalized }) => normalized && !special);
  if (changed !== undefined)
    throw fault('added_tokens', changed.content, 'which is looked for in changed text');
  const spaceBegins = beginningOf(tokenizer.normalizer, tokenizer.pre_tokenizer);
  if (spaceBegins === null)
    throw fault(
      'normalizer and pre_tokenizer',
      [tokenizer.normalizer, tokenizer.pre_tokenizer],
      'which together are not known here',
    );

  const places = new Map<string, { first: number; last: number }>();
  const pairs = new Set<string>();
  for (const [place, [left, right]] of merges.entries()) {
    const piece = left + right;
    pairs.add(`${left} ${right}`);
    places.set(piece, { first: places.get(piece)?.first ?? place, last: place });
  }
  const inOrder = [...places].sort((a, b) => a[1].first - b[1].first);
  for (const [index, [piece, { last }]] of inOrder.entries()) {
    const next = inOrder[index + 1];
    if (next !== undefined && next[1].first < last)
      throw fault(
        'model.merges',
        piece,
        'a piece whose pairs do not stand together, which scores cannot say',
      );
  }
  const special = new Set(added.map(({ content }) => content));
  const others: string[] = [];
  for (const piece of vocabulary.keys()) {
    if (special.has(piece) || isByte(piece)) continue;
    if (!places.has(piece)) others.push(piece);
    const missing = pairsOf(piece, vocabulary).find((pair) => !pairs.has(pair));
    if (missing !== undefined)
      throw fault(
        'model.merges',
        missing,
        'a pair that makes a piece and is not among them, which scores cannot say',
      );
  }
  const byId = (a: string, b: string) => (vocabulary.get(a) ?? 0) - (vocabulary.get(b) ?? 0);
  const ranked = [...inOrder.map(([piece]) => piece), ...others.sort(byId)];
  return { scores: new Map(ranked.map((piece, place) => [piece, -place])), spaceBegins };
}

const isByte = (piece: string) => /^<0x[0-9A-F]{2}>$/.test(piece);

/** The ways to make a piece of two: each half is a piece itself or a single character, with which llama.cpp begins. */
function pairsOf(piece: string, vocabulary: ReadonlyMap<string, number>): string[] {
  const characters = Array.from(piece);
  const isPart = (part: readonly string[]) => part.length === 1 || vocabulary.has(part.join(''));
  const pairs: string[] = [];
  for (let cut = 1; cut < characters.length; cut++) {
    const [left, right] = [characters.slice(0, cut), characters.slice(cut)];
    if (isPart(left) && isPart(right)) pairs.push(`${left.join('')} ${right.join('')}`);
  }
  return pairs;
}

/**
 * Whether a text begins with a space of its own; null: in a way that is not known. Two spellings: a normalizer puts a
 * U+2581 before the text and one in place of each space, or a Metaspace does. The second leaves out the first one where
 * the text begins with a space; SentencePiece itself, and so llama.cpp, does not.
 */
function beginningOf(normalizer: unknown, preTokenizer: unknown): boolean | null {
  if (preTokenizer === null || preTokenizer === undefined) {
    const steps =
      isObject(normalizer) && normalizer.type === 'Sequence' ? normalizer.normalizers : [normalizer];
    const words = (Array.isArray(steps) ? steps : []).map(stepInWords).join(', ');
    if (words === 'prepend, replace') return true;
    return words === 'replace' ? false : null;
  }
  const isMetaspace =
    isObject(preTokenizer) &&
    preTokenizer.type === 'Metaspace' &&
    preTokenizer.replacement === SPACE &&
    preTokenizer.split === false;
  if (!isMetaspace || (normalizer !== null && normalizer !== undefined)) return null;
  if (preTokenizer.prepend_scheme === 'always') return true;
  return preTokenizer.prepend_scheme === 'never' ? false : null;
}

function stepInWords(step: unknown): string {
  if (!isObject(step)) return 'unknown';
  if (step.type === 'Prepend' && step.prepend === SPACE) return 'prepend';
  const isSpace =
    isObject(step.pattern) && step.pattern.String === ' ' && Object.keys(step.pattern).length === 1;
  return step.type === 'Replace' && isSpace && step.content === SPACE ? 'replace' : 'unknown';
}
