// How a redaction reads: the first field with something found, cut around it, before and after.
import type { Example, ExampleBody, Finding } from '../../../../../contracts/dataset.ts';
import { findingsOf } from './example-text.ts';
import { redacted } from './mark-findings.ts';

/** Characters around the first find. */
const AROUND = 90;

function textsOf(body: ExampleBody): [field: string, text: string][] {
  if (body.kind === 'labels')
    return [
      ['text', body.text],
      ['label', body.label],
    ];
  const messages = body.messages.map(({ content }, index): [string, string] => [
    `messages.${index}`,
    content,
  ]);
  return body.kind === 'chat'
    ? messages
    : [...messages, ['chosen', body.chosen], ['rejected', body.rejected]];
}

export interface RedactPreview {
  before: string;
  after: string;
  /** Placed in `before`. */
  findings: Finding[];
}

export function previewOf(
  { body, findings }: Pick<Example, 'body' | 'findings'>,
  types: readonly string[],
): RedactPreview | null {
  const wanted = findings.filter(({ type }) => types.includes(type));
  for (const [field, text] of textsOf(body)) {
    const here = findingsOf(wanted, field).sort((a, b) => a.start - b.start);
    const [first] = here;
    if (first === undefined) continue;
    const from = Math.max(0, first.start - AROUND);
    const to = Math.min(text.length, first.end + AROUND);
    const cut = here
      .filter(({ start, end }) => start >= from && end <= to)
      .map((one) => ({ ...one, start: one.start - from, end: one.end - from }));
    const piece = text.slice(from, to);
    const dots = (words: string) => `${from > 0 ? '…' : ''}${words}${to < text.length ? '…' : ''}`;
    const shift = from > 0 ? 1 : 0;
    return {
      before: dots(piece),
      after: dots(redacted(piece, cut, findings)),
      findings: cut.map((one) => ({ ...one, start: one.start + shift, end: one.end + shift })),
    };
  }
  return null;
}
