// What the datasets know of personal data: somebody finds it in texts. The rules are in safety/detect.
import type { ExampleBody, Finding } from '../../contracts/dataset.ts';
import { fieldsOf } from './example-body.ts';

export type FoundInText = Omit<Finding, 'field'>;
/** For each text what stands in it, in order and without overlaps. */
export type FindPersonalData = (texts: readonly string[]) => Promise<FoundInText[][]>;

/** For each example what was found in its fields. */
export async function findIn(find: FindPersonalData, bodies: readonly ExampleBody[]): Promise<Finding[][]> {
  const fields = bodies.map(fieldsOf);
  const found = await find(fields.flatMap((of) => of.map(({ text }) => text)));
  let at = 0;
  return fields.map((of) =>
    of.flatMap(({ name }) => (found[at++] ?? []).map((finding) => ({ ...finding, field: name }))),
  );
}
