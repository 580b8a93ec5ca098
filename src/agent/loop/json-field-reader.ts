// Reads the text of one field out of a JSON object while it is still being written, so that an answer within JSON can
// be shown as it comes. What it is given is JSON by construction (a grammar wrote it); anything else gives no text.

export interface JsonFieldReader {
  /** The part of the field's text that `chunk` brought. */
  push(chunk: string): string;
}

const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '"': '"',
  '\\': '\\',
  '/': '/',
};

/** Only a field of the outermost object counts, and only when its value is a string. */
export function createJsonFieldReader(field: string): JsonFieldReader {
  let depth = 0;
  let inString = false;
  let isKey = false;
  let key = '';
  let current = '';
  let expectsKey = false;
  /** What an escape sequence has so far; null: none is open. */
  let escaping: string | null = null;

  /** The characters that this one completes within a string. */
  function decode(character: string): string {
    if (escaping === null) {
      if (character !== '\\') return character;
      escaping = '';
      return '';
    }
    escaping += character;
    if (escaping[0] !== 'u') {
      escaping = null;
      return escapes[character] ?? character;
    }
    if (escaping.length < 5) return '';
    const code = Number.parseInt(escaping.slice(1), 16);
    escaping = null;
    return Number.isNaN(code) ? '' : String.fromCharCode(code);
  }

  function structure(character: string): void {
    if (character === '{' || character === '[') {
      depth += 1;
      expectsKey = depth === 1 && character === '{';
    } else if (character === '}' || character === ']') depth -= 1;
    else if (character === ',' && depth === 1) expectsKey = true;
    else if (character === ':' && depth === 1) expectsKey = false;
    else if (character === '"') {
      inString = true;
      isKey = depth === 1 && expectsKey;
      if (isKey) current = '';
    }
  }

  return {
    push(chunk) {
      let text = '';
      for (const character of chunk) {
        if (!inString) {
          structure(character);
          continue;
        }
        if (character === '"' && escaping === null) {
          inString = false;
          if (isKey) key = current;
          continue;
        }
        const decoded = decode(character);
        if (isKey) current += decoded;
        else if (depth === 1 && key === field) text += decoded;
      }
      return text;
    },
  };
}
