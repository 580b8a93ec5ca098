// Puts [EMAIL], [PHONE], ... in the place of what was found: the same value has the same mark all through an example, and
// several values of a type are numbered, on from those that stand there from an earlier time.
import type { ExampleBody, Finding } from '../../contracts/dataset.ts';
import { fieldsOf, withFields } from './example-body.ts';

/** How many values of a type the marks in a text stand for. */
function marksOf(text: string, name: string): number {
  const numbers = [...text.matchAll(new RegExp(`\\[${name}(?:_(\\d+))?\\]`, 'g'))];
  return Math.max(0, ...numbers.map(([, number]) => Number(number ?? 1)));
}

/** @param findings where they stand in this very body */
export function redactBody(body: ExampleBody, findings: readonly Finding[]): ExampleBody {
  const whole = fieldsOf(body)
    .map(({ text }) => text)
    .join('\n');
  const values = new Map<string, string[]>();
  for (const { type, text } of findings) {
    const of = values.get(type) ?? [];
    if (!of.includes(text)) of.push(text);
    values.set(type, of);
  }
  const markOf = ({ type, text }: Finding): string => {
    const of = values.get(type) ?? [];
    const name = type.toUpperCase().replace(/\W/g, '_');
    const before = marksOf(whole, name);
    return before + of.length > 1 ? `[${name}_${before + of.indexOf(text) + 1}]` : `[${name}]`;
  };
  return withFields(body, ({ name, text }) =>
    findings
      .filter((finding) => finding.field === name && text.slice(finding.start, finding.end) === finding.text)
      .sort((a, b) => b.start - a.start)
      .reduce((now, finding) => now.slice(0, finding.start) + markOf(finding) + now.slice(finding.end), text),
  );
}
