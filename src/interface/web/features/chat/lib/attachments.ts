// Text files that a person attaches: read in the browser and sent whole, or refused with a reason.
import type { MessagePart } from '../../../../../contracts/conversation.ts';
import { newId } from '../../../lib/new-id.ts';
import { decodeText } from './decode-text.ts';

export interface Attachment {
  id: string;
  name: string;
  mediaType: string;
  text: string;
  size: number;
}

export interface Refusal {
  name: string;
  reason: 'binary' | 'too-large' | 'empty' | 'unreadable';
}

/** Beyond this a file does not fit any context that we know of. */
export const MAX_ATTACHMENT_BYTES = 1_000_000;

export async function readAttachment(file: File): Promise<Attachment | Refusal> {
  if (file.size > MAX_ATTACHMENT_BYTES) return { name: file.name, reason: 'too-large' };
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    // A folder, or a file that went away between the drop and the reading.
    return { name: file.name, reason: 'unreadable' };
  }
  if (bytes.length === 0) return { name: file.name, reason: 'empty' };
  const decoded = decodeText(bytes);
  if (decoded.kind === 'binary') return { name: file.name, reason: 'binary' };
  return {
    id: newId(),
    name: file.name.slice(0, 255) || 'text.txt',
    mediaType: file.type.startsWith('text/') ? file.type : 'text/plain',
    text: decoded.text,
    size: bytes.length,
  };
}

/** A text that was read already, such as that of a document. */
export function attachmentOf(name: string, text: string): Attachment | Refusal {
  const size = new TextEncoder().encode(text).length;
  if (size > MAX_ATTACHMENT_BYTES) return { name, reason: 'too-large' };
  if (text.trim() === '') return { name, reason: 'empty' };
  return { id: newId(), name: name.slice(0, 255), mediaType: 'text/plain', text, size };
}

/** Documents first, the question after them. */
export function partsToSend(text: string, attachments: readonly Attachment[]): MessagePart[] {
  const files = attachments.map(
    ({ name, mediaType, text: content }): MessagePart => ({ type: 'file', name, mediaType, text: content }),
  );
  return text.trim() === '' ? files : [...files, { type: 'text', text }];
}

export function isRefusal(result: Attachment | Refusal): result is Refusal {
  return 'reason' in result;
}
