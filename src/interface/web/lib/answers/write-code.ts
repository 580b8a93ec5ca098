// Values as source text: of a shell, of TypeScript, of Python.

const indent = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`);

/** In single quotes, for a POSIX shell. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const name = /^[A-Za-z_$][\w$]*$/;

/** An object literal without quotes where none are needed, in lines of its own. */
export function typeScript(value: unknown, by = 0): string {
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object'))
      return `[${value.map((one) => typeScript(one)).join(', ')}]`;
    return indent(`[\n${value.map((one) => `  ${typeScript(one, 2)},`).join('\n')}\n]`, by);
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([key, one]) => `${name.test(key) ? key : JSON.stringify(key)}: ${typeScript(one, 2)}`,
  );
  const line = `{ ${fields.join(', ')} }`;
  if (line.length <= 72 && !line.includes('\n')) return fields.length === 0 ? '{}' : line;
  return indent(`{\n${fields.map((field) => `  ${field},`).join('\n')}\n}`, by);
}

/** JSON's strings and numbers are Python's; its words are not. */
export function python(value: unknown, by = 0): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object'))
      return `[${value.map((one) => python(one)).join(', ')}]`;
    return indent(`[\n${value.map((one) => `    ${python(one, 4)},`).join('\n')}\n]`, by);
  }
  const fields = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${python(one, 4)}`);
  const line = `{${fields.join(', ')}}`;
  if (line.length <= 76 && !line.includes('\n')) return line;
  return indent(`{\n${fields.map((field) => `    ${field},`).join('\n')}\n}`, by);
}
