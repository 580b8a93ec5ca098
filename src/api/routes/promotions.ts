// Promotions: an alias asks another model once the gate has opened, of all conversations or of a share; and back.
import { createRoute, z } from '@hono/zod-openapi';
import { gateVerdictSchema } from '../../contracts/evaluation.ts';
import { type PromotionInput, promotionInputSchema, promotionSchema } from '../../contracts/tuned-model.ts';
import { createRouter, idParam, jsonBody, jsonContent, newestQuery, sent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/promotions';
const tags = ['learning'];
const promotion = jsonContent(promotionSchema, 'The promotion');
const { share } = promotionInputSchema.shape;

export function promotionRoutes({
  learning: { promotions },
  access: { audit },
}: Pick<ApiServices, 'learning' | 'access'>) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Promotions, newest first',
        request: {
          query: newestQuery.extend({
            alias: z.string().max(64).optional(),
            state: promotionSchema.shape.state.optional(),
            model: z
              .union([z.string().transform((one) => [one]), z.array(z.string()).max(50)])
              .optional()
              .describe('What was switched to; given more than once, one of them'),
          }),
        },
        responses: {
          200: jsonContent(
            z.object({ promotions: z.array(promotionSchema), nextCursor: z.string().nullable() }),
            'A page of promotions',
          ),
        },
      }),
      async (c) => {
        const { model: models, ...query } = c.req.valid('query');
        return c.json(await promotions.list(c.get('identity'), sent({ ...query, models })), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/check`,
        tags,
        summary: 'What the gate says now; nothing changes',
        description: 'A check that cannot be computed has not passed, and says why in `reason`.',
        request: { body: jsonBody(promotionInputSchema) },
        responses: { 200: jsonContent(gateVerdictSchema, 'The verdict') },
      }),
      async (c) =>
        c.json(await promotions.check(c.get('identity'), c.req.valid('json') as PromotionInput), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Let an alias ask another model',
        description: 'Refused with the verdict (403, `data.verdict`) unless the gate opens.',
        request: { body: jsonBody(promotionInputSchema) },
        responses: { 201: promotion },
      }),
      async (c) => {
        const who = c.get('identity');
        const made = await promotions.promote(who, c.req.valid('json') as PromotionInput);
        const { alias, from, to, evaluationId } = made;
        await audit.record(who, 'alias.promote', alias, { from, to, share: made.share, evaluationId });
        return c.json(made, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/share`,
        tags,
        summary: 'Let more or fewer conversations ask the new model; 1: all',
        request: { params: idParam, body: jsonBody(z.object({ share: share.unwrap() })) },
        responses: { 200: promotion },
      }),
      async (c) => {
        const who = c.get('identity');
        const changed = await promotions.setShare(who, c.req.valid('param').id, c.req.valid('json').share);
        await audit.record(who, 'alias.share', changed.alias, { to: changed.to, share: changed.share });
        return c.json(changed, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/roll-back`,
        tags,
        summary: 'Let the alias ask what it asked before',
        request: { params: idParam },
        responses: { 200: promotion },
      }),
      async (c) => {
        const who = c.get('identity');
        const { alias, from, to, ...rest } = await promotions.rollBack(who, c.req.valid('param').id);
        await audit.record(who, 'alias.roll_back', alias, { from: to, to: from });
        return c.json({ alias, from, to, ...rest }, 200);
      },
    );
}
