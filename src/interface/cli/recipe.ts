// A recipe: a whole learning loop as one YAML (or JSON) file: what is learned, from which examples, and what is asked
// before the result answers in place of another model.
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { classifierInputSchema } from '../../contracts/classifier.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { gateSchema, judgeSchema } from '../../contracts/evaluation.ts';
import { trainingInputSchema } from '../../contracts/training.ts';

const dataset = z
  .string()
  .min(1)
  .describe('The name of a dataset, or a file beside the recipe, which becomes one of the recipe’s name');

const evaluationSchema = z.strictObject({
  dataset: dataset.optional().describe('Default: the test split of the training’s own'),
  judge: judgeSchema,
  limit: z.number().int().positive().optional(),
  against: z.string().optional().describe('Default: what the alias names, else the base'),
});

export const trainingRecipeSchema = trainingInputSchema
  .omit({ dataset: true, wire: true })
  .extend({
    dataset,
    evaluation: evaluationSchema.optional(),
    gate: gateSchema.optional(),
    alias: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('Is to name the tuned model when the gate lets it through'),
    share: z.number().gt(0).max(1).optional(),
  })
  .strict()
  .refine(({ alias, evaluation }) => alias === undefined || evaluation !== undefined, {
    path: ['alias'],
    error: 'an alias moves only after an evaluation: add one',
  });
export type TrainingRecipe = z.infer<typeof trainingRecipeSchema>;

const classifierRecipeSchema = classifierInputSchema
  .omit({ dataset: true })
  .extend({ dataset, method: z.literal('classifier') })
  .strict();
export type ClassifierRecipe = z.infer<typeof classifierRecipeSchema>;

export type Recipe = TrainingRecipe | ClassifierRecipe;

export const isClassifier = (recipe: Recipe): recipe is ClassifierRecipe => recipe.method === 'classifier';

/** @throws AtelierError not_found, invalid_request (every fault, with its line or field) */
export function readRecipe(file: string): Recipe {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AtelierError('not_found', `There is no recipe ${file} that can be read.`, {
      data: { file },
      cause,
    });
  }
  return parseRecipe(file, source);
}

export function parseRecipe(file: string, source: string): Recipe {
  const document = parseDocument(source, { prettyErrors: true });
  if (document.errors.length > 0)
    throw broken(
      file,
      document.errors.map(({ message }) => message.trim()),
    );
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const isForClassifier =
    typeof value === 'object' && value !== null && 'method' in value && value.method === 'classifier';
  const read = (isForClassifier ? classifierRecipeSchema : trainingRecipeSchema).safeParse(value);
  if (read.success) return read.data;
  throw broken(
    file,
    read.error.issues.map(({ path, message }) => `${path.join('.') || 'the recipe'}: ${message}`),
  );
}

const broken = (file: string, faults: readonly string[]) =>
  new AtelierError('invalid_request', `${file} is no recipe: ${faults.join(' | ')}`, {
    data: { file, faults },
  });
