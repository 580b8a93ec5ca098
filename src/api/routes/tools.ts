// Tools: what there is, what is switched on, when it asks; and what should be a tool and is none.
import { createRoute, z } from '@hono/zod-openapi';
import { toolSettingSchema } from '../../contracts/agent.ts';
import { approvalRuleSchema, toolFaultSchema, toolInfoSchema } from '../../contracts/tool.ts';
import type { ToolRegistry } from '../../tools/tool-registry.ts';
import type { ToolSettings } from '../../tools/tool-settings.ts';
import { createRouter, jsonBody, jsonContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/tools';
const tags = ['tools'];

export interface ToolServices extends Pick<ApiServices, 'access'> {
  tools: { registry: Pick<ToolRegistry, 'list' | 'faults'> };
  toolSettings: Pick<ToolSettings, 'of' | 'set'>;
}

export function toolRoutes({ tools, toolSettings, access: { audit } }: ToolServices) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Tools with what is set for them',
        responses: {
          200: jsonContent(
            z.object({
              tools: z.array(toolInfoSchema.extend({ setting: toolSettingSchema.nullable() })),
              faults: z.array(toolFaultSchema),
            }),
            'The tools',
          ),
        },
      }),
      (c) =>
        c.json(
          {
            tools: tools.registry.list().map((tool) => ({ ...tool, setting: toolSettings.of(tool.name) })),
            faults: tools.registry.faults(),
          },
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: `${path}/{name}`,
        tags,
        summary: 'Switch a tool on or off, or say when it asks; null leaves that to the tool',
        request: {
          params: z.object({ name: z.string().min(1).max(128) }),
          body: jsonBody(
            z.object({ enabled: z.boolean().optional(), approval: approvalRuleSchema.nullable().optional() }),
          ),
        },
        responses: { 200: jsonContent(toolSettingSchema, 'What is set') },
      }),
      async (c) => {
        const { enabled, approval } = c.req.valid('json');
        const { name } = c.req.valid('param');
        const change = {
          ...(enabled === undefined ? {} : { enabled }),
          ...(approval === undefined ? {} : { approval }),
        };
        const set = await toolSettings.set(name, change);
        await audit.record(c.get('identity'), 'tool.change', name, change);
        return c.json(set, 200);
      },
    );
}
