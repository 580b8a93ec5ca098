// What the datasets know of personal data: somebody finds it in texts. The rules are in safety/detect.
import type { ExampleBody, Finding } from '../../contracts/dataset.ts';
import { withoutOverlaps } from '../../safety/detect/without-overlaps.ts';
import { fieldsOf } from './example-body.ts';

export type FoundInText = Omit<Finding, 'field'>;
/** For each text what stands in it, in order and without overlaps. */
export type FindPersonalData = (texts: readonly string[]) => Promise<FoundInText[][]>;

/** Names that a model found stay marked where they still stand: rules do not find them again. */
export function withNames(
  findings: readonly Finding[],
  body: ExampleBody,
  known: readonly Pick<Finding, 'type' | 'text'>[],
): Finding[] {
  const names = [...new Set(known.filter(({ type }) => type === 'person').map(({ text }) => text))];
  if (names.length === 0) return [...findings];
  return fieldsOf(body).flatMap(({ name: field, text }) => {
    const again = names.flatMap((name) =>
      wholeWords(text, name).map((start) => ({
        type: 'person',
        start,
        end: start + name.length,
        text: name,
        certain: false,
      })),
    );
    const here = findings.filter((one) => one.field === field);
    return withoutOverlaps([...here, ...again]).map((one) => ({ ...one, field }));
  });
}

function wholeWords(text: string, words: string): number[] {
  const starts: number[] = [];
  const letter = /[\p{L}\p{N}\p{M}]/u;
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + words.length))
    if (!letter.test(text[at - 1] ?? '') && !letter.test(text[at + words.length] ?? '')) starts.push(at);
  return starts;
}

/** For each example what was found in its fields. */
export async function findIn(find: FindPersonalData, bodies: readonly ExampleBody[]): Promise<Finding[][]> {
  const fields = bodies.map(fieldsOf);
  const found = await find(fields.flatMap((of) => of.map(({ text }) => text)));
  let at = 0;
  return fields.map((of) =>
    of.flatMap(({ name }) => (found[at++] ?? []).map((finding) => ({ ...finding, field: name }))),
  );
}
