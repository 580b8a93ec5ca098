// Byte-level BPE (`gpt2` in a GGUF): words are cut out by a pattern first, and llama.cpp knows patterns by name. The
// pattern that stands in tokenizer.json says which; one that is not known is refused, never taken for a similar one.
import type { HuggingFaceFolder } from './open-folder.ts';
import { isObject } from './open-folder.ts';
import type { Pieces } from './read-pieces.ts';

export interface ByteLevelRules {
  /** llama.cpp's name of the pattern. */
  pre: string;
  /** The form of Unicode to which text is brought first. */
  normalization: 'NFC' | null;
}

const afterLlama3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const afterQwen2 = afterLlama3.replace('{1,3}', '');

/** The steps of a pre-tokenizer -> llama.cpp's name, by whether words that are pieces are taken without merging. */
const known: Readonly<Record<string, { merging: string | null; ignoring: string | null }>> = {
  [`split ${afterLlama3}, bytes`]: { merging: 'smaug-bpe', ignoring: 'llama-bpe' },
  [`split ${afterQwen2}, bytes`]: { merging: 'qwen2', ignoring: null },
  'digits, words': { merging: 'smollm', ignoring: null },
  words: { merging: 'gpt-2', ignoring: null },
};

/** Bytes that no UTF-8 text holds: a vocabulary may lack them. */
const neverInText = new Set([0xc0, 0xc1, ...Array.from({ length: 11 }, (_, index) => 0xf5 + index)]);

export function isByteLevel(preTokenizer: unknown): boolean {
  return stepsOf(preTokenizer).some((step) => isObject(step) && step.type === 'ByteLevel');
}

/** @throws AtelierError invalid_model_file */
export function readByteLevel(
  { tokenizer, refuse }: Pick<HuggingFaceFolder, 'tokenizer' | 'refuse'>,
  { model, vocabulary, merges, added }: Pieces,
): ByteLevelRules {
  const fault = (field: string, value: unknown, why: string) =>
    refuse({ file: 'tokenizer.json', field, value }, why);
  const ignoreMerges = model.ignore_merges === true;
  const names = known[stepsOf(tokenizer.pre_tokenizer).map(stepInWords).join(', ')];
  if (names === undefined)
    throw fault('pre_tokenizer', tokenizer.pre_tokenizer, 'a way to cut words that is not known here');
  const pre = ignoreMerges ? names.ignoring : names.merging;
  if (pre === null)
    throw fault('model.ignore_merges', ignoreMerges, 'which llama.cpp does not do with these words');
  if (model.byte_fallback === true) throw fault('model.byte_fallback', true, 'beside bytes as pieces');
  const lacking = byteCharacters().filter(
    ([byte, character]) => !neverInText.has(byte) && !vocabulary.has(character),
  );
  if (typeof model.unk_token === 'string' && lacking.length > 0)
    throw fault(
      'model.unk_token',
      model.unk_token,
      `which stands for ${lacking.length} bytes, and llama.cpp leaves them out`,
    );
  const spaced = merges.find((pair) => pair.some((piece) => piece.includes(' ')));
  if (spaced !== undefined) throw fault('model.merges', spaced, 'and a GGUF parts them by spaces');

  const { normalizer } = tokenizer;
  const isNfc = isObject(normalizer) && normalizer.type === 'NFC';
  if (normalizer !== null && normalizer !== undefined && !isNfc)
    throw fault('normalizer', normalizer, 'which is not known here');
  const changed = added.find(({ content }) => isNfc && content.normalize('NFC') !== content);
  if (changed !== undefined) throw fault('added_tokens', changed.content, 'which its own normalizer changes');
  return { pre, normalization: isNfc ? 'NFC' : null };
}

function stepsOf(preTokenizer: unknown): unknown[] {
  if (!isObject(preTokenizer)) return [];
  if (preTokenizer.type !== 'Sequence') return [preTokenizer];
  return Array.isArray(preTokenizer.pretokenizers) ? preTokenizer.pretokenizers : [];
}

/** Everything that a step says must be understood; `trim_offsets` moves no token. */
function stepInWords(step: unknown): string {
  if (!isObject(step)) return 'unknown';
  if (step.type === 'ByteLevel' && step.add_prefix_space === false)
    return step.use_regex === false ? 'bytes' : 'words';
  if (step.type === 'Digits' && step.individual_digits === true) return 'digits';
  if (step.type === 'Split' && step.behavior === 'Isolated' && step.invert !== true && isObject(step.pattern))
    return `split ${String(step.pattern.Regex)}`;
  return 'unknown';
}

/** GPT-2's alphabet: printable bytes stand for themselves, the others for characters from U+0100 on. */
function byteCharacters(): [byte: number, character: string][] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
    return [byte, String.fromCharCode(isPrintable ? byte : next++)];
  });
}
