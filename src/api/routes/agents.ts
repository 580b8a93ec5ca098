// Agents and their runs, the plan of a run and the files it wrote.

import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { createRoute, z } from '@hono/zod-openapi';
import type { Agents } from '../../agent/agents.ts';
import type { RunLog } from '../../agent/run-log.ts';
import { runnableAgent } from '../../agent/runnable-agent.ts';
import { workspaceOf } from '../../agent/workspace-of.ts';
import { type AgentInput, agentInputSchema, agentSchema, planItemSchema } from '../../contracts/agent.ts';
import { mayRun } from '../../contracts/identity.ts';
import { runSchema } from '../../contracts/run.ts';
import type { Workspaces } from '../../tools/workspace/create-workspaces.ts';
import { bytesResponse } from '../bytes-response.ts';
import {
  createRouter,
  idParam,
  idSchema,
  jsonBody,
  jsonContent,
  noContent,
  sourceOf,
} from '../route-parts.ts';

const path = '/atelier/v1/agents';
const tags = ['agents'];
const runInput = z.object({
  input: z.union([
    z.string().min(1),
    z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.string() })).min(1),
  ]),
  model: z.string().min(1).max(512).optional(),
  knowledge: z.array(idSchema).max(64).default([]).describe('Collections beside the agent’s own'),
});

const newAgent = agentInputSchema.extend({
  restores: idSchema
    .optional()
    .describe('The id of an agent that you removed within the last ten minutes: it comes back under it'),
});

const toPrompt = (input: z.infer<typeof runInput>['input']): LanguageModelV4Prompt =>
  (typeof input === 'string' ? [{ role: 'user' as const, content: input }] : input).map(
    ({ role, content }) => ({ role, content: [{ type: 'text' as const, text: content }] }),
  );

const workspaceEntry = z.object({
  path: z.string(),
  kind: z.enum(['file', 'folder']),
  bytes: z.number(),
  modifiedAt: z.number(),
});

export interface AgentServices {
  agents: Agents;
  runs: Pick<RunLog, 'get'>;
  tools: { workspaces: Workspaces };
}

export function agentRoutes({ agents, runs, tools: { workspaces } }: AgentServices) {
  const agent = jsonContent(agentSchema, 'The agent');
  const runList = jsonContent(z.object({ runs: z.array(runSchema) }), 'The runs');
  const limit = z.coerce.number().int().min(1).max(200).default(50);
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Agents: those of the house, then your own',
        responses: { 200: jsonContent(z.object({ agents: z.array(agentSchema) }), 'The agents') },
      }),
      async (c) => {
        const who = c.get('identity');
        const all = await agents.list(who);
        return c.json({ agents: all.filter(({ name }) => mayRun(who, `agents/${name}`)) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Make an agent',
        request: { body: jsonBody(newAgent) },
        responses: { 201: agent },
      }),
      async (c) => {
        const { restores, ...input } = c.req.valid('json');
        return c.json(await agents.create(c.get('identity'), input as AgentInput, restores), 201);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'An agent by its id or name',
        request: { params: idParam },
        responses: { 200: agent },
      }),
      async (c) => {
        const who = c.get('identity');
        return c.json(await runnableAgent(agents, who, c.req.valid('param').id), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: `${path}/{id}`,
        tags,
        summary: 'Change an agent; runs under way keep what they began with',
        request: { params: idParam, body: jsonBody(agentPatch) },
        responses: { 200: agent },
      }),
      async (c) =>
        c.json(
          await agents.update(
            c.get('identity'),
            c.req.valid('param').id,
            c.req.valid('json') as Partial<AgentInput>,
          ),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Remove an agent; its runs stay',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        await agents.remove(c.get('identity'), c.req.valid('param').id);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/runs`,
        tags,
        summary: 'Runs of an agent, the newest first',
        request: { params: idParam, query: z.object({ limit }) },
        responses: { 200: runList },
      }),
      async (c) => {
        const who = c.get('identity');
        const { name } = await runnableAgent(agents, who, c.req.valid('param').id);
        return c.json(
          { runs: await agents.runs(who, { agent: name, limit: c.req.valid('query').limit }) },
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/agent-runs',
        tags,
        summary: 'Runs of all agents, the newest first',
        request: { query: z.object({ agent: z.string().max(64).optional(), limit }) },
        responses: { 200: runList },
      }),
      async (c) => {
        const who = c.get('identity');
        const { agent: asked, limit: most } = c.req.valid('query');
        const agent = asked === undefined ? {} : { agent: (await runnableAgent(agents, who, asked)).name };
        return c.json({ runs: await agents.runs(who, { limit: most, ...agent }) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/runs`,
        tags,
        summary: 'Start a run; watch it at /atelier/v1/runs/{id}/events',
        request: { params: idParam, body: jsonBody(runInput) },
        responses: { 202: jsonContent(runSchema, 'The run') },
      }),
      async (c) => {
        const who = c.get('identity');
        const { input, model, knowledge } = c.req.valid('json');
        const run = await agents.start(who, {
          agent: await runnableAgent(agents, who, c.req.valid('param').id),
          prompt: toPrompt(input),
          knowledge,
          source: sourceOf(c),
          ...(model === undefined ? {} : { model }),
        });
        return c.json(run, 202);
      },
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/atelier/v1/runs/{id}/plan',
        tags,
        summary: 'Change the plan of a run that is under way',
        request: {
          params: idParam,
          body: jsonBody(z.object({ items: z.array(planItemSchema).max(50) })),
        },
        responses: { 204: noContent },
      }),
      async (c) => {
        await agents.setPlan(c.get('identity'), c.req.valid('param').id, c.req.valid('json').items);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/runs/{id}/files',
        tags,
        summary: 'Files that a run wrote',
        request: { params: idParam },
        responses: { 200: jsonContent(z.object({ files: z.array(workspaceEntry) }), 'The files') },
      }),
      async (c) => {
        const run = await runs.get(c.req.valid('param').id, c.get('identity').userId);
        return c.json({ files: await (await workspaces.open(workspaceOf(run))).list() }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/runs/{id}/files/{path{.+}}',
        tags,
        summary: 'A file that a run wrote',
        request: { params: idParam.extend({ path: z.string().min(1).max(4096) }) },
        responses: {
          200: {
            description: 'The bytes',
            content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
          },
        },
      }),
      async (c) => {
        const { id, path: name } = c.req.valid('param');
        const run = await runs.get(id, c.get('identity').userId);
        const bytes = await (await workspaces.open(workspaceOf(run))).read(name);
        return bytesResponse({ name, mediaType: 'application/octet-stream', bytes }) as never;
      },
    );
}

/** Without the defaults of the input, which would reset what a change does not name. */
const { shape } = agentInputSchema;
const agentPatch = z.object({
  name: shape.name.optional(),
  title: shape.title.optional(),
  description: shape.description.unwrap().optional(),
  instructions: shape.instructions.unwrap().optional(),
  model: shape.model.unwrap().optional(),
  parameters: shape.parameters.unwrap().optional(),
  tools: shape.tools.unwrap().optional(),
  knowledge: shape.knowledge.unwrap().optional(),
  approvals: shape.approvals.unwrap().optional(),
  outputSchema: shape.outputSchema.unwrap().optional(),
  planning: shape.planning.unwrap().optional(),
  maxSteps: shape.maxSteps.unwrap().optional(),
});
