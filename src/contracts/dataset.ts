// Datasets: examples that are reviewed, frozen in versions, split by hash; what training learns from and evaluation asks.
import { z } from 'zod';

/** chat: conversations whose assistant turns are wanted. preference: a better and a worse answer. labels: text and class. */
export const datasetKinds = ['chat', 'preference', 'labels'] as const;
export type DatasetKind = (typeof datasetKinds)[number];

export const splits = ['train', 'validation', 'test'] as const;
export type Split = (typeof splits)[number];

export const exampleMessageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string().max(1_000_000),
  weight: z
    .union([z.literal(0), z.literal(1)])
    .optional()
    .describe('Of an assistant turn: 0 is read and not learned. Default 1'),
});
export type ExampleMessage = z.infer<typeof exampleMessageSchema>;

export const chatExampleSchema = z.object({
  kind: z.literal('chat'),
  messages: z.array(exampleMessageSchema).min(1).describe('The last one is the wanted answer'),
});
export const preferenceExampleSchema = z.object({
  kind: z.literal('preference'),
  messages: z.array(exampleMessageSchema).min(1).describe('The prompt; the last one is the person’s'),
  chosen: z.string().max(1_000_000),
  rejected: z.string().max(1_000_000),
});
export const labelExampleSchema = z.object({
  kind: z.literal('labels'),
  text: z.string().max(1_000_000),
  label: z.string().min(1).max(200),
});
export const exampleBodySchema = z.discriminatedUnion('kind', [
  chatExampleSchema,
  preferenceExampleSchema,
  labelExampleSchema,
]);
export type ExampleBody = z.infer<typeof exampleBodySchema>;
export type ChatExample = z.infer<typeof chatExampleSchema>;
export type PreferenceExample = z.infer<typeof preferenceExampleSchema>;

/** Where an example came from; every field that is known. */
export const exampleSourceSchema = z.object({
  kind: z.enum(['rating', 'trace', 'file', 'person', 'model']),
  traceId: z.string().optional(),
  spanId: z.string().optional(),
  userId: z.string().optional().describe('Whose conversation it was'),
  model: z.string().optional().describe('Which wrote the answer'),
  file: z.string().optional(),
  line: z.number().int().optional(),
  namesReadBy: z.string().optional().describe('Local model that has looked for names of people in this text'),
});
export type ExampleSource = z.infer<typeof exampleSourceSchema>;

/** Personal data that a rule or a model found; `start` and `end` count UTF-16 units of the field. */
export const findingSchema = z.object({
  type: z.string().describe('email, phone, iban, card, nir, person, ...'),
  field: z.string().describe('Where: messages.0, chosen, text, ...'),
  start: z.number().int(),
  end: z.number().int(),
  text: z.string(),
  certain: z.boolean().describe('A check digit or an exact form proves it'),
});
export type Finding = z.infer<typeof findingSchema>;

/** A kind of personal data, and whether it is found here. */
export const detectorSchema = z.object({
  type: z.string().describe('As in a finding'),
  how: z.string().describe('What it goes by, in words'),
  finds: z.boolean().describe('False: nothing of this type is found here, whatever the texts hold'),
});
export type Detector = z.infer<typeof detectorSchema>;

/** How far the search for names of people has come, which only a model can do. */
export const nameSearchSchema = z.object({
  total: z.number().int().describe('Examples of the dataset'),
  models: z
    .array(
      z.object({
        model: z.string(),
        read: z.number().int().describe('Examples in whose present text it has looked'),
        small: z.boolean().describe('Of less than a billion weights: not to be relied on'),
        minutes: z.number().nullable().describe('About how long the rest takes; null before it was measured'),
      }),
    )
    .describe('Those of this machine: the texts are never sent to another'),
});
export type NameSearch = z.infer<typeof nameSearchSchema>;

export const exampleSchema = z.object({
  id: z.string(),
  datasetId: z.string(),
  body: exampleBodySchema,
  split: z.enum(splits),
  status: z
    .enum(['pending', 'approved', 'rejected'])
    .describe(
      'Only approved ones go into a version. What a person wrote or brought in a file is approved, what was collected waits',
    ),
  consent: z.boolean().describe('Whether the person whose words these are agreed to their use'),
  source: exampleSourceSchema,
  findings: z.array(findingSchema).describe('Personal data in it that nobody has redacted yet'),
  duplicateOf: z
    .string()
    .nullable()
    .describe(
      'Of one to train on: name of an evaluation set that holds the same question; no version has it',
    ),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Example = z.infer<typeof exampleSchema>;

export const datasetCountsSchema = z.object({
  total: z.number().int(),
  pending: z.number().int(),
  approved: z.number().int(),
  rejected: z.number().int(),
  withFindings: z.number().int(),
  withoutConsent: z.number().int(),
  splits: z.record(z.enum(splits), z.number().int()).describe('Of the approved ones'),
});

export const datasetVersionSchema = z.object({
  datasetId: z.string(),
  version: z.number().int().positive(),
  sha256: z.string().describe('Of its JSON lines: the same examples are the same hash'),
  examples: z.number().int(),
  splits: z.record(z.enum(splits), z.number().int()),
  leftOut: z
    .object({
      pending: z.number().int().describe('Not reviewed yet'),
      duplicates: z.number().int().describe('An evaluation set holds the question'),
      withoutConsent: z.number().int().describe('The person took their consent back'),
    })
    .optional()
    .describe('What was not frozen, and why; those that were rejected are not counted'),
  note: z.string(),
  userId: z.string(),
  createdAt: z.number(),
});
export type DatasetVersion = z.infer<typeof datasetVersionSchema>;

export const datasetSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(datasetKinds),
  purpose: z
    .enum(['training', 'evaluation'])
    .describe(
      'What training learns from is kept apart from evaluation sets: the same question is in one only',
    ),
  description: z.string(),
  shares: z
    .record(z.enum(splits), z.number().min(0).max(1))
    .describe('Of the splits; an example’s hash decides which it is in, and keeps deciding so'),
  counts: datasetCountsSchema,
  versions: z.array(datasetVersionSchema).describe('Newest first'),
  userId: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Dataset = z.infer<typeof datasetSchema>;

export const datasetInputSchema = z.object({
  name: z.string().trim().min(1).max(120),
  kind: z.enum(datasetKinds),
  purpose: z.enum(['training', 'evaluation']).default('training'),
  description: z.string().max(2000).default(''),
  shares: z
    .record(z.enum(splits), z.number().min(0).max(1))
    .default({ train: 0.8, validation: 0.1, test: 0.1 })
    .refine(({ train, validation, test }) => Math.abs(train + validation + test - 1) < 1e-9, 'must sum to 1'),
});
export type DatasetInput = z.input<typeof datasetInputSchema>;

/** A version that is meant: of training, of evaluation. Without a number the newest. */
export const datasetChoiceSchema = z.object({
  id: z.string(),
  version: z.number().int().positive().optional(),
});
export type DatasetChoice = z.infer<typeof datasetChoiceSchema>;

/** A line of a file, or a trace, that gave no example, and why. */
export const importFaultSchema = z.object({
  line: z.number().int().nullable(),
  code: z
    .string()
    .describe(
      'A stable word such as wrong_role, empty, too_long, not_json, wrong_encoding; the page words it',
    ),
  message: z.string(),
});
export type ImportFault = z.infer<typeof importFaultSchema>;

export const importReportSchema = z.object({
  added: z.number().int(),
  known: z.number().int().describe('The same example was there already'),
  duplicates: z.number().int().describe('Held back: an evaluation set holds the question'),
  heldBackBy: z.array(z.string()).optional().describe('Names of these evaluation sets'),
  withoutConsent: z.number().int(),
  trimmedLabels: z
    .number()
    .int()
    .optional()
    .describe('Labels of a table that had blanks at their ends, which were taken off'),
  faults: z.array(importFaultSchema).describe('At most the first hundred'),
  faultCount: z.number().int(),
  shape: z
    .string()
    .nullable()
    .describe(
      'Of a file: openai, openai-preference, sharegpt, alpaca, prompt-completion, prompt-preference, csv, labels',
    ),
});
export type ImportReport = z.infer<typeof importReportSchema>;
