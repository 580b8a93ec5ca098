// Attributes as a person writes them, one a line: `year: 2026`. Numbers and true or false are what they look like.
import { type Attributes, attributesSchema } from '../../../../../contracts/knowledge.ts';

export function writeAttributes(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, value]) => {
      // A text that looks like a number keeps its quotes, so that it stays a text.
      const quoted = typeof value === 'string' && typeof read(value) !== 'string';
      return `${key}: ${quoted ? JSON.stringify(value) : value}`;
    })
    .join('\n');
}

function read(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+([.,]\d+)?$/.test(text)) return Number(text.replace(',', '.'));
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}

/** The attributes, or the first line that is none. */
export function readAttributes(text: string): { attributes: Attributes } | { wrong: string } {
  const attributes: Attributes = {};
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const key = line.slice(0, Math.max(0, colon)).trim();
    const value = line.slice(colon + 1).trim();
    if (key === '' || value === '') return { wrong: line.trim() };
    attributes[key] = read(value);
    if (!attributesSchema.safeParse({ [key]: attributes[key] }).success) return { wrong: line.trim() };
  }
  return { attributes };
}
