// A chat model in memory: renders and tokenises prompts, refuses what does not fit, and hands the rest to the batch loop.
import type { Llama, LlamaContext, LlamaModel, Token } from 'node-llama-cpp';
import { AtelierError } from '../../../contracts/errors.ts';
import {
  type ChatTemplate,
  compileChatTemplate,
  plainTemplate,
  type SpecialToken,
  tokenizePrompt,
} from '../chat-template.ts';
import type {
  FromChild,
  GenerateSpec,
  GenerationEvent,
  LoadedInfo,
  LoadSpec,
  PromptInput,
  Sampling,
} from '../engine-protocol.ts';
import { type BatchBackend, createBackend } from './backend.ts';
import { createBatchLoop } from './batch-loop.ts';
import { BATCH_TOKENS } from './batch-plan.ts';
import { calibrate } from './calibrate.ts';
import { type Native, nativeParts } from './native.ts';
import { createThreadGovernor, type ThreadGovernor } from './thread-governor.ts';
import { createTokenBytes } from './token-bytes.ts';

export interface ChatModel {
  info: LoadedInfo;
  generate(id: number, spec: GenerateSpec): void;
  cancel(id: number): void;
  tokens(prompt: PromptInput): ReadTokens;
}

interface ReadTokens {
  ids: number[];
  promptEnd: string;
  /** Whether a beginning-of-sequence token was put before what the caller sent. */
  begun: boolean;
}

export async function loadChatModel(
  llama: Llama,
  model: LlamaModel,
  spec: LoadSpec,
  send: (message: FromChild) => void,
): Promise<ChatModel> {
  const { context, sequences } = await createContext(model, spec, llama.gpu !== false);
  const native = nativeParts(llama, model, context);
  const bytes = createTokenBytes(model, native.model);
  const special = specialTokens(model, native.model.getTokenString.bind(native.model));
  let vocabulary = 0;
  for (const _ of model.iterateAllTokens()) vocabulary++;
  const strings = { bos: model.tokens.bosString ?? '', eos: model.tokens.eosString ?? '', special };
  const compiled = new Map<string, ChatTemplate>();
  const templateFor = (tools: boolean): ChatTemplate => {
    const source = (tools ? spec.toolTemplate : null) ?? spec.chatTemplate;
    if (source === null) return plainTemplate;
    const template = compiled.get(source) ?? compileChatTemplate(source, strings);
    compiled.set(source, template);
    return template;
  };

  const anyToken = model.tokens.bos ?? model.tokens.eos ?? (0 as Token);
  const calibration =
    spec.threads === null ? await calibrate(native.context, spec.maxThreads, anyToken) : null;

  const contextLength = Math.min(context.contextSize, spec.contextLength);
  const emit = (events: { id: number; event: GenerationEvent }[]) => send({ type: 'events', events });
  const threads = calibration?.threads ?? spec.threads ?? spec.maxThreads;
  const governor = createThreadGovernor({
    best: calibration !== null && spec.busy ? spec.maxThreads : threads,
    compareFirst: calibration === null || spec.busy,
  });
  const backend = governed(createBackend({ llama, model, native, bytes }), native, governor);
  const loop = createBatchLoop({ backend, bytes, sequences, emit });
  const tokenize = (text: string, withSpecial: boolean): readonly number[] =>
    model.tokenize(text, withSpecial);
  const spaceBegins = ['spm', 'ugm'].includes(String(model.vocabularyType));

  const withBeginning = (ids: number[]): number[] => {
    const { bos, shouldPrependBosToken } = model.tokens;
    return shouldPrependBosToken && bos !== null && ids[0] !== bos ? [bos, ...ids] : ids;
  };

  const beginning = (own: number[]): ReadTokens => {
    const ids = withBeginning(own);
    return { ids, promptEnd: '', begun: ids.length > own.length };
  };

  const tokens = (prompt: PromptInput): ReadTokens => {
    if (prompt.kind === 'tokens') {
      checkTokens(prompt.ids, vocabulary);
      return { ids: [...prompt.ids], promptEnd: '', begun: false };
    }
    // A raw prompt is the caller's whole: what looks like a special token is one, as in every completions endpoint.
    if (prompt.kind === 'text') return beginning([...tokenize(prompt.text, true)]);
    const template = templateFor(prompt.tools !== null);
    const rendered = template.render(prompt);
    const ids = tokenizePrompt(rendered, special, tokenize);
    // As if the model had written it: what looks like a special token is text.
    if (prompt.begun !== undefined && prompt.begun !== '')
      ids.push(...model.tokenize(prompt.begun, false, spaceBegins ? 'trimLeadingSpace' : undefined));
    if (template === plainTemplate) return beginning(ids);
    return { ids, promptEnd: rendered.text.slice(-64), begun: false };
  };

  return {
    info: {
      contextLength,
      sequences,
      threads,
      calibration: calibration?.measured ?? null,
      gpu: llama.gpu === false ? 'cpu' : llama.gpu,
      memoryBytes: process.memoryUsage.rss(),
      dimensions: model.embeddingVectorSize,
    },
    generate(id, generate) {
      checkBias(generate.sampling.logitBias, vocabulary);
      const { ids, promptEnd, begun } = tokens(generate.prompt);
      if (ids.length === 0) {
        throw new AtelierError(
          'invalid_request',
          'The prompt is empty; send at least one message with text in it.',
        );
      }
      const room = contextLength - ids.length;
      if (room < 1) throw overflow(ids.length, contextLength, generate.maxOutputTokens);
      const maxOutputTokens = Math.min(generate.maxOutputTokens ?? room, room);
      const capped = generate.maxOutputTokens !== null && generate.maxOutputTokens > room;
      emit([
        { id, event: { type: 'accepted', promptTokens: ids.length, promptEnd, maxOutputTokens, capped } },
      ]);
      const trimLeadingSpace = spaceBegins && special.some((token) => token.id === ids.at(-1));
      loop.add({
        id,
        prompt: ids,
        ownFrom: begun ? 1 : 0,
        spec: generate,
        maxOutputTokens,
        trimLeadingSpace,
      });
    },
    cancel: (id) => loop.cancel(id),
    tokens,
  };
}

/** Batches in which everyone writes one token are timed, and decide the number of threads. */
function governed(backend: BatchBackend, native: Native, governor: ThreadGovernor): BatchBackend {
  let threads = 0;
  return {
    ...backend,
    async decode(parts) {
      const next = governor.begin();
      if (next !== threads) native.context.setThreads(next);
      threads = next;
      const start = performance.now();
      const places = await backend.decode(parts);
      if (parts.every((part) => part.tokens.length === 1))
        governor.took(parts.length, performance.now() - start);
      return places;
    },
  };
}

/**
 * Main memory was planned before, in memory-plan.ts, with both numbers in the error. That of a graphics card is only
 * known here: there, sequences are given up until the context fits.
 */
async function createContext(
  model: LlamaModel,
  spec: LoadSpec,
  gpu: boolean,
): Promise<{ context: LlamaContext; sequences: number }> {
  for (let sequences = spec.sequences; ; sequences = Math.floor(sequences / 2)) {
    try {
      const context = await model.createContext({
        contextSize: spec.contextLength,
        sequences,
        batchSize: Math.max(BATCH_TOKENS, sequences),
        threads: spec.threads ?? spec.maxThreads,
        // A window of attention that slides would make every earlier beginning of a conversation unusable.
        swaFullCache: true,
        ignoreMemorySafetyChecks: !gpu,
        failedCreationRemedy: false,
      });
      return { context, sequences };
    } catch (error) {
      if (!gpu || sequences <= 1) throw error;
    }
  }
}

/** llama.cpp passes over a token that does not exist, and takes a number beyond 32 bits for another token. */
function checkBias(bias: Sampling['logitBias'], vocabulary: number): void {
  const foreign = bias.find(([token]) => token >= vocabulary)?.[0];
  if (foreign === undefined) return;
  throw new AtelierError(
    'invalid_request',
    `logit_bias: there is no token ${foreign}; this model has the tokens 0 to ${vocabulary - 1}.`,
    { data: { param: 'logit_bias', token: foreign, vocabulary } },
  );
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

function overflow(promptTokens: number, contextLength: number, maxOutputTokens: number | null): AtelierError {
  return new AtelierError(
    'context_overflow',
    `The prompt has ${promptTokens} tokens and this model's context holds ${contextLength}, answer included. ` +
      'Shorten the conversation or the attached text, or choose a model with a longer context.',
    { data: { promptTokens, contextLength, maxOutputTokens } },
  );
}

/** The control tokens: those that a template may write and a person may not. */
function specialTokens(model: LlamaModel, pieceOf: (token: number) => string): SpecialToken[] {
  const special: SpecialToken[] = [];
  for (const id of model.iterateAllTokens()) {
    const attributes = model.getTokenAttributes(id);
    if (!attributes.control) continue;
    special.push({ id, text: pieceOf(id), lstrip: attributes.lstrip, rstrip: attributes.rstrip });
  }
  return special;
}
