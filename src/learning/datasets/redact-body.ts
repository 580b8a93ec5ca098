// Puts [EMAIL], [PHONE], ... in the place of what was found: the same value has the same mark all through an example, and
// several values of a type are numbered.
import type { ExampleBody, Finding } from '../../contracts/dataset.ts';
import { withFields } from './example-body.ts';

/** @param findings where they stand in this very body */
export function redactBody(body: ExampleBody, findings: readonly Finding[]): ExampleBody {
  const values = new Map<string, string[]>();
  for (const { type, text } of findings) {
    const of = values.get(type) ?? [];
    if (!of.includes(text)) of.push(text);
    values.set(type, of);
  }
  const markOf = ({ type, text }: Finding): string => {
    const of = values.get(type) ?? [];
    const name = type.toUpperCase();
    return of.length > 1 ? `[${name}_${of.indexOf(text) + 1}]` : `[${name}]`;
  };
  return withFields(body, ({ name, text }) =>
    findings
      .filter((finding) => finding.field === name && text.slice(finding.start, finding.end) === finding.text)
      .sort((a, b) => b.start - a.start)
      .reduce((now, finding) => now.slice(0, finding.start) + markOf(finding) + now.slice(finding.end), text),
  );
}
