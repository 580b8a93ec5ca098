// The tools of a Responses request: functions, alone or in a namespace. Tools that OpenAI runs itself are not here; they
// are left out, and a note says so.

import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { z } from '@hono/zod-openapi';
import { invalid, present } from '../request.ts';
import type { ResponseRequest } from './schema.ts';

/** How a call is named on the wire. */
export interface WireName {
  name: string;
  namespace?: string | undefined;
}

export interface ReadTools extends Pick<LanguageModelV4CallOptions, 'tools' | 'toolChoice'> {
  /** The name under which the model knows a tool. */
  exposed(wire: WireName): string;
  /** What the model called, as the wire names it. */
  wire(exposed: string): WireName;
  notes: string[];
}

const functionTool = z.object({
  type: z.literal('function'),
  name: z.string().regex(/^[\w.-]{1,128}$/, 'letters, digits, _, . and -, at most 128'),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});
const namespaceTool = z.object({
  type: z.literal('namespace'),
  name: z.string().min(1).max(128),
  tools: z.array(z.record(z.string(), z.unknown())),
});

interface Offered extends WireName {
  tool: z.infer<typeof functionTool>;
}

function parsed<S extends z.ZodType>(schema: S, value: unknown, param: string): z.infer<S> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const path = [param, ...(issue?.path ?? [])].join('.');
  throw invalid(path, issue?.message ?? 'not valid');
}

function offeredTools(tools: readonly Record<string, unknown>[], left: string[]): Offered[] {
  return tools.flatMap((tool, place): Offered[] => {
    const at = `tools[${place}]`;
    if (tool.type === 'function') {
      const read = parsed(functionTool, tool, at);
      return [{ name: read.name, tool: read }];
    }
    if (tool.type === 'namespace') {
      const { name: namespace, tools: inner } = parsed(namespaceTool, tool, at);
      return offeredTools(inner, left).map((one) => ({ ...one, namespace }));
    }
    left.push(typeof tool.name === 'string' ? `${String(tool.type)} ${tool.name}` : String(tool.type));
    return [];
  });
}

/** Names are the tools' own where no two are alike; else the namespace stands before. */
function nameThem(offered: readonly Offered[]): { exposed: string; one: Offered }[] {
  const count = new Map<string, number>();
  for (const { name } of offered) count.set(name, (count.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  return offered.flatMap((one) => {
    const alike = (count.get(one.name) ?? 0) > 1 && one.namespace !== undefined;
    const exposed = alike ? `${one.namespace?.replace(/[^\w.-]/g, '_')}__${one.name}` : one.name;
    if (taken.has(exposed)) return [];
    taken.add(exposed);
    return [{ exposed, one }];
  });
}

const keyOf = ({ name, namespace }: WireName) => `${namespace ?? ''}\0${name}`;

const toTool = (exposed: string, { tool }: Offered): LanguageModelV4FunctionTool => ({
  type: 'function',
  name: exposed,
  inputSchema: (tool.parameters ?? { type: 'object', properties: {} }) as { type: 'object' },
  ...present({ description: tool.description, strict: tool.strict }),
});

const named = z.object({ type: z.literal('function'), name: z.string(), namespace: z.string().optional() });
const allowed = z.object({
  type: z.literal('allowed_tools'),
  mode: z.enum(['auto', 'required']),
  tools: z.array(z.record(z.string(), z.unknown())),
});

/** @throws AtelierError invalid_request for a choice among functions that were not offered */
export function readTools({ tools, tool_choice: choice }: ResponseRequest): ReadTools {
  const left: string[] = [];
  const names = nameThem(offeredTools(tools ?? [], left));
  const byWire = new Map(names.map(({ exposed, one }) => [keyOf(one), exposed]));
  const byExposed = new Map(names.map(({ exposed, one }) => [exposed, one]));
  const notes =
    left.length === 0
      ? []
      : [`These tools are not here and were left out: ${[...new Set(left)].slice(0, 20).join(', ')}.`];
  const exposedOf = (wire: WireName) => byWire.get(keyOf(wire)) ?? wire.name;
  const base = {
    notes,
    exposed: exposedOf,
    wire(exposed: string): WireName {
      const one = byExposed.get(exposed);
      if (one === undefined) return { name: exposed };
      return one.namespace === undefined ? { name: one.name } : { name: one.name, namespace: one.namespace };
    },
  };
  const offer = (some: typeof names) => some.map(({ exposed, one }) => toTool(exposed, one));
  const wrong = (message: string) => invalid('tool_choice', message);

  if (typeof choice === 'string' || !choice) {
    if (choice === 'required' && names.length === 0)
      throw wrong('a call is required, and none of the tools can be called here.');
    return names.length === 0
      ? base
      : { ...base, tools: offer(names), toolChoice: { type: choice ?? 'auto' } };
  }
  if (choice.type === 'function') {
    const toolName = exposedOf(parsed(named, choice, 'tool_choice'));
    if (!byExposed.has(toolName)) throw wrong(`no tool is named ${JSON.stringify(toolName)}.`);
    return { ...base, tools: offer(names), toolChoice: { type: 'tool', toolName } };
  }
  if (choice.type === 'allowed_tools') {
    const { mode, tools: some } = parsed(allowed, choice, 'tool_choice');
    const wanted = new Set(
      some.flatMap((one) => {
        const read = named.safeParse(one);
        return read.success ? [exposedOf(read.data)] : [];
      }),
    );
    const usable = names.filter(({ exposed }) => wanted.has(exposed));
    if (mode === 'required' && usable.length === 0)
      throw wrong('a call is required, and none of the allowed tools can be called here.');
    return usable.length === 0 ? base : { ...base, tools: offer(usable), toolChoice: { type: mode } };
  }
  notes.push(`tool_choice asks for ${String(choice.type)}, which is not here; the model chooses itself.`);
  return names.length === 0 ? base : { ...base, tools: offer(names), toolChoice: { type: 'auto' } };
}
