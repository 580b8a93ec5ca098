// A classifier in seconds: embeddings and a calibrated linear head, served by the typed decision call as classifiers/{name}.
import { z } from 'zod';
import { datasetChoiceSchema } from './dataset.ts';
import { intervalSchema } from './evaluation.ts';
import { noticeSchema } from './notice.ts';

export const classifierInputSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'small letters, digits, dots and dashes, at most 63'),
  dataset: datasetChoiceSchema,
  embeddingModel: z.string().nullable().default(null).describe('null: the one that documents use'),
  strength: z
    .number()
    .positive()
    .nullable()
    .default(1)
    .describe(
      'Inverse of the L2 penalty: C of logistic regression, on vectors scaled to a mean squared distance of 1 from their mean; null: chosen by cross-validation',
    ),
  folds: z.number().int().min(2).max(20).default(5),
  seed: z.number().int().min(0).default(1),
});
export type ClassifierInput = z.infer<typeof classifierInputSchema>;

export const classifierReportSchema = z.object({
  examples: z.number().int(),
  strength: z.number(),
  temperature: z.number().describe('Fitted on predictions of folds that had not seen the example'),
  crossValidation: z.object({
    accuracy: intervalSchema,
    macroF1: intervalSchema,
    logLoss: z.number(),
    calibrationError: z.number().describe('Expected calibration error, ten bins, after the temperature'),
    calibrationErrorBefore: z.number(),
  }),
  test: z
    .object({
      accuracy: intervalSchema,
      macroF1: intervalSchema,
      calibrationError: z.number(),
      examples: z.number().int(),
    })
    .nullable()
    .describe('On the test split, which took no part'),
  perLabel: z.array(
    z.object({
      label: z.string(),
      examples: z.number().int(),
      precision: z.number(),
      recall: z.number(),
      f1: z.number(),
    }),
  ),
  confusion: z
    .array(z.array(z.number().int()))
    .describe(
      'Row: what it is; column: what was said; in the order of the labels. Of the test split, or where there is none of the cross-validation, like the figures by label',
    ),
  seconds: z.object({ embedding: z.number(), fitting: z.number() }),
  notes: z
    .array(noticeSchema)
    .describe('What is odd about the examples, such as a text that stands there under two labels'),
});
export type ClassifierReport = z.infer<typeof classifierReportSchema>;

export const classifierSchema = z.object({
  id: z.string(),
  name: z.string(),
  model: z.string().describe('classifiers/{name}, for the decision call'),
  labels: z.array(z.string()),
  embeddingModel: z.string(),
  dimensions: z.number().int(),
  dataset: z.object({ id: z.string(), version: z.number().int() }),
  report: classifierReportSchema,
  userId: z.string(),
  createdAt: z.number(),
});
export type Classifier = z.infer<typeof classifierSchema>;
