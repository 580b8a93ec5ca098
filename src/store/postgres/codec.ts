// PostgreSQL's values as SQLite returns them, so that a service sees one kind of row on both stores.
import type { CustomTypesConfig } from 'pg';

const oid = { bool: 16, int8: 20, numeric: 1700 };

/** Integers come as numbers; one beyond 2^53 comes as a bigint rather than as a wrong number. */
function readInteger(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** A sum of integers is numeric in PostgreSQL; an average has a fraction. */
function readNumeric(text: string): number | bigint {
  return /^-?\d+$/.test(text) ? readInteger(text) : Number(text);
}

export function createCodec(fallback: CustomTypesConfig): CustomTypesConfig {
  const parsers = new Map<number, (text: string) => unknown>([
    [oid.bool, (text) => (text === 't' ? 1 : 0)],
    [oid.int8, readInteger],
    [oid.numeric, readNumeric],
  ]);
  return {
    getTypeParser(id, format) {
      const own = format === 'binary' ? undefined : parsers.get(id);
      return own ?? fallback.getTypeParser(id, format);
    },
  };
}
