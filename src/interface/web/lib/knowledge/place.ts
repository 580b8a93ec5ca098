// A passage's place in a document, as it stands in an address: the offsets of its first and last character.

export interface TextRange {
  /** Offset into the plain text of the document. */
  start: number;
  /** One past the last character. */
  end: number;
}

export function writePlace({ start, end }: TextRange): string {
  return `${start}-${end}`;
}

/** null when the text names no place. */
export function readPlace(text: string | undefined): TextRange | null {
  const match = /^(\d{1,10})-(\d{1,10})$/.exec(text ?? '');
  if (!match) return null;
  const [start, end] = [Number(match[1]), Number(match[2])];
  return end > start ? { start, end } : null;
}
