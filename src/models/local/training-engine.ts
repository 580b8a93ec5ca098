// The engine for training and its checks: a model's very tokenizer and template without its weights, and a model in a
// process of its own that answers nobody else. What learning asks of it is its own contract; the shapes are the same.
import { availableParallelism } from 'node:os';
import type { ExampleMessage } from '../../contracts/dataset.ts';
import { AtelierError, errorFromBody } from '../../contracts/errors.ts';
import { GgufError, type GgufHeader, readGgufHeader } from '../../lib/gguf.ts';
import { type EngineProcess, startEngine } from './engine-process.ts';
import type {
  EncodedTurns,
  EncodeTurn,
  GenerateSpec,
  GenerationEvent,
  GpuChoice,
  LoadSpec,
  PromptInput,
  TokenScores,
} from './engine-protocol.ts';
import { freeMemory } from './free-memory.ts';
import { kvBytesPerToken, OVERHEAD_BYTES } from './memory-plan.ts';
import { chatTemplates } from './model-facts.ts';
import { tokenizerFingerprint } from './tokenizer-fingerprint.ts';

export interface TrainingEngineOptions {
  /** Default `cpu`: the trainer's figures are the processor's too. */
  gpu?: GpuChoice;
  /** Bytes that may be taken now. Default: what the system says, less a tenth. */
  availableMemory?: () => number;
}

export interface LocalTokenizer {
  readonly fingerprint: string;
  encode(conversations: readonly (readonly ExampleMessage[])[]): Promise<EncodedTurns[][]>;
  decode(ids: readonly number[]): Promise<string>;
  close(): Promise<void>;
}

export interface LocalScratchModel {
  answer(
    messages: readonly ExampleMessage[],
    options: { maxTokens: number; signal?: AbortSignal },
  ): Promise<{ text: string; tokensPerSecond: number }>;
  logProbabilities(ids: Int32Array): Promise<Float32Array>;
  topProbabilities(ids: Int32Array, k: number): Promise<{ ids: Int32Array; probabilities: Float32Array }>;
  close(): Promise<void>;
}

export interface LocalTrainingEngine {
  openTokenizer(path: string): Promise<LocalTokenizer>;
  openModel(options: {
    path: string;
    adapter?: string;
    contextLength: number;
    threads?: number;
  }): Promise<LocalScratchModel>;
}

/** Conversations of one message to the process: large enough to be quick, small enough to wait for. */
const CONVERSATIONS_AT_ONCE = 256;

export function createTrainingEngine(options: TrainingEngineOptions = {}): LocalTrainingEngine {
  const availableMemory = options.availableMemory ?? freeMemory;
  return {
    async openTokenizer(path) {
      const header = await readHeader(path);
      const fingerprint = await tokenizerFingerprint(path, header);
      const engine = await startEngine({ spec: { ...specOf(path, header), kind: 'tokenizer' } });
      return tokenizerOf(engine, fingerprint);
    },
    async openModel({ path, adapter, contextLength, threads }) {
      const header = await readHeader(path);
      // One place more than is asked for: whoever scores a prompt that fills the context writes nothing behind it.
      const room = contextLength + 1;
      requireMemory(path, header, room, availableMemory());
      const engine = await startEngine({
        spec: {
          ...specOf(path, header),
          adapter: adapter ?? null,
          gpu: options.gpu ?? 'cpu',
          contextLength: room,
          exact: true,
          threads: threads ?? Math.max(1, Math.floor(availableParallelism() / 2)),
        },
      });
      return scratchModelOf(engine);
    },
  };
}

function specOf(path: string, header: GgufHeader): LoadSpec {
  const templates = chatTemplates(header);
  return {
    path,
    adapter: null,
    kind: 'chat',
    gpu: 'cpu',
    contextLength: 0,
    sequences: 1,
    threads: 1,
    maxThreads: availableParallelism(),
    busy: false,
    chatTemplate: templates.chat,
    toolTemplate: templates.tools,
  };
}

function tokenizerOf(engine: EngineProcess, fingerprint: string): LocalTokenizer {
  return {
    fingerprint,
    async encode(conversations) {
      const encoded: EncodedTurns[][] = [];
      for (let start = 0; start < conversations.length; start += CONVERSATIONS_AT_ONCE) {
        const part = conversations.slice(start, start + CONVERSATIONS_AT_ONCE);
        encoded.push(...(await engine.encode(part.map((messages) => messages.map(turnOf)))));
      }
      return encoded;
    },
    decode: (ids) => engine.decode([...ids]),
    close: () => engine.kill(),
  };
}

function turnOf({ role, content, weight }: ExampleMessage): EncodeTurn {
  return { role, content, learned: role === 'assistant' && weight !== 0 };
}

function scratchModelOf(engine: EngineProcess): LocalScratchModel {
  const score = (ids: Int32Array, k: number): Promise<TokenScores> =>
    new Promise((resolve, reject) => {
      engine.generate({ ...greedy, prompt: { kind: 'tokens', ids: [...ids] }, score: k }, (event) => {
        if (event.type === 'scores') resolve(event.scores);
        else if (event.type === 'error') reject(errorFromBody(event.error));
      });
    });
  return {
    answer: (messages, { maxTokens, signal }) =>
      new Promise((resolve, reject) => {
        const prompt: PromptInput = {
          kind: 'chat',
          messages: messages.map(({ role, content }) => ({ role, content })),
          tools: null,
          thinking: null,
        };
        let text = '';
        const cancel = () => handle.cancel();
        const onEvent = (event: GenerationEvent) => {
          if (event.type === 'delta') text += event.text;
          else if (event.type === 'error') reject(errorFromBody(event.error));
          else if (event.type === 'finish') {
            signal?.removeEventListener('abort', cancel);
            if (event.reason === 'cancelled')
              return reject(new AtelierError('cancelled', 'The call was cancelled.'));
            const seconds = event.timings.writeMs / 1000;
            resolve({ text, tokensPerSecond: seconds > 0 ? event.usage.outputTokens / seconds : 0 });
          }
        };
        const handle = engine.generate({ ...greedy, prompt, maxOutputTokens: maxTokens }, onEvent);
        signal?.addEventListener('abort', cancel, { once: true });
        if (signal?.aborted) cancel();
      }),
    logProbabilities: async (ids) =>
      ids.length < 2 ? new Float32Array(0) : (await score(ids, 0)).logProbabilities,
    async topProbabilities(ids, k) {
      if (ids.length === 0) return { ids: new Int32Array(0), probabilities: new Float32Array(0) };
      const scores = await score(ids, k);
      return { ids: scores.ids, probabilities: scores.probabilities };
    },
    close: () => engine.kill(),
  };
}

/** The likeliest token each time: the same question has the same answer. */
const greedy: Omit<GenerateSpec, 'prompt'> = {
  sampling: {
    temperature: 0,
    topP: 1,
    topK: 0,
    minP: 0,
    repeatPenalty: 1,
    presencePenalty: 0,
    frequencyPenalty: 0,
    seed: 1,
    logitBias: [],
  },
  maxOutputTokens: null,
  stop: [],
  grammar: null,
  topLogprobs: null,
  echo: false,
  showControlTokens: false,
};

/** @throws AtelierError model_failed, which says what is wrong with the file */
async function readHeader(path: string): Promise<GgufHeader> {
  try {
    return await readGgufHeader(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AtelierError('model_failed', `${path} cannot be loaded: ${reason}`, {
      data: { path, reason, ...(error instanceof GgufError ? error.data : {}) },
      cause: error,
    });
  }
}

/** Keys and values are kept in 32 bits, twice what kvBytesPerToken counts. */
function requireMemory(
  path: string,
  header: GgufHeader,
  contextLength: number,
  availableBytes: number,
): void {
  const neededBytes = header.fileBytes + OVERHEAD_BYTES + 2 * kvBytesPerToken(header) * contextLength;
  if (neededBytes <= availableBytes) return;
  const inMegabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  throw new AtelierError(
    'insufficient_memory',
    `${path} needs ${inMegabytes(neededBytes)} of memory and ${inMegabytes(availableBytes)} are free. Close other programs, or unload a model.`,
    { data: { path, neededBytes, availableBytes }, retryable: true },
  );
}
