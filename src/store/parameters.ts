// What a statement may carry, made alike for both stores before it leaves the process.
// A value that a driver would bend without a word (undefined, an object, a Date, NaN) is turned or refused here.
import { AtelierError } from '../contracts/errors.ts';

export type Parameter = string | number | bigint | null | Uint8Array;

const LARGEST = 2n ** 63n - 1n;

/**
 * A Date becomes epoch milliseconds, a boolean 0 or 1, and U+0000 in text, which PostgreSQL cannot hold, U+FFFD.
 * @throws AtelierError internal for a value that has no column of its own
 */
export function toParameters(values: readonly unknown[], statement: string): Parameter[] {
  return values.map((value, index) => toParameter(value, index, statement));
}

function toParameter(value: unknown, index: number, statement: string): Parameter {
  if (value === null) return null;
  switch (typeof value) {
    case 'string':
      return value.includes('\u0000') ? value.replaceAll('\u0000', '\ufffd') : value;
    case 'boolean':
      return value ? 1 : 0;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'bigint':
      if (value <= LARGEST && value >= -LARGEST - 1n) return value;
      break;
    case 'object':
      if (value instanceof Uint8Array) return value;
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value.getTime();
      break;
  }
  const shown = typeof value === 'object' ? 'an object' : `${typeof value} ${String(value)}`;
  throw new AtelierError(
    'internal',
    `Parameter ${index + 1} is ${shown}, which no column can hold: ${statement}`,
    {
      data: { index, statement },
    },
  );
}
