// A model's thoughts on their way to a client that keeps no conversation here and back: the field that providers fill
// with an encrypted text holds it encoded. It is the client's own, so there is nothing to hide from it.

const MARK = 'atelier.';

export function packReasoning(text: string): string {
  return MARK + Buffer.from(text, 'utf8').toString('base64url');
}

/** Null for what another provider wrote, which nobody else can read. */
export function unpackReasoning(packed: string): string | null {
  return packed.startsWith(MARK)
    ? Buffer.from(packed.slice(MARK.length), 'base64url').toString('utf8')
    : null;
}
