// Signatures of thinking. Anthropic's prove that its model wrote the text; clients only carry them back. Thinking of other
// models gets one of ours, which says where it came from and proves nothing, so none is ever checked.
import { createHash } from 'node:crypto';

const OWN = 'atelier.';

export const signatureOf = (thinking: string): string =>
  OWN + createHash('sha256').update(thinking).digest('base64url');

export const isOwnSignature = (signature: string): boolean => signature.startsWith(OWN);
