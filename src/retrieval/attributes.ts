// What a person or a program hangs on a document or a collection, checked before it is stored.
import { AtelierError } from '../contracts/errors.ts';
import { type Attributes, attributesSchema } from '../contracts/knowledge.ts';
import { isStorable } from './check-filter.ts';

const MOST = 16;

/** @throws AtelierError invalid_request */
export function checkAttributes(attributes: Attributes): Attributes {
  const parsed = attributesSchema.safeParse(attributes);
  const unstorable = Object.entries(attributes).find(
    ([key, value]) => !isStorable(key) || (typeof value === 'string' && !isStorable(value)),
  );
  const faults = parsed.success
    ? Object.keys(attributes).length > MOST
      ? [`there are ${Object.keys(attributes).length}, and at most ${MOST} are allowed`]
      : []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (unstorable) faults.push(`${JSON.stringify(unstorable[0])} holds a NUL character or half of a letter`);
  if (faults.length === 0) return attributes;
  throw new AtelierError('invalid_request', `The attributes cannot be stored: ${faults.join(' | ')}.`, {
    data: { faults },
  });
}
