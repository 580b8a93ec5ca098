// Puts [EMAIL], [PHONE], ... in the place of what was found: the same value has the same mark all through an example, and
// several values of a type are numbered, on from those that stand there from an earlier time.
import type { ExampleBody, Finding } from '../../contracts/dataset.ts';
import { fieldsOf, withFields } from './example-body.ts';

/** How many values of a type the marks in a text stand for. */
function marksOf(text: string, name: string): number {
  let most = 0;
  for (const [, number] of text.matchAll(new RegExp(`\\[${name}(?:_(\\d+))?\\]`, 'g')))
    most = Math.max(most, Number(number ?? 1));
  return most;
}

/** @param findings where they stand in this very body */
export function redactBody(body: ExampleBody, findings: readonly Finding[]): ExampleBody {
  const whole = fieldsOf(body)
    .map(({ text }) => text)
    .join('\n');
  // A text may hold a hundred thousand of them: each of these is looked at once.
  const byType = Map.groupBy(findings, ({ type }) => type);
  const marks = new Map<string, Map<string, string>>();
  for (const [type, found] of byType) {
    const values = [...new Set(found.map(({ text }) => text))];
    const name = type.toUpperCase().replace(/\W/g, '_');
    const before = marksOf(whole, name);
    const isOne = before + values.length === 1;
    marks.set(
      type,
      new Map(values.map((value, index) => [value, isOne ? `[${name}]` : `[${name}_${before + index + 1}]`])),
    );
  }
  const byField = Map.groupBy(findings, ({ field }) => field);
  return withFields(body, ({ name, text }) => {
    const parts: string[] = [];
    let at = 0;
    for (const one of (byField.get(name) ?? []).toSorted((a, b) => a.start - b.start)) {
      if (one.start < at || text.slice(one.start, one.end) !== one.text) continue;
      parts.push(text.slice(at, one.start), marks.get(one.type)?.get(one.text) ?? '');
      at = one.end;
    }
    return parts.join('') + text.slice(at);
  });
}
