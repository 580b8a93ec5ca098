// POST /api/embed, and the older /api/embeddings for one text.
import { AtelierError } from '../../../contracts/errors.ts';
import { checked, jsonOf } from '../../read-json.ts';
import { createRouter, sourceOf } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';
import { findName } from './names.ts';
import { embeddingsSchema, embedSchema } from './schema.ts';

export function embedRoutes({ gateway, registry }: Pick<ApiServices, 'gateway' | 'registry'>) {
  const router = createRouter();
  router.post('/api/embed', async (c) => {
    const began = performance.now();
    const { model, input, dimensions } = checked(embedSchema, await jsonOf(c));
    const texts = typeof input === 'string' ? [input] : input;
    const context = { identity: c.get('identity'), source: sourceOf(c) };
    const name = await findName(registry, model);
    const { embeddings, usage, traceId } = await gateway.embed(name, texts, context, c.req.raw.signal);
    const has = embeddings[0]?.length ?? 0;
    if (dimensions && has > 0 && dimensions !== has) {
      throw new AtelierError(
        'invalid_request',
        `dimensions: ${model} gives vectors of ${has} dimensions and no others; leave the field out.`,
        { data: { param: 'dimensions', model, dimensions: has } },
      );
    }
    return c.json(
      {
        model,
        embeddings,
        total_duration: Math.round((performance.now() - began) * 1e6),
        load_duration: 0,
        ...(usage ? { prompt_eval_count: usage.tokens } : {}),
      },
      200,
      { 'x-atelier-trace-id': traceId },
    );
  });
  router.post('/api/embeddings', async (c) => {
    const { model, prompt } = checked(embeddingsSchema, await jsonOf(c));
    const context = { identity: c.get('identity'), source: sourceOf(c) };
    const name = await findName(registry, model);
    const { embeddings, traceId } = await gateway.embed(name, [prompt], context, c.req.raw.signal);
    return c.json({ embedding: embeddings[0] ?? [] }, 200, { 'x-atelier-trace-id': traceId });
  });
  return router;
}
