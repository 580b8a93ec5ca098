// An app as lists, pages and other programs see it.
import { z } from 'zod';
import { type AppInfo, appInfoSchema } from '../contracts/app.ts';
import type { AppDefinition } from './apps.ts';

/** @throws ZodError for a name or a text that is none */
export function appInfo(app: AppDefinition): AppInfo {
  return appInfoSchema.parse({
    name: app.name,
    title: app.title,
    description: app.description,
    icon: app.icon,
    source: app.origin === undefined ? 'builtin' : 'user',
    origin: app.origin ?? null,
    inputSchema: schemaOf(app.input, 'input'),
    outputSchema: schemaOf(app.output, 'output'),
    streams: app.streams,
    batch: app.batch,
    example: app.example,
  } satisfies AppInfo);
}

/** What JSON Schema cannot say (a transform of the user's) stands as anything. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  return { ...z.toJSONSchema(schema, { io, unrepresentable: 'any' }) };
}
