// An output as text to be copied: the one text that it is about, or its JSON.
import { isObject } from '../../../lib/json-schema.ts';

const written = ['text', 'answer', 'summary', 'translation', 'content', 'code', 'result'] as const;

export function plainText(output: unknown, streamed: string): string {
  if (typeof output === 'string') return output;
  if (isObject(output)) {
    const name = written.find((one) => typeof output[one] === 'string');
    if (name !== undefined) return String(output[name]);
  }
  return output === undefined ? streamed : JSON.stringify(output, null, 2);
}
