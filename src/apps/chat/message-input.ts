// What a person may send: checked before anything else happens.
import { type MessagePart, writtenText } from '../../contracts/conversation.ts';
import { AtelierError } from '../../contracts/errors.ts';

const MESSAGE_BYTES = 8 * 1024 * 1024;
const MOST_PARTS = 64;
const TITLE_CHARACTERS = 200;

/** @throws AtelierError invalid_request, payload_too_large */
export function checkParts(parts: readonly MessagePart[]): void {
  if (parts.length > MOST_PARTS) {
    throw new AtelierError(
      'invalid_request',
      `A message has at most ${MOST_PARTS} parts; this one has ${parts.length}.`,
      {
        data: { parts: parts.length, limit: MOST_PARTS },
      },
    );
  }
  const wrong = parts.find((part) => part.type !== 'text' && part.type !== 'file');
  if (wrong !== undefined) {
    throw new AtelierError(
      'invalid_request',
      'A person’s message has text and file parts only, nothing else.',
      {
        data: { type: wrong.type },
      },
    );
  }
  if (!parts.some((part) => part.type === 'file' || writtenText(part).trim() !== '')) {
    throw new AtelierError('invalid_request', 'The message is empty. Write something or attach a file.');
  }
  checkSize(parts);
}

/** @throws AtelierError payload_too_large */
export function checkSize(parts: readonly MessagePart[], system = ''): void {
  const bytes = parts.reduce(
    (sum, part) => sum + Buffer.byteLength(writtenText(part)),
    Buffer.byteLength(system),
  );
  if (bytes <= MESSAGE_BYTES) return;
  throw new AtelierError(
    'payload_too_large',
    `The text has ${bytes} bytes; the limit is ${MESSAGE_BYTES}. Attach a shorter part of it.`,
    { data: { bytes, limit: MESSAGE_BYTES } },
  );
}

/** One line without control characters; null when nothing is left. */
export function cleanPersonTitle(title: string): string | null {
  const line = title.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line === '' ? null : Array.from(line).slice(0, TITLE_CHARACTERS).join('');
}
