// POST /api/chat and POST /api/generate: lines of JSON unless `stream` is false. Without messages or a prompt they load
// the model, or with keep_alive 0 let it go.
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Context } from 'hono';
import { isAtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { Identity } from '../../../contracts/identity.ts';
import { ndjsonResponse } from '../../../lib/ndjson.ts';
import { allowedModel } from '../../allowed-model.ts';
import { answerHeaders } from '../../answer-headers.ts';
import { checked, jsonOf } from '../../read-json.ts';
import { createRouter, sourceOf } from '../../route-parts.ts';
import type { ApiEnv, ApiServices } from '../../services.ts';
import { readPieces } from './answer.ts';
import { chatShape, chunks, collected, emptyAnswer, promptShape, type Shape } from './chunks.ts';
import { ollamaErrorBody } from './errors.ts';
import { findName } from './names.ts';
import { chatOptions, generateOptions, notesOf } from './request.ts';
import { chatSchema, generateSchema } from './schema.ts';

type Services = Pick<ApiServices, 'gateway' | 'registry' | 'log' | 'releaseModel'>;

interface Asked {
  model: string;
  stream: boolean;
  keep_alive?: string | number | null | undefined;
}

/** 0 in any unit. */
const leaves = ({ keep_alive: keep }: Asked): boolean => keep === 0 || /^0+[a-z]*$/.test(String(keep ?? ''));

/** Others may be using the model: only who looks after the models takes it out of memory, with a key that is not limited. */
function mayRelease({ role, models, apps }: Identity): boolean {
  return (role === 'admin' || role === 'builder') && models == null && apps == null;
}

const STAYS =
  'keep_alive 0 has no effect: only admins and builders take a model out of memory. It leaves by itself when it is idle.';

async function answer(
  services: Services,
  c: Context<ApiEnv>,
  asked: Asked,
  options: LanguageModelV4CallOptions,
  shape: Shape,
  notes: readonly string[],
): Promise<Response> {
  const { gateway, registry, log } = services;
  const began = performance.now();
  const name = await findName(registry, asked.model);
  const stop = new AbortController();
  const abortSignal = AbortSignal.any([stop.signal, c.req.raw.signal]);
  const context = { identity: c.get('identity'), source: sourceOf(c) };
  const streamed = await gateway.stream(name, { ...options, abortSignal }, context);
  const releases = leaves(asked) && mayRelease(context.identity);
  const kept = leaves(asked) && !releases ? [STAYS] : [];
  const headers = answerHeaders({ ...streamed, warnings: [...(streamed.warnings ?? []), ...notes, ...kept] });
  const pieces = readPieces(streamed.stream, began);
  const after = async () => {
    if (releases) await services.releaseModel?.(streamed.model.id);
  };
  if (!asked.stream) {
    const whole = await collected(asked.model, pieces, shape);
    await after();
    return c.json(whole, 200, headers);
  }
  return ndjsonResponse(
    async function* (signal) {
      signal.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
      if (signal.aborted) stop.abort(signal.reason);
      try {
        yield* chunks(asked.model, pieces, shape);
        await after();
      } catch (error) {
        // A client that went away reads no error.
        if (isAtelierError(error) && error.code === 'cancelled') return;
        const known = toAtelierError(error);
        log.warn('a streamed answer failed', { code: known.code, id: c.get('requestId') });
        yield ollamaErrorBody(known);
      }
    },
    { signals: [c.req.raw.signal], headers },
  );
}

/** Counting the tokens of a prompt brings a local model into memory; a remote one has nothing to load. */
async function load(services: Services, c: Context<ApiEnv>, asked: Asked, shape: Shape): Promise<Response> {
  const { gateway, registry } = services;
  const name = await findName(registry, asked.model);
  const id = await allowedModel(registry, c.get('identity'), name);
  if (leaves(asked)) {
    // Clients take any other reason for a failure.
    const said = emptyAnswer(asked.model, shape, 'unload');
    if (!mayRelease(c.get('identity'))) return c.json(said, 200, { 'x-atelier-warning': STAYS });
    await services.releaseModel?.(id);
    return c.json(said);
  }
  await gateway.countTokens(name, {
    prompt: [{ role: 'user', content: [{ type: 'text', text: '' }] }],
    abortSignal: c.req.raw.signal,
  });
  return c.json(emptyAnswer(asked.model, shape, 'load'));
}

export function generateRoutes(services: Services) {
  const router = createRouter();
  router.post('/api/chat', async (c) => {
    const request = checked(chatSchema, await jsonOf(c));
    if (!request.messages?.length) return load(services, c, request, chatShape);
    return answer(services, c, request, chatOptions(request), chatShape, []);
  });
  router.post('/api/generate', async (c) => {
    const request = checked(generateSchema, await jsonOf(c));
    if (!request.prompt && !request.images?.length) return load(services, c, request, promptShape);
    return answer(services, c, request, generateOptions(request), promptShape, notesOf(request));
  });
  return router;
}
