// What a prompt is in the tokens of a model: its own chat template rendered and tokenised. One reader for serving and
// for training, so that a tuned model learns exactly what it will be asked.
import type { LlamaModel, Token } from 'node-llama-cpp';
import { AtelierError } from '../../../contracts/errors.ts';
import {
  type ChatTemplate,
  compileChatTemplate,
  mapStrings,
  plainTemplate,
  type SpecialToken,
  tokenizePrompt,
} from '../chat-template.ts';
import type { LoadSpec, PromptInput } from '../engine-protocol.ts';
import type { NativeModel } from './native.ts';
import { normalisationOf } from './text-normalization.ts';

export interface ReadTokens {
  ids: number[];
  promptEnd: string;
  /** Whether a beginning-of-sequence token was put before what the caller sent. */
  begun: boolean;
}

export interface PromptReader {
  /** Number of tokens. */
  vocabulary: number;
  /** SentencePiece: the first word of a text has a space before it. */
  spaceBegins: boolean;
  /** @throws AtelierError invalid_request, model_failed */
  read(prompt: PromptInput): ReadTokens;
  /** Tokens of an answer as the model writes them: what looks like a special token is text. */
  answer(text: string): number[];
  /** Whether it is a control token: one that a template may write and a person may not. */
  isSpecial(token: number | undefined): boolean;
}

export function createPromptReader(
  model: LlamaModel,
  native: NativeModel,
  spec: Pick<LoadSpec, 'chatTemplate' | 'toolTemplate'>,
): PromptReader {
  const special: SpecialToken[] = [];
  let vocabulary = 0;
  for (const id of model.iterateAllTokens()) {
    vocabulary++;
    const { control, lstrip, rstrip } = model.getTokenAttributes(id);
    if (control) special.push({ id, text: native.getTokenString(id), lstrip, rstrip });
  }
  const specialIds = new Set(special.map((token) => token.id));
  const strings = { bos: model.tokens.bosString ?? '', eos: model.tokens.eosString ?? '', special };
  const compiled = new Map<string, ChatTemplate>();
  const templateFor = (tools: boolean): ChatTemplate => {
    const source = (tools ? spec.toolTemplate : null) ?? spec.chatTemplate;
    if (source === null) return plainTemplate;
    const template = compiled.get(source) ?? compileChatTemplate(source, strings);
    compiled.set(source, template);
    return template;
  };

  const tokenize = (text: string, withSpecial: boolean): readonly number[] =>
    model.tokenize(text, withSpecial);
  const spaceBegins = ['spm', 'ugm'].includes(String(model.vocabularyType));
  const normalise = normalisationOf(model);
  const answer = (text: string): number[] =>
    text === ''
      ? []
      : [...model.tokenize(normalise(text), false, spaceBegins ? 'trimLeadingSpace' : undefined)];

  const withBeginning = (ids: number[]): number[] => {
    const { bos, shouldPrependBosToken } = model.tokens;
    return shouldPrependBosToken && bos !== null && ids[0] !== (bos as Token) ? [bos, ...ids] : ids;
  };
  const beginning = (own: number[]): ReadTokens => {
    const ids = withBeginning(own);
    return { ids, promptEnd: '', begun: ids.length > own.length };
  };

  return {
    vocabulary,
    spaceBegins,
    answer,
    isSpecial: (token) => token !== undefined && specialIds.has(token as Token),
    read(prompt) {
      if (prompt.kind === 'tokens') {
        checkTokens(prompt.ids, vocabulary);
        return { ids: [...prompt.ids], promptEnd: '', begun: false };
      }
      // A raw prompt is the caller's whole: what looks like a special token is one, as in every completions endpoint.
      if (prompt.kind === 'text') return beginning([...tokenize(normalise(prompt.text), true)]);
      const template = templateFor(prompt.tools !== null);
      // Before it is rendered, so that no text becomes a special token by it.
      const rendered = template.render(mapStrings(prompt, normalise));
      const ids = tokenizePrompt(rendered, special, tokenize);
      ids.push(...answer(prompt.begun ?? ''));
      if (template === plainTemplate) return beginning(ids);
      return { ids, promptEnd: rendered.text.slice(-64), begun: false };
    },
  };
}

function checkTokens(ids: readonly number[], vocabulary: number): void {
  const foreign = ids.find((token) => token >= vocabulary);
  if (foreign === undefined) return;
  throw new AtelierError(
    'invalid_request',
    `prompt: there is no token ${foreign}; this model has the tokens 0 to ${vocabulary - 1}.`,
    { data: { param: 'prompt', token: foreign, vocabulary } },
  );
}
