// MCP servers: programs and addresses that bring tools. Their secrets go in and never come out.
import { createRoute, z } from '@hono/zod-openapi';
import { AtelierError } from '../../contracts/errors.ts';
import { mcpServerSchema, mcpServerStatusSchema } from '../../contracts/mcp.ts';

import { createRouter, idParam, jsonBody, jsonContent, noContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/mcp-servers';
const tags = ['tools'];
const shown = z.object({ server: mcpServerSchema, status: mcpServerStatusSchema });

export function mcpServerRoutes({
  mcpServers,
  access: { audit },
}: Pick<ApiServices, 'mcpServers' | 'access'>) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'MCP servers and how they stand',
        responses: { 200: jsonContent(z.object({ servers: z.array(shown) }), 'The servers') },
      }),
      async (c) => c.json({ servers: await mcpServers.list() }, 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: `${path}/{id}`,
        tags,
        summary: 'Add or change a server; an empty secret keeps the stored one',
        request: { params: idParam, body: jsonBody(mcpServerSchema) },
        responses: { 200: jsonContent(shown, 'The server') },
      }),
      async (c) => {
        const server = c.req.valid('json');
        const { id } = c.req.valid('param');
        if (server.id !== id)
          throw new AtelierError('invalid_request', `id: the address says ${id}, the body ${server.id}.`, {
            data: { param: 'id' },
          });
        const stored = await mcpServers.put(server);
        await audit.record(c.get('identity'), 'mcp-server.set', id);
        return c.json(stored, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Remove a server and its secrets',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        await mcpServers.remove(id);
        await audit.record(c.get('identity'), 'mcp-server.remove', id);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/retry`,
        tags,
        summary: 'Try to connect now',
        request: { params: idParam },
        responses: { 200: jsonContent(mcpServerStatusSchema, 'How it stands') },
      }),
      async (c) => c.json(await mcpServers.retry(c.req.valid('param').id), 200),
    );
}
