// Names of documents: relative paths that stay inside their collection, whoever wrote them.
import { AtelierError } from '../contracts/errors.ts';
import { containedName } from './parse/zip-walk.ts';

const LONGEST = 1024;

/** @throws AtelierError path_refused */
export function cleanPath(path: string): string {
  // The same name typed on two systems is one name: letters with their accents, no control characters.
  const plain = path
    .normalize('NFC')
    .replace(/\p{Cc}/gu, '')
    .trim();
  const inside = containedName(plain);
  if (inside !== null && inside.length <= LONGEST && !path.includes('\0')) return inside;
  throw new AtelierError(
    'path_refused',
    `${JSON.stringify(path.slice(0, 200))} is no path of a document. Give a relative path of at most ${LONGEST} characters that does not lead upwards.`,
    { data: { path: path.slice(0, 200) } },
  );
}
