// What the extractor takes and gives.
import { z } from 'zod';

export const fieldTypes = ['string', 'number', 'date', 'boolean', 'list'] as const;

export const fieldSchema = z.object({
  name: z.string().min(1).max(80).describe('Name of the field'),
  type: z.enum(fieldTypes).default('string').describe('What kind of value it has'),
  description: z.string().max(500).default('').describe('What it is, and how to know it from others'),
});
export type Field = z.infer<typeof fieldSchema>;

export const labelSchema = z.object({
  label: z.string().min(1).max(80).describe('Such as PERSON, PLACE, DRUG'),
  description: z.string().max(500).default('').describe('What belongs under it'),
});
export type Label = z.infer<typeof labelSchema>;

export const extractInputSchema = z
  .object({
    text: z.string().min(1).describe('The text to read, of any length'),
    fields: z.array(fieldSchema).max(40).default([]).describe('One value each: a form to be filled'),
    labels: z.array(labelSchema).max(20).default([]).describe('Every mention of these kinds'),
  })
  .superRefine(({ fields, labels }, context) => {
    if (fields.length === 0 && labels.length === 0)
      context.addIssue({ code: 'custom', path: ['fields'], message: 'name at least one field or one label' });
    for (const [key, names] of [
      ['fields', fields.map(({ name }) => name)],
      ['labels', labels.map(({ label }) => label)],
    ] as const) {
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined)
        context.addIssue({ code: 'custom', path: [key], message: `"${twice}" is there twice` });
    }
  });
export type ExtractInput = z.infer<typeof extractInputSchema>;

const placeShape = {
  text: z.string().describe('As it stands in the text, between start and end'),
  start: z.number().int().describe('Offset in UTF-16 units'),
  end: z.number().int(),
};

export const matchSchema = z.object({
  ...placeShape,
  normal: z
    .union([z.string(), z.number()])
    .nullable()
    .describe('A date as ISO 8601, a number as a number; null where there is no sure one'),
});
export type Match = z.infer<typeof matchSchema>;

const valueSchema = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.string())])
  .nullable()
  .describe('null: not in the text');

export const extractOutputSchema = z.object({
  values: z.record(z.string(), valueSchema).describe('Field to value: the normal form where there is one'),
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.enum(fieldTypes),
      value: valueSchema,
      matches: z.array(matchSchema).describe('Where it stands; of a boolean: what says so'),
    }),
  ),
  entities: z.array(z.object({ label: z.string(), ...placeShape })).describe('In the order of the text'),
});
export type ExtractOutput = z.infer<typeof extractOutputSchema>;
export type FieldResult = ExtractOutput['fields'][number];
export type Entity = ExtractOutput['entities'][number];
