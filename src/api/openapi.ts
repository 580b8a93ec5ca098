// The OpenAPI document, from the routes' own schemas, and the page that draws it.
import { OpenAPIHono, type z } from '@hono/zod-openapi';
import * as catalogue from '../contracts/catalogue.ts';
import * as conversation from '../contracts/conversation.ts';
import * as errors from '../contracts/errors.ts';
import * as model from '../contracts/model.ts';
import * as money from '../contracts/money.ts';
import * as provider from '../contracts/provider.ts';
import * as run from '../contracts/run.ts';
import * as score from '../contracts/score.ts';
import * as span from '../contracts/span.ts';
import * as system from '../contracts/system.ts';
import * as task from '../contracts/task.ts';
import type { ApiEnv } from './services.ts';

/** The nouns that get a name in the document. They are written once there, and referred to. */
const named: Record<string, z.ZodType> = {
  CatalogueListing: catalogue.catalogueListingSchema,
  Conversation: conversation.conversationSchema,
  Cost: money.costSchema,
  Discovery: catalogue.discoverySchema,
  ErrorBody: errors.errorBodySchema,
  FirstRun: catalogue.firstRunSchema,
  Health: system.healthSchema,
  LoggedEvent: run.loggedEventSchema,
  Message: conversation.messageSchema,
  MessagePart: conversation.messagePartSchema,
  ModelInfo: model.modelInfoSchema,
  Parameters: model.parametersSchema,
  Price: money.priceSchema,
  Provider: provider.providerSchema,
  ProviderInput: provider.providerInputSchema,
  ProviderTest: provider.providerTestSchema,
  PullInput: catalogue.pullInputSchema,
  RatingInput: score.ratingInputSchema,
  Receipt: conversation.receiptSchema,
  Run: run.runSchema,
  Score: score.scoreSchema,
  ServerEvent: system.serverEventSchema,
  Settings: system.settingsSchema,
  Span: span.spanSchema,
  Task: task.taskSchema,
  Trace: span.traceSchema,
  TraceSummary: span.traceSummarySchema,
  Usage: money.usageSchema,
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Replaces every copy of a named schema by a reference to it. */
function refer(value: Json, names: ReadonlyMap<string, string>, self = ''): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => refer(item, names));
  const name = names.get(JSON.stringify(value));
  if (name !== undefined && name !== self) return { $ref: `#/components/schemas/${name}` };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, refer(item, names)]));
}

/**
 * The named schemas as the document writes them, each in full. Each is generated as the answer of a route of its own:
 * schemas that were made before the OpenAPI library was loaded cannot be registered under a name.
 */
function nouns(): Record<string, Json> {
  const app = new OpenAPIHono();
  for (const [name, schema] of Object.entries(named)) {
    const content = { 'application/json': { schema } };
    app.openAPIRegistry.registerPath({
      method: 'get',
      path: `/${name}`,
      responses: { 200: { description: '', content } },
    });
  }
  const { paths = {} } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } });
  return Object.fromEntries(
    Object.keys(named).map((name) => {
      const answer = paths[`/${name}`]?.get?.responses?.[200] as {
        content: Record<string, { schema: Json }>;
      };
      return [name, answer.content['application/json']?.schema ?? null];
    }),
  );
}

export function openApiDocument(app: OpenAPIHono<ApiEnv>, version: string): Record<string, unknown> {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Atelier',
      version,
      license: { name: 'MIT' },
      description:
        'Our own API is under /atelier/v1, the OpenAI wire under /v1. Without accounts any key is accepted and ignored, and only this machine can connect; with them a key of this Atelier (Authorization: Bearer atl_..., x-api-key or x-goog-api-key) or a session is needed. Errors of /atelier/v1 are {error: ErrorBody}, those of /v1 have the shape of OpenAI.',
    },
  }) as unknown as { components: Record<string, unknown>; paths: Record<string, Record<string, Json>> };
  const full = nouns();
  const names = new Map(Object.entries(full).map(([name, schema]) => [JSON.stringify(schema), name]));
  const schemas = Object.fromEntries(
    Object.entries(full).map(([name, schema]) => [name, refer(schema, names, name)]),
  );
  const error = {
    description: 'An error, by its code',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: { error: { $ref: '#/components/schemas/ErrorBody' } },
          required: ['error'],
        },
      },
    },
  };
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, operations]) => [
      path.replace(/\{(\w+)\{\.\+\}\}/g, '{$1}'),
      Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => {
          const referred = refer(operation, names) as { responses: Record<string, Json> };
          return [
            method,
            path.startsWith('/v1/')
              ? referred
              : { ...referred, responses: { ...referred.responses, default: error } },
          ];
        }),
      ),
    ]),
  );
  return { ...document, components: { ...document.components, schemas }, paths };
}
