// Prompts: names, versions that never change, labels that move; rendered with values, or answered at once.
import { createRoute, z } from '@hono/zod-openapi';
import { answerMessages, wholeAnswer } from '../../apps/prompts/answer-messages.ts';
import { parametersSchema } from '../../contracts/model.ts';
import { answerOrderSchema, wholeAnswerSchema } from '../../contracts/playground.ts';
import {
  labelSchema,
  promptBodySchema,
  promptChoiceSchema,
  promptInputSchema,
  promptSchema,
  promptVariablesSchema,
  promptVersionSchema,
  resolvedPromptSchema,
} from '../../contracts/prompt.ts';
import { answerResponse } from '../answer-response.ts';
import { createRouter, idSchema, jsonBody, jsonContent, noContent, sourceOf } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/prompts';
const tags = ['prompts'];
const nameParam = z.object({ name: idSchema });
const versionParam = nameParam.extend({ version: z.coerce.number().int().positive() });
const labelParam = nameParam.extend({ label: labelSchema });
const { name, description } = promptInputSchema.shape;
const patchSchema = z.object({ name: name.optional(), description: description.unwrap().optional() });
const versionInput = z.object({ body: promptBodySchema, note: promptInputSchema.shape.note });
const renderInput = promptChoiceSchema.extend({ variables: promptVariablesSchema.default({}) });
const runInput = renderInput.extend({
  model: answerOrderSchema.shape.model.unwrap().optional().describe('In place of the prompt’s own'),
  parameters: parametersSchema.optional().describe('Each in place of the prompt’s own'),
  topLogprobs: answerOrderSchema.shape.topLogprobs,
  stream: z.boolean().default(false),
});

export function promptRoutes(
  { prompts, gateway, registry }: Pick<ApiServices, 'prompts' | 'gateway' | 'registry'>,
  shutdown: AbortSignal,
) {
  const prompt = jsonContent(promptSchema, 'The prompt');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'The prompts of the house, by name',
        request: { query: z.object({ query: z.string().max(200).optional() }) },
        responses: { 200: jsonContent(z.object({ prompts: z.array(promptSchema) }), 'The prompts') },
      }),
      async (c) => c.json({ prompts: await prompts.list(c.get('identity'), c.req.valid('query')) }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Keep a prompt; its body is version 1',
        request: { body: jsonBody(promptInputSchema) },
        responses: { 201: prompt },
      }),
      async (c) => c.json(await prompts.create(c.get('identity'), c.req.valid('json')), 201),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{name}`,
        tags,
        summary: 'A prompt by its name or id, with its newest version',
        request: { params: nameParam },
        responses: { 200: prompt },
      }),
      async (c) => c.json(await prompts.get(c.get('identity'), c.req.valid('param').name), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: `${path}/{name}`,
        tags,
        summary: 'Rename a prompt, or describe it anew',
        request: { params: nameParam, body: jsonBody(patchSchema) },
        responses: { 200: prompt },
      }),
      async (c) =>
        c.json(await prompts.update(c.get('identity'), c.req.valid('param').name, c.req.valid('json')), 200),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{name}`,
        tags,
        summary: 'Hide a prompt; it can be restored by its id for 30 days',
        request: { params: nameParam },
        responses: { 200: prompt },
      }),
      async (c) => c.json(await prompts.remove(c.get('identity'), c.req.valid('param').name), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{name}/restore`,
        tags,
        summary: 'Bring a hidden prompt back, by its id',
        request: { params: nameParam },
        responses: { 200: prompt },
      }),
      async (c) => c.json(await prompts.restore(c.get('identity'), c.req.valid('param').name), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{name}/versions`,
        tags,
        summary: 'Every version, the newest first',
        request: { params: nameParam },
        responses: {
          200: jsonContent(z.object({ versions: z.array(promptVersionSchema) }), 'The versions'),
        },
      }),
      async (c) =>
        c.json({ versions: await prompts.versions(c.get('identity'), c.req.valid('param').name) }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{name}/versions`,
        tags,
        summary: 'Add a version',
        request: { params: nameParam, body: jsonBody(versionInput) },
        responses: { 201: prompt },
      }),
      async (c) =>
        c.json(
          await prompts.addVersion(c.get('identity'), c.req.valid('param').name, c.req.valid('json')),
          201,
        ),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{name}/versions/{version}`,
        tags,
        summary: 'One version',
        request: { params: versionParam },
        responses: { 200: jsonContent(promptVersionSchema, 'The version') },
      }),
      async (c) => {
        const { name: of, version } = c.req.valid('param');
        return c.json(await prompts.version(c.get('identity'), of, version), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'put',
        path: `${path}/{name}/labels/{label}`,
        tags,
        summary: 'Put a label on a version, or move it there',
        request: {
          params: labelParam,
          body: jsonBody(z.object({ version: z.number().int().positive() })),
        },
        responses: { 200: prompt },
      }),
      async (c) => {
        const { name: of, label } = c.req.valid('param');
        return c.json(await prompts.setLabel(c.get('identity'), of, label, c.req.valid('json').version), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{name}/labels/{label}`,
        tags,
        summary: 'Take a label away',
        request: { params: labelParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const { name: of, label } = c.req.valid('param');
        await prompts.removeLabel(c.get('identity'), of, label);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{name}/render`,
        tags,
        summary: 'The messages with every variable filled in',
        request: { params: nameParam, body: jsonBody(renderInput) },
        responses: { 200: jsonContent(resolvedPromptSchema, 'The messages') },
      }),
      async (c) => {
        const { variables, ...choice } = c.req.valid('json');
        return c.json(
          await prompts.resolve(c.get('identity'), c.req.valid('param').name, choice, variables),
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{name}/run`,
        tags,
        summary: 'Fill a prompt in and answer it',
        description:
          'With `stream`, each event is an AnswerEvent; an error is the event `error` with an ErrorBody, and the last.',
        request: { params: nameParam, body: jsonBody(runInput) },
        responses: {
          200: {
            description: 'The answer',
            content: {
              'application/json': {
                schema: wholeAnswerSchema.extend({
                  prompt: z.object({ name: z.string(), version: z.number().int() }),
                }),
              },
              'text/event-stream': { schema: z.string() },
            },
          },
        },
      }),
      async (c) => {
        const { variables, model, parameters, topLogprobs, stream, ...choice } = c.req.valid('json');
        const identity = c.get('identity');
        const resolved = await prompts.resolve(identity, c.req.valid('param').name, choice, variables);
        const kept = { name: resolved.name, version: resolved.version };
        const leave = new AbortController();
        const gone = AbortSignal.any([c.req.raw.signal, shutdown]);
        const answer = answerMessages(
          { gateway, registry },
          {
            model: model ?? resolved.model ?? 'default',
            messages: resolved.messages,
            parameters: { ...resolved.parameters, ...parameters },
            topLogprobs,
          },
          { identity, source: sourceOf(c), prompt: kept },
          AbortSignal.any([gone, leave.signal]),
        );
        if (stream) return (await answerResponse(answer, leave, gone)) as never;
        return c.json({ ...(await wholeAnswer(answer)), prompt: kept }, 200) as never;
      },
    );
}
