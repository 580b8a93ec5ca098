// The program of a child process that holds one model. engine-process.ts starts it, with as many of libuv's threads as it
// decodes at once (start-child.ts), and it ends when its parent does.
import { AtelierError, toAtelierError } from '../../contracts/errors.ts';
import type { ChatModel } from './child/chat-model.ts';
import type { ChildEmbeddingModel } from './child/embedding-model.ts';
import type { ChildTokenizer } from './child/tokenizer.ts';
import type { FromChild, LoadedInfo, LoadSpec, ToChild } from './engine-protocol.ts';
import { gpuOption } from './gpu-option.ts';

let chat: ChatModel | null = null;
let embedding: ChildEmbeddingModel | null = null;
let tokenizer: ChildTokenizer | null = null;
const cancelled = new Set<number>();
const complaints: string[] = [];

function send(message: FromChild): void {
  // A closed channel means that the parent is gone; 'disconnect' ends this process then.
  if (process.connected) process.send?.(message);
}

// Native code may be in the middle of a batch, so there is nothing to tidy up: the system takes everything back.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// A Ctrl+C in a terminal, or its closing, reaches the whole process group; the parent decides when its models end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

process.on('message', (message: ToChild) => {
  const handle = async () => handlers[message.type](message as never);
  handle().catch((error) => fail(message, error));
});

/** Of a tokenizer, which computes nothing. */
const nothingLoaded: Omit<LoadedInfo, 'memoryBytes'> = {
  contextLength: 0,
  sequences: 0,
  threads: 1,
  calibration: null,
  gpu: 'cpu',
  dimensions: 0,
};

type Handlers = { [K in ToChild['type']]: (message: Extract<ToChild, { type: K }>) => Promise<void> | void };

const handlers: Handlers = {
  load: ({ spec }) => load(spec),
  generate: async ({ id, spec }) => loadedChat().generate(id, spec),
  cancel: ({ id }) => {
    if (chat === null) cancelled.add(id);
    else chat.cancel(id);
  },
  count: async ({ id, prompt }) => {
    const { ids } = loadedChat().tokens(prompt);
    send({ type: 'counted', id, tokens: ids.length, ids });
  },
  encode: ({ id, conversations }) =>
    send({ type: 'encoded', id, sequences: loadedTokenizer().encode(conversations) }),
  decode: ({ id, ids }) => send({ type: 'decoded', id, text: loadedTokenizer().decode(ids) }),
  'count-texts': ({ id, texts }) =>
    send({ type: 'counted-texts', id, counts: loadedEmbedding().count(texts) }),
  embed: async ({ id, texts }) => {
    try {
      send({ type: 'embedded', id, ...(await loadedEmbedding().embed(texts, () => cancelled.has(id))) });
    } finally {
      cancelled.delete(id);
    }
  },
};

function loadedChat(): ChatModel {
  if (chat === null) throw new AtelierError('invalid_request', 'This model writes no text.');
  return chat;
}

function loadedTokenizer(): ChildTokenizer {
  if (tokenizer === null) throw new AtelierError('invalid_request', 'This process holds no tokenizer.');
  return tokenizer;
}

function loadedEmbedding(): ChildEmbeddingModel {
  if (embedding === null) throw new AtelierError('invalid_request', 'This model makes no embeddings.');
  return embedding;
}

function fail(message: ToChild, error: unknown): void {
  const body = toAtelierError(error).toJSON();
  if (message.type === 'load') send({ type: 'load-failed', error: body });
  else if (message.type === 'generate')
    send({ type: 'events', events: [{ id: message.id, event: { type: 'error', error: body } }] });
  else send({ type: 'failed', id: message.id, error: body });
}

async function load(spec: LoadSpec): Promise<void> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  try {
    const llama = await getLlama({
      gpu: gpuOption[spec.gpu],
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: LlamaLogLevel.error,
      logger: (_level, text) => {
        if (complaints.length < 20) complaints.push(text.trim());
      },
      // 0: the context's own number of threads counts, which is calibrated.
      maxThreads: 0,
    });
    let told = 0;
    const model = await llama.loadModel({
      modelPath: spec.path,
      vocabOnly: spec.kind === 'tokenizer',
      // On a graphics card as many layers as leave room for the context; the rest stays in main memory.
      ...(llama.gpu === false
        ? { ignoreMemorySafetyChecks: true }
        : { gpuLayers: { fitContext: { contextSize: spec.contextLength } } }),
      onLoadProgress: (progress) => {
        if (progress < told + 0.01 && progress < 1) return;
        told = progress;
        send({ type: 'loading', progress });
      },
    });
    if (spec.kind === 'tokenizer') {
      const { createTokenizer } = await import('./child/tokenizer.ts');
      tokenizer = createTokenizer(model, spec);
      send({ type: 'loaded', info: { ...nothingLoaded, memoryBytes: process.memoryUsage.rss() } });
      return;
    }
    if (spec.kind === 'embedding') {
      const { loadEmbeddingModel } = await import('./child/embedding-model.ts');
      embedding = await loadEmbeddingModel(model, spec);
      send({
        type: 'loaded',
        info: {
          contextLength: embedding.contextLength,
          sequences: 1,
          threads: embedding.threads,
          calibration: embedding.calibration,
          gpu: llama.gpu === false ? 'cpu' : llama.gpu,
          memoryBytes: process.memoryUsage.rss(),
          dimensions: model.embeddingVectorSize,
        },
      });
      return;
    }
    const { loadChatModel } = await import('./child/chat-model.ts');
    chat = await loadChatModel(llama, model, spec, send);
    send({ type: 'loaded', info: chat.info });
  } catch (error) {
    const reason = [error instanceof Error ? error.message : String(error), ...complaints]
      .filter((line) => line !== '')
      .join(' | ');
    const what = spec.adapter === null ? spec.path : `${spec.path} with the adapter ${spec.adapter}`;
    throw new AtelierError('model_failed', `${what} could not be loaded: ${reason}`, {
      data: { path: spec.path, ...(spec.adapter === null ? {} : { adapter: spec.adapter }), reason },
      cause: error,
    });
  }
}
