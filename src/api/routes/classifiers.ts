// Classifiers: trained from a dataset of labels, asked for several texts at once; one text is a decision, at /decide.
import { createRoute, z } from '@hono/zod-openapi';
import { decisionSchema } from '../../contracts/app.ts';
import { classifierInputSchema, classifierSchema } from '../../contracts/classifier.ts';
import { taskSchema } from '../../contracts/task.ts';
import { createRouter, idSchema, jsonBody, jsonContent, noContent, sourceOf } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/classifiers';
const tags = ['learning'];
const nameParam = z.object({ name: idSchema });
const textsInput = z.object({
  texts: z.array(z.string().min(1).max(1_000_000)).min(1).max(1000).describe('One embedding call for all'),
});

export function classifierRoutes({
  learning: { classifiers },
  access: { audit },
}: Pick<ApiServices, 'learning' | 'access'>) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'The classifiers, by name',
        responses: {
          200: jsonContent(z.object({ classifiers: z.array(classifierSchema) }), 'The classifiers'),
        },
      }),
      async (c) => c.json({ classifiers: await classifiers.list(c.get('identity')) }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Train a classifier',
        description: 'A task; when it is complete, the decision call takes classifiers/{name} as its model.',
        request: { body: jsonBody(classifierInputSchema) },
        responses: { 202: jsonContent(taskSchema, 'The task that trains it') },
      }),
      async (c) => {
        const who = c.get('identity');
        const input = c.req.valid('json');
        const task = await classifiers.train(who, input);
        const { id, version } = input.dataset;
        await audit.record(who, 'classifier.train', input.name, { dataset: id, version: version ?? null });
        return c.json(task, 202);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{name}`,
        tags,
        summary: 'A classifier, with what was measured of it',
        request: { params: nameParam },
        responses: { 200: jsonContent(classifierSchema, 'The classifier') },
      }),
      async (c) => c.json(await classifiers.get(c.get('identity'), c.req.valid('param').name), 200),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{name}`,
        tags,
        summary: 'Delete a classifier',
        request: { params: nameParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const { name } = c.req.valid('param');
        await classifiers.remove(c.get('identity'), name);
        await audit.record(c.get('identity'), 'classifier.remove', name);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{name}/classify`,
        tags,
        summary: 'Classify texts',
        request: { params: nameParam, body: jsonBody(textsInput) },
        responses: {
          200: jsonContent(
            z.object({ decisions: z.array(decisionSchema) }),
            'One decision a text, in order; all are one trace',
          ),
        },
      }),
      async (c) => {
        const context = { identity: c.get('identity'), source: sourceOf(c) };
        const { name } = c.req.valid('param');
        const { texts } = c.req.valid('json');
        return c.json({ decisions: await classifiers.classify(name, texts, context, c.req.raw.signal) }, 200);
      },
    );
}
