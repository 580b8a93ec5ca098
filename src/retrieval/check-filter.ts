// What a filter may be, checked before it becomes a condition of a statement: a store takes only so many parameters and so
// deep an expression, and would otherwise fail with words of its own.
import { AtelierError } from '../contracts/errors.ts';
import type { AttributeFilter } from '../contracts/knowledge.ts';

const MOST_CONDITIONS = 200;
const MOST_VALUES = 10_000;
const DEEPEST = 16;

const refuse = (why: string) =>
  new AtelierError('invalid_request', `filter: ${why}.`, { data: { param: 'filter' } });

/** @throws AtelierError invalid_request */
export function checkFilter(filter: AttributeFilter): void {
  let conditions = 0;
  let values = 0;
  const open: { part: AttributeFilter; depth: number }[] = [{ part: filter, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { part, depth } = next;
    if (++conditions > MOST_CONDITIONS)
      throw refuse(
        `there are more than ${MOST_CONDITIONS} conditions; put the values of one key into an "in"`,
      );
    if (depth > DEEPEST) throw refuse(`conditions lie more than ${DEEPEST} deep`);
    if ('filters' in part) for (const inner of part.filters) open.push({ part: inner, depth: depth + 1 });
    else {
      const given = Array.isArray(part.value) ? part.value : [part.value];
      values += given.length;
      if (values > MOST_VALUES) throw refuse(`there are more than ${MOST_VALUES} values`);
      for (const text of [part.key, ...given])
        if (typeof text === 'string' && !isStorable(text))
          throw refuse('a key or a value holds a NUL character or half of a letter');
    }
  }
}

/** JSON in PostgreSQL holds neither U+0000 nor half of a surrogate pair. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');
