// A chat model in memory: reads prompts, refuses what does not fit, and hands the rest to the batch loop.
import type { Llama, LlamaContext, LlamaModel, Token } from 'node-llama-cpp';
import { AtelierError } from '../../../contracts/errors.ts';
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
import { createPromptReader, type ReadTokens } from './prompt-reader.ts';
import { createThreadGovernor, type ThreadGovernor } from './thread-governor.ts';
import { createTokenBytes } from './token-bytes.ts';

export interface ChatModel {
  info: LoadedInfo;
  generate(id: number, spec: GenerateSpec): void;
  cancel(id: number): void;
  tokens(prompt: PromptInput): ReadTokens;
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
  const reader = createPromptReader(model, native.model, spec);
  const { vocabulary } = reader;

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
      const { ids, promptEnd, begun } = reader.read(generate.prompt);
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
      const trimLeadingSpace = reader.spaceBegins && reader.isSpecial(ids.at(-1));
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
    tokens: reader.read,
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

/** Keys and values as they were computed, for figures that are compared with another program's. */
const exactCache = {
  experimentalKvCacheKeyType: 'F32',
  experimentalKvCacheValueType: 'F32',
  flashAttention: false,
} as const;

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
        ...(spec.adapter === null ? {} : { lora: spec.adapter }),
        ...(spec.exact ? exactCache : {}),
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

function overflow(promptTokens: number, contextLength: number, maxOutputTokens: number | null): AtelierError {
  return new AtelierError(
    'context_overflow',
    `The prompt has ${promptTokens} tokens and this model's context holds ${contextLength}, answer included. ` +
      'Shorten the conversation or the attached text, or choose a model with a longer context.',
    { data: { promptTokens, contextLength, maxOutputTokens } },
  );
}
