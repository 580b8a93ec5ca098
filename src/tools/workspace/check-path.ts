// Which names a file of a run may have: relative, plain, and the same file on every system.
import { AtelierError } from '../../contracts/errors.ts';

const MAX_DEPTH = 12;
const MAX_SEGMENT_BYTES = 200;

/** Names that Windows gives to devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(\..*)?$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/**
 * The segments of a path within the folder of a run; `.` and an empty path are the folder itself.
 * @throws AtelierError path_refused with the reason
 */
export function checkPath(path: string): string[] {
  const refuse = (why: string): never => {
    throw new AtelierError(
      'path_refused',
      `The path ${JSON.stringify(path)} is not allowed: ${why}. Use a relative path such as notes/summary.md.`,
      { data: { path } },
    );
  };
  if (CONTROL.test(path)) refuse('it has a control character');
  if (!path.isWellFormed()) refuse('it is not well-formed text');
  if (path.includes('\\')) refuse('it has a backslash; folders are parted by /');
  if (path.startsWith('/')) refuse('it is absolute');
  if (/^[a-zA-Z]:/.test(path)) refuse('it names a drive');
  const segments = path
    .normalize('NFC')
    .replace(/\/$/, '')
    .split('/')
    .filter((segment, at, all) => !(segment === '.' && all.length >= 1 && at === 0));
  if (segments.length === 0 || (segments.length === 1 && segments[0] === '')) return [];
  if (segments.length > MAX_DEPTH) refuse(`it is deeper than ${MAX_DEPTH} folders`);
  for (const segment of segments) {
    if (segment === '') refuse('it has an empty part');
    if (segment === '..' || segment === '.') refuse('it has a part that leads elsewhere');
    if (/[<>:"|?*]/.test(segment)) refuse('a part has one of < > : " | ? *');
    if (/[. ]$/.test(segment)) refuse('a part ends with a dot or a blank');
    if (DEVICE.test(segment)) refuse('a part is the name of a device');
    if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES)
      refuse(`a part is longer than ${MAX_SEGMENT_BYTES} bytes`);
  }
  return segments;
}
