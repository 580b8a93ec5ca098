// The typed answer of an agent with an output schema: checked, and what is wrong with it in words for the model.
import { fromJsonSchema } from '../../tools/tool-schema.ts';
import type { StepRecord } from './run-state.ts';

/** How many answers that do not fit a model may give. */
export const MAX_CORRECTIONS = 3;

/** What is wrong; null when it fits. */
export async function checkOutput(schema: Record<string, unknown>, text: string): Promise<string | null> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is no JSON (${error instanceof Error ? error.message : String(error)})`;
  }
  const checked = await fromJsonSchema(schema).validate(value);
  if ('value' in checked) return null;
  return checked.faults
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
}

/** Step number -> what the model is told about the answer that it gave there. */
export async function correctionsOf(
  schema: Record<string, unknown>,
  steps: readonly StepRecord[],
): Promise<Map<number, string>> {
  const corrections = new Map<number, string>();
  for (const step of steps) {
    if (step.calls.length > 0 || step.text === '') continue;
    const faults = await checkOutput(schema, step.text);
    if (faults !== null)
      corrections.set(
        step.number,
        `That answer does not fit: ${faults}. Write it again as JSON that fits this schema: ${JSON.stringify(schema)}`,
      );
  }
  return corrections;
}
