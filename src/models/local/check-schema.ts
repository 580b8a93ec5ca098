// Checks a finished JSON answer against the schema it was asked for, keywords included that no grammar expresses.
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Schema } from './json-grammar.ts';

/** Formats are left to the grammar: this checks structure and ranges. */
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });

/** What is wrong with `text`, a sentence each; empty when it is valid. */
export function schemaFaults(text: string, schema: Schema): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [`it is no JSON (${error instanceof Error ? error.message : String(error)})`];
  }
  if (schema === true) return [];
  // A schema may name any dialect or id; neither must be looked up or collide with an earlier call's.
  const {
    $schema: _schema,
    $id: _id,
    ...plain
  } = schema === false ? { not: {} } : (schema as Record<string, unknown>);
  const validate = ajv.compile(plain);
  const valid = validate(value);
  ajv.removeSchema(plain);
  return valid
    ? []
    : (validate.errors ?? []).map(
        (error) => `${error.instancePath || 'the answer'} ${error.message ?? 'is wrong'}`,
      );
}
