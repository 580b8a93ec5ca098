// What each kind of provider says on its own wire: a list, an answer in pieces, a refusal. For a fake endpoint, so that
// every adapter meets the same days, good and bad.
import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import type { ProviderKind } from '../src/contracts/provider.ts';
import { chunk, events, json } from './fake-endpoint.ts';

/** Kinds that are asked over HTTP as they are; a llama-server is a program that is started. */
export type WireKind = Exclude<ProviderKind, 'llama-server'>;

export interface ProviderWire {
  /** Behind the origin of the fake endpoint. */
  path: string;
  region?: string;
  listRoute: string;
  list: unknown;
  /** Names that the list above yields. */
  models: string[];
  answerRoute: string;
  contentType: string;
  /** The answer "Bonjour" in two pieces, with this usage; `upTo`: only that many events. */
  answer(response: ServerResponse, usage: unknown, upTo?: number): void;
  /** A usage of 12 tokens read and 3 written. */
  usage: unknown;
  /** An event that is cut in its middle. */
  malformed: string | Buffer;
  refusal(message: string): unknown;
}

/** A frame of Amazon's event stream: lengths, headers, payload, each part with its sum. */
export function frame(type: string, payload: unknown): Buffer {
  const headers = Buffer.concat(
    Object.entries({
      ':event-type': type,
      ':content-type': 'application/json',
      ':message-type': 'event',
    }).map(([name, value]) =>
      Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7, value.length >> 8, value.length & 255]),
        Buffer.from(value),
      ]),
    ),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(16 + headers.length + body.length, 0);
  head.writeUInt32BE(headers.length, 4);
  const sum = (bytes: Buffer) => {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(crc32(bytes) >>> 0);
    return out;
  };
  const start = Buffer.concat([head, sum(head), headers, body]);
  return Buffer.concat([start, sum(start)]);
}

const named = (response: ServerResponse, list: readonly Record<string, unknown>[], upTo = list.length) => {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of list.slice(0, upTo))
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
};

const chatAnswer = (response: ServerResponse, usage: unknown, upTo?: number) => {
  const list = [
    chunk({ delta: { role: 'assistant', content: 'Bon' }, finish_reason: null }),
    chunk({ delta: { content: 'jour' }, finish_reason: null }),
    chunk({ delta: { content: '' }, finish_reason: 'stop' }),
    { ...chunk({}), choices: [], usage },
    '[DONE]',
  ];
  events(response, list.slice(0, upTo ?? list.length));
};
const chatUsage = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 };
const openaiRefusal = (message: string) => ({ error: { message, type: 'some_error', code: null } });
const cutEvent = 'data: {"choices": [{"del\n\n';

export const providerWires: Record<WireKind, ProviderWire> = {
  openai: {
    path: '/v1',
    listRoute: 'GET /v1/models',
    list: {
      data: [
        { id: 'far-model' },
        { id: 'text-embedding-3-small' },
        { id: 'whisper-1' },
        { id: 'gpt-image-2' },
      ],
    },
    models: ['far-model', 'text-embedding-3-small'],
    answerRoute: 'POST /v1/responses',
    contentType: 'text/event-stream',
    answer(response, usage, upTo) {
      const item = { id: 'msg_1', type: 'message', status: 'in_progress', role: 'assistant', content: [] };
      const base = { id: 'resp_1', object: 'response', created_at: 1_700_000_000, model: 'far-model' };
      named(
        response,
        [
          { type: 'response.created', response: { ...base, status: 'in_progress' } },
          { type: 'response.output_item.added', output_index: 0, item },
          {
            type: 'response.output_text.delta',
            item_id: 'msg_1',
            output_index: 0,
            content_index: 0,
            delta: 'Bon',
          },
          {
            type: 'response.output_text.delta',
            item_id: 'msg_1',
            output_index: 0,
            content_index: 0,
            delta: 'jour',
          },
          {
            type: 'response.output_item.done',
            output_index: 0,
            item: {
              ...item,
              status: 'completed',
              content: [{ type: 'output_text', text: 'Bonjour', annotations: [] }],
            },
          },
          { type: 'response.completed', response: { ...base, status: 'completed', output: [], usage } },
        ],
        upTo,
      );
    },
    usage: { input_tokens: 12, output_tokens: 3 },
    malformed: 'data: {"type": "response.output_text.del\n\n',
    refusal: openaiRefusal,
  },
  anthropic: {
    path: '/v1',
    listRoute: 'GET /v1/models',
    list: {
      data: [
        {
          id: 'far-model',
          type: 'model',
          display_name: 'Far Model',
          max_input_tokens: 200_000,
          max_tokens: 64_000,
          capabilities: { image_input: { supported: true } },
        },
      ],
      has_more: false,
      last_id: 'far-model',
    },
    models: ['far-model'],
    answerRoute: 'POST /v1/messages',
    contentType: 'text/event-stream',
    answer(response, usage, upTo) {
      const { output_tokens, ...start } = usage as Record<string, unknown>;
      named(
        response,
        [
          {
            type: 'message_start',
            message: {
              id: 'msg_1',
              type: 'message',
              role: 'assistant',
              model: 'far-model',
              content: [],
              stop_reason: null,
              stop_sequence: null,
              usage: { ...start, output_tokens: 1 },
            },
          },
          { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
          { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Bon' } },
          { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'jour' } },
          { type: 'content_block_stop', index: 0 },
          {
            type: 'message_delta',
            delta: { stop_reason: 'end_turn', stop_sequence: null },
            usage: { ...start, output_tokens },
          },
          { type: 'message_stop' },
        ],
        upTo,
      );
    },
    usage: { input_tokens: 12, output_tokens: 3 },
    malformed: 'event: content_block_delta\ndata: {"type": "content_block_del\n\n',
    refusal: (message) => ({ type: 'error', error: { type: 'some_error', message } }),
  },
  google: {
    path: '/v1beta',
    listRoute: 'GET /v1beta/models',
    list: {
      models: [
        {
          name: 'models/far-model',
          displayName: 'Far Model',
          inputTokenLimit: 1_048_576,
          outputTokenLimit: 65_536,
          supportedGenerationMethods: ['generateContent', 'countTokens'],
        },
        {
          name: 'models/gemini-embedding-001',
          inputTokenLimit: 2048,
          supportedGenerationMethods: ['embedContent'],
        },
        { name: 'models/veo-3', supportedGenerationMethods: ['predictLongRunning'] },
      ],
    },
    models: ['far-model', 'gemini-embedding-001'],
    answerRoute: 'POST /v1beta/models/far-model:streamGenerateContent',
    contentType: 'text/event-stream',
    answer(response, usage, upTo) {
      const part = (text: string, more: Record<string, unknown> = {}) => ({
        candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...more }],
        modelVersion: 'far-model',
        responseId: 'r_1',
      });
      const list = [part('Bon'), { ...part('jour', { finishReason: 'STOP' }), usageMetadata: usage }];
      // Its last event is text, finish and usage in one, so a cut answer is the first event alone.
      events(response, upTo === undefined ? list : list.slice(0, 1));
    },
    usage: { promptTokenCount: 12, candidatesTokenCount: 3, totalTokenCount: 15 },
    malformed: 'data: {"candidates": [{"cont\n\n',
    refusal: (message) => ({ error: { code: 400, message, status: 'SOME_STATUS' } }),
  },
  openrouter: {
    path: '/api/v1',
    listRoute: 'GET /api/v1/models',
    list: {
      data: [
        {
          id: 'far-model',
          name: 'Far: Model',
          context_length: 131_072,
          architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
          pricing: {
            prompt: '0.000003',
            completion: '0.000015',
            input_cache_read: '0.0000003',
            request: '0',
          },
          top_provider: { context_length: 100_000, max_completion_tokens: 8192 },
          supported_parameters: ['tools'],
        },
        { id: 'painter', architecture: { output_modalities: ['image'] } },
      ],
    },
    models: ['far-model'],
    answerRoute: 'POST /api/v1/chat/completions',
    contentType: 'text/event-stream',
    answer: chatAnswer,
    usage: chatUsage,
    malformed: cutEvent,
    refusal: (message) => ({ error: { code: 400, message } }),
  },
  mistral: {
    path: '/v1',
    listRoute: 'GET /v1/models',
    list: {
      data: [
        {
          id: 'far-model',
          max_context_length: 131_072,
          capabilities: { completion_chat: true, function_calling: true, vision: false },
        },
        { id: 'mistral-embed', max_context_length: 8192, capabilities: { completion_chat: false } },
        { id: 'mistral-ocr', capabilities: { completion_chat: false } },
      ],
    },
    models: ['far-model', 'mistral-embed'],
    answerRoute: 'POST /v1/chat/completions',
    contentType: 'text/event-stream',
    answer(response, usage, upTo) {
      // Its usage comes with the last piece, unasked.
      const list = [
        chunk({ delta: { role: 'assistant', content: 'Bon' }, finish_reason: null }),
        chunk({ delta: { content: 'jour' }, finish_reason: null }),
        chunk({ delta: { content: '' }, finish_reason: 'stop' }, { usage }),
        '[DONE]',
      ];
      events(response, list.slice(0, upTo ?? list.length));
    },
    usage: chatUsage,
    malformed: cutEvent,
    refusal: (message) => ({ object: 'error', message, type: 'some_error', param: null, code: null }),
  },
  bedrock: {
    path: '',
    region: 'eu-west-3',
    listRoute: 'GET /foundation-models',
    list: {
      modelSummaries: [
        {
          modelId: 'far-model',
          modelName: 'Far Model',
          inputModalities: ['TEXT', 'IMAGE'],
          outputModalities: ['TEXT'],
          inferenceTypesSupported: ['ON_DEMAND'],
        },
        { modelId: 'painter', outputModalities: ['IMAGE'], inferenceTypesSupported: ['ON_DEMAND'] },
      ],
    },
    models: ['far-model'],
    answerRoute: 'POST /model/far-model/converse-stream',
    contentType: 'application/vnd.amazon.eventstream',
    answer(response, usage, upTo) {
      const list: [string, unknown][] = [
        ['messageStart', { role: 'assistant' }],
        ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Bon' } }],
        ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'jour' } }],
        ['contentBlockStop', { contentBlockIndex: 0 }],
        ['messageStop', { stopReason: 'end_turn' }],
        ['metadata', { usage, metrics: { latencyMs: 1 } }],
      ];
      if (!response.headersSent)
        response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      for (const [type, payload] of list.slice(0, upTo ?? list.length)) response.write(frame(type, payload));
    },
    usage: { inputTokens: 12, outputTokens: 3, totalTokens: 15 },
    // A whole frame whose payload is half a JSON.
    malformed: (() => {
      const whole = frame('contentBlockDelta', 'XXXXXXXXXX');
      return Buffer.from(whole.map((byte, at) => (at === whole.length - 8 ? byte ^ 1 : byte)));
    })(),
    refusal: (message) => ({ message }),
  },
  ollama: {
    path: '',
    listRoute: 'GET /api/tags',
    list: {
      models: [
        {
          name: 'far-model',
          size: 1_000_000,
          details: { parameter_size: '1.5B', quantization_level: 'Q4_K_M' },
        },
      ],
    },
    models: ['far-model'],
    answerRoute: 'POST /v1/chat/completions',
    contentType: 'text/event-stream',
    answer: chatAnswer,
    usage: chatUsage,
    malformed: cutEvent,
    refusal: openaiRefusal,
  },
  'openai-compatible': {
    path: '/v1',
    listRoute: 'GET /v1/models',
    list: { data: [{ id: 'far-model', context_length: 4096 }] },
    models: ['far-model'],
    answerRoute: 'POST /v1/chat/completions',
    contentType: 'text/event-stream',
    answer: chatAnswer,
    usage: chatUsage,
    malformed: cutEvent,
    refusal: openaiRefusal,
  },
};

/** The fake endpoint as a provider of that kind. */
export function serveAs(far: FakeServer, kind: WireKind): ProviderWire {
  const wire = providerWires[kind];
  far.on(wire.listRoute, (response) => json(response, 200, wire.list));
  far.on('GET /inference-profiles', (response) => json(response, 200, { inferenceProfileSummaries: [] }));
  far.on('POST /api/show', (response) =>
    json(response, 200, {
      capabilities: ['completion', 'tools', 'vision'],
      model_info: { 'general.architecture': 'qwen2', 'qwen2.context_length': 32_768 },
    }),
  );
  far.on(wire.answerRoute, (response) => {
    wire.answer(response, wire.usage);
    response.end();
  });
  return wire;
}

interface FakeServer {
  on(route: string, answer: (response: ServerResponse) => void): void;
}
