// Models that a body names beside its own, for a provider that passes it on to them: OpenRouter's and Anthropic's chains
// of fallbacks, tools that ask a model of their own.
type Body = Readonly<Record<string, unknown>>;

const chains = ['models', 'fallbacks', 'preset'] as const;

/** The fields that name them. */
export function fieldsWithOtherModels(body: Body): string[] {
  const fields: string[] = chains.filter((name) => (body[name] ?? null) !== null);
  const tools = Array.isArray(body.tools) ? body.tools : [];
  const asks = (tool: unknown) => typeof tool === 'object' && tool !== null && 'model' in tool;
  return tools.some(asks) ? [...fields, 'tools'] : fields;
}
