// The tokens that begin and end a text, and whether a tokenizer puts them there by itself. Sources, in the order in which
// they hold: tokenizer_config.json (by text), generation_config.json and config.json (by id), tokenizer.json's
// post-processor.
import type { GgufEntry } from '../../../lib/gguf-write.ts';
import { type HuggingFaceFolder, isObject } from './open-folder.ts';

type Role = 'bos' | 'eos' | 'unk' | 'pad';

/** Ends of a turn, as their makers write them; llama.cpp knows them by their text as well. */
const endsOfTurn = ['<|eot_id|>', '<|im_end|>', '<|end|>', '<end_of_turn>'];
const END_OF_MESSAGE = '<|eom_id|>';
const knownEnds = new Set([
  ...endsOfTurn,
  END_OF_MESSAGE,
  '<|endoftext|>',
  '<|end_of_text|>',
  '</s>',
  '<eos>',
]);

/** `ids`: of every piece. @throws AtelierError invalid_model_file */
export function readSpecialTokens(folder: HuggingFaceFolder, ids: ReadonlyMap<string, number>): GgufEntry[] {
  const { config, generationConfig, tokenizerConfig, refuse } = folder;
  const byText = (role: Role): number | undefined => {
    const field = tokenizerConfig[`${role}_token`];
    const text = isObject(field) ? field.content : field;
    if (typeof text !== 'string') return undefined;
    const id = ids.get(text);
    if (id === undefined && (role === 'bos' || role === 'eos'))
      throw refuse(
        { file: 'tokenizer_config.json', field: `${role}_token`, value: text },
        'and tokenizer.json has no such token',
      );
    return id;
  };
  const byId = (role: Role): number[] => {
    const from = generationConfig[`${role}_token_id`] ?? config[`${role}_token_id`] ?? [];
    return (Array.isArray(from) ? from : [from]).filter((id): id is number => {
      const isToken = Number.isInteger(id) && id >= 0 && id < ids.size;
      // -1 is how old files say that there is none.
      if (!isToken && id !== -1)
        throw refuse(
          { file: 'generation_config.json or config.json', field: `${role}_token_id`, value: id },
          `and the model has the tokens 0 to ${ids.size - 1}`,
        );
      return isToken;
    });
  };
  requireSame(folder, ids);
  const named = byText('bos');
  if (named === undefined && /\bbos_token\b/.test(`${folder.chatTemplate} ${folder.toolTemplate}`))
    throw refuse(
      { file: 'tokenizer_config.json', field: 'bos_token', value: tokenizerConfig.bos_token },
      'and the chat template writes it',
    );
  const textOf = new Map([...ids].map(([text, id]) => [id, text]));
  const around = readPostProcessor(folder);
  const before = around.before === null ? undefined : ids.get(around.before);
  const bos = named ?? byId('bos')[0] ?? before;
  const ends = [...new Set([byText('eos') ?? [], byId('eos')].flat())];
  const [eos] = ends;
  if (eos === undefined)
    throw refuse(
      { file: 'tokenizer_config.json', field: 'eos_token', value: tokenizerConfig.eos_token },
      'and no other file names the token that ends a text',
      'Add it, or choose another folder.',
    );
  const stated = (name: 'bos' | 'eos'): boolean | undefined => {
    const value = tokenizerConfig[`add_${name}_token`];
    return typeof value === 'boolean' ? value : undefined;
  };
  const addBos = stated('bos') ?? around.before !== null;
  const addEos = stated('eos') ?? around.after !== null;
  if (addBos && (bos === undefined || (around.before !== null && before !== bos)))
    throw refuse(
      { file: 'tokenizer.json', field: 'post_processor', value: around.before },
      `which begins a text, while its beginning is ${JSON.stringify(textOf.get(bos ?? -1))}`,
    );
  if (addEos && around.after !== null && ids.get(around.after) !== eos)
    throw refuse(
      { file: 'tokenizer.json', field: 'post_processor', value: around.after },
      `which ends a text, while its end is ${JSON.stringify(textOf.get(eos))}`,
    );

  const { endOfTurn, endOfMessage } = furtherEnds(ends, textOf, folder);
  const id = (name: string, value: number | undefined): GgufEntry[] =>
    value === undefined ? [] : [{ key: `tokenizer.ggml.${name}_token_id`, type: 'uint32', value }];
  return [
    // Where a file names none, llama.cpp would take token 11 or 1; the end is what such models begin with.
    ...id('bos', bos ?? eos),
    ...id('eos', eos),
    ...id('eot', endOfTurn),
    ...id('eom', endOfMessage),
    ...id('unknown', byText('unk') ?? byId('unk')[0]),
    ...id('padding', byText('pad') ?? byId('pad')[0]),
    { key: 'tokenizer.ggml.add_bos_token', type: 'bool', value: addBos },
    { key: 'tokenizer.ggml.add_eos_token', type: 'bool', value: addEos },
  ];
}

/** transformers adds what stands here and not in tokenizer.json. @throws AtelierError invalid_model_file */
function requireSame({ tokenizerConfig, refuse }: HuggingFaceFolder, ids: ReadonlyMap<string, number>): void {
  const { added_tokens_decoder: added } = tokenizerConfig;
  for (const [id, token] of Object.entries(isObject(added) ? added : {})) {
    const content = isObject(token) ? String(token.content) : '';
    if (ids.get(content) !== Number(id))
      throw refuse(
        { file: 'tokenizer_config.json', field: `added_tokens_decoder.${id}`, value: content },
        `which is ${ids.get(content) ?? 'no token'} in tokenizer.json`,
      );
  }
}

/** A model may end an answer with any of several tokens; a GGUF has room for three, and knows some by their text. */
function furtherEnds(
  ends: readonly number[],
  textOf: ReadonlyMap<number, string>,
  { refuse }: HuggingFaceFolder,
): { endOfTurn: number | undefined; endOfMessage: number | undefined } {
  const text = (end: number) => textOf.get(end) ?? '';
  const [eos, ...more] = ends;
  const others = more.filter((end) => !knownEnds.has(text(end)));
  const turn = ends.find((end) => endsOfTurn.includes(text(end)));
  const message = more.find((end) => text(end) === END_OF_MESSAGE);
  const endOfTurn = turn ?? others.shift();
  const endOfMessage = message ?? others.shift();
  if (others.length > 0)
    throw refuse(
      { file: 'generation_config.json', field: 'eos_token_id', value: ends },
      'more ends of an answer than a GGUF can name',
    );
  return { endOfTurn: endOfTurn === eos && turn === undefined ? undefined : endOfTurn, endOfMessage };
}

/** What the tokenizer puts before and after a text. @throws AtelierError invalid_model_file */
function readPostProcessor({ tokenizer, refuse }: HuggingFaceFolder): {
  before: string | null;
  after: string | null;
} {
  const { post_processor: processor } = tokenizer;
  const steps = isObject(processor) && processor.type === 'Sequence' ? processor.processors : [processor];
  let around: { before: string | null; after: string | null } = { before: null, after: null };
  for (const step of Array.isArray(steps) ? steps : []) {
    if (step === null || step === undefined || step.type === 'ByteLevel') continue;
    const parts = step.type === 'TemplateProcessing' && Array.isArray(step.single) ? step.single : [];
    const names = parts.map((part: unknown) => {
      if (!isObject(part)) return null;
      if (isObject(part.Sequence)) return '';
      return isObject(part.SpecialToken) && typeof part.SpecialToken.id === 'string'
        ? part.SpecialToken.id
        : null;
    });
    const place = names.indexOf('');
    if (place < 0 || place > 1 || names.length - place > 2 || names.includes(null))
      throw refuse(
        { file: 'tokenizer.json', field: 'post_processor', value: step },
        'which is not known here',
      );
    around = { before: place === 1 ? names[0] : null, after: names[place + 1] ?? null };
  }
  return around;
}
