// Outputs as RemoteRunnable leaves them alone: it takes any object with a field `text` or `messages` for a prompt and
// loses the rest, so these two have other names on this wire, in the output and in its schema.

const others: Record<string, readonly string[]> = {
  text: ['content', 'text_value'],
  messages: ['message_list', 'messages_value'],
};

type Dict = Record<string, unknown>;
const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `text` becomes `content` where there is no field of that name. */
function wireName(key: string, keys: readonly string[]): string {
  if (!Object.hasOwn(others, key)) return key;
  return others[key]?.find((name) => !keys.includes(name)) ?? key;
}

function renamed(fields: Dict, map: (value: unknown) => unknown): Dict {
  const keys = Object.keys(fields);
  return Object.fromEntries(keys.map((key) => [wireName(key, keys), map(fields[key])]));
}

export function wireOutput(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wireOutput);
  return isDict(value) ? renamed(value, wireOutput) : value;
}

/** The schema of what `wireOutput` makes of a value of this schema. */
export function wireSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(wireSchema);
  if (!isDict(schema)) return schema;
  const keys = isDict(schema.properties) ? Object.keys(schema.properties) : [];
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'properties' && isDict(value)) return [key, renamed(value, wireSchema)];
      if (key === 'required' && Array.isArray(value))
        return [key, value.map((name) => wireName(String(name), keys))];
      if (['enum', 'const', 'default', 'examples'].includes(key)) return [key, value];
      return [key, wireSchema(value)];
    }),
  );
}

/** The name of a field on the wire. */
export function wireField(field: string, schema: Dict | null): string {
  return wireName(field, isDict(schema?.properties) ? Object.keys(schema.properties) : []);
}
