// What the API's description says of LangServe's addresses. Their bodies are checked by hand, in LangServe's own words.
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiEnv } from '../../services.ts';

const tags = ['langserve'];
const params = z.object({ kind: z.enum(['apps', 'agents']), name: z.string() });
const config = z.record(z.string(), z.unknown()).optional();
const call = z.object({ input: z.unknown(), config, kwargs: config });

const bodies = {
  invoke: [call, 'Run it and wait for the output'],
  batch: [
    z.object({ inputs: z.array(z.unknown()), config: z.unknown(), kwargs: config }),
    'Run it over several inputs',
  ],
  stream: [call, 'The output as it comes, as server-sent events'],
  stream_log: [call, 'The run as JSON patches of its log, as server-sent events'],
  stream_events: [call, 'The run as LangChain events, as server-sent events'],
  feedback: [z.object({ run_id: z.string(), key: z.string(), score: z.number() }), 'A score for a run'],
} as const;

const reads = {
  input_schema: 'JSON Schema of the input',
  output_schema: 'JSON Schema of the output',
  config_schema: 'JSON Schema of the configuration',
  'playground/': 'A page to try it out',
} as const;

export function describeRoutes(router: OpenAPIHono<ApiEnv>): void {
  for (const [name, [schema, summary]] of Object.entries(bodies))
    router.openAPIRegistry.registerPath({
      method: 'post',
      path: `/serve/{kind}/{name}/${name}`,
      tags,
      summary,
      request: { params, body: { required: true, content: { 'application/json': { schema } } } },
      responses: { 200: { description: summary } },
    });
  for (const [name, summary] of Object.entries(reads))
    router.openAPIRegistry.registerPath({
      method: 'get',
      path: `/serve/{kind}/{name}/${name}`,
      tags,
      summary,
      request: { params },
      responses: { 200: { description: summary } },
    });
}
