// One row of the file as the input of an app: cells become what the field wants.
import type { AppBatch } from '../../contracts/app.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { Table } from './read-table.ts';

export interface FieldSchema {
  type?: string | string[];
  anyOf?: FieldSchema[];
  enum?: unknown[];
  properties?: unknown;
  additionalProperties?: unknown;
}
export type InputFields = Record<string, FieldSchema> | null;

/** Null: the app takes anything. */
export function fieldsOf(inputSchema: Record<string, unknown>): InputFields {
  const { properties } = inputSchema;
  return typeof properties === 'object' && properties !== null ? (properties as InputFields) : null;
}

function typesOf(schema: FieldSchema | undefined): string[] {
  if (schema === undefined) return ['string'];
  if (schema.anyOf) return schema.anyOf.flatMap(typesOf);
  return schema.type === undefined ? ['string'] : [schema.type].flat();
}

/** An empty cell of a field that is no text is left out, so that the field's default counts. */
function cellValue(cell: string, schema: FieldSchema | undefined): unknown {
  const types = typesOf(schema);
  const text = cell.trim();
  const isText = types.includes('string');
  if (text === '' && (!isText || schema?.enum !== undefined)) return undefined;
  if ((types.includes('number') || types.includes('integer')) && !isText) {
    const number = Number(/^-?\d+,\d+$/.test(text) ? text.replace(',', '.') : text);
    return Number.isFinite(number) ? number : cell;
  }
  if (types.includes('boolean') && !isText) {
    if (/^(true|yes|oui|vrai|1)$/i.test(text)) return true;
    if (/^(false|no|non|faux|0)$/i.test(text)) return false;
  }
  if ((types.includes('array') || types.includes('object')) && /^[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // The app's own check then says what it wanted.
      return cell;
    }
  }
  return schema?.enum === undefined ? cell : text;
}

export function rowInput(
  row: readonly string[],
  header: readonly string[],
  { columns, fixed }: Pick<AppBatch, 'columns' | 'fixed'>,
  fields: InputFields,
): Record<string, unknown> {
  const input: Record<string, unknown> = { ...fixed };
  for (const [field, column] of Object.entries(columns)) {
    const value = cellValue(row[header.indexOf(column)] ?? '', fields?.[field]);
    if (value !== undefined) input[field] = value;
  }
  return input;
}

/** @throws AtelierError invalid_request naming every column and field that is missing */
export function checkColumns(
  table: Table,
  { columns, fixed }: Pick<AppBatch, 'columns' | 'fixed'>,
  fields: InputFields,
  fileName: string,
): void {
  const faults: string[] = [];
  if (Object.keys(columns).length === 0) faults.push('no field of the app is given a column');
  for (const [field, column] of Object.entries(columns)) {
    if (fields !== null && !Object.hasOwn(fields, field)) faults.push(`the app has no field ${field}`);
    if (!table.header.includes(column)) faults.push(`there is no column "${column}"`);
    if (Object.hasOwn(fixed, field)) faults.push(`the field ${field} has a column and a fixed value`);
  }
  for (const field of Object.keys(fixed))
    if (fields !== null && !Object.hasOwn(fields, field)) faults.push(`the app has no field ${field}`);
  if (faults.length === 0) return;
  throw new AtelierError(
    'invalid_request',
    `${fileName} cannot be run over: ${faults.join('; ')}. Its columns are ${table.header.join(', ')}${fields === null ? '' : `; the fields are ${Object.keys(fields).join(', ')}`}.`,
    { data: { columns: table.header, fields: fields === null ? null : Object.keys(fields), faults } },
  );
}
