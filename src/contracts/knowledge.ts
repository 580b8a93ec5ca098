// Knowledge: collections of documents, their state while they are taken in, and what a search finds in them.
import { z } from 'zod';
import { boxSchema, documentKinds, documentWarningSchema } from './document.ts';
import { errorBodySchema } from './errors.ts';
import { noticeSchema } from './notice.ts';

/** What a person or a program hangs on a document, to filter by (at most 16, as the OpenAI wire has it). */
export const attributesSchema = z.record(
  z.string().min(1).max(64),
  z.union([z.string().max(512), z.number(), z.boolean()]),
);
export type Attributes = z.infer<typeof attributesSchema>;

/** The filter of the OpenAI vector-store wire. */
export type AttributeFilter =
  | {
      type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte';
      key: string;
      value: string | number | boolean;
    }
  | { type: 'in' | 'nin'; key: string; value: (string | number | boolean)[] }
  | { type: 'and' | 'or'; filters: AttributeFilter[] };

const scalar = z.union([z.string(), z.number(), z.boolean()]);
export const attributeFilterSchema: z.ZodType<AttributeFilter> = z.lazy(() =>
  z.union([
    z.object({ type: z.enum(['eq', 'ne', 'gt', 'gte', 'lt', 'lte']), key: z.string(), value: scalar }),
    z.object({ type: z.enum(['in', 'nin']), key: z.string(), value: z.array(scalar) }),
    z.object({ type: z.enum(['and', 'or']), filters: z.array(attributeFilterSchema) }),
  ]),
);

export const collectionSchema = z.object({
  id: z.string().describe('col_...; the vector-store wire shows it as vs_...'),
  name: z.string(),
  description: z.string(),
  embeddingModel: z
    .string()
    .nullable()
    .describe('provider/name; null before the first document, lexical search only'),
  attributes: attributesSchema,
  documents: z.object({
    total: z.number().int(),
    ready: z.number().int(),
    waiting: z.number().int().describe('Queued or being read'),
    failed: z.number().int(),
  }),
  passages: z.number().int(),
  sizeBytes: z.number().describe('Of the originals'),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Collection = z.infer<typeof collectionSchema>;

export const documentStatuses = ['queued', 'reading', 'ready', 'failed', 'cancelled'] as const;

export const documentSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('upload') }),
  z.object({ kind: z.literal('folder'), root: z.string().describe('The folder that was named') }),
  z.object({ kind: z.literal('zip'), archive: z.string().describe('Name of the archive') }),
  z.object({ kind: z.literal('url'), url: z.string() }),
]);
export type DocumentSource = z.infer<typeof documentSourceSchema>;

export const knowledgeDocumentSchema = z.object({
  id: z.string(),
  collectionId: z.string(),
  path: z.string().describe('Unique within the collection: relative path, file name, or address'),
  source: documentSourceSchema,
  status: z.enum(documentStatuses),
  error: errorBodySchema.nullable().describe('Why it failed, with the next step'),
  warnings: z.array(documentWarningSchema),
  kind: z.enum(documentKinds).nullable(),
  title: z.string(),
  language: z.string().nullable(),
  pageCount: z.number().int().nullable(),
  scanPages: z.number().int().describe('Pages that are only pictures: not read yet'),
  passages: z.number().int(),
  sizeBytes: z.number(),
  sha256: z.string().describe('Of the original'),
  attributes: attributesSchema,
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type KnowledgeDocument = z.infer<typeof knowledgeDocumentSchema>;

/** A found passage: enough to show it, to read it and to open it. */
export const searchHitSchema = z.object({
  rank: z.number().int().describe('From 1'),
  score: z.number().describe('Fused, higher is better; comparable within one search only'),
  scores: z.object({
    lexical: z.number().nullable().describe('BM25; null when it was not among the lexical hits'),
    vector: z.number().nullable().describe('Cosine; null when it was not among the vector hits'),
    rerank: z.number().nullable(),
  }),
  collectionId: z.string(),
  documentId: z.string(),
  title: z.string().describe('Of the document'),
  path: z.string(),
  kind: z.enum(documentKinds),
  chunkId: z.string(),
  text: z.string(),
  context: z.string().describe('Title and headings above it, one line'),
  header: z.string().nullable(),
  start: z.number().int().describe('Offset into the plain text of the document'),
  end: z.number().int(),
  page: z.number().int().nullable(),
  lastPage: z.number().int().nullable(),
  boxes: z.array(boxSchema),
  tokens: z.number().int().describe('In the tokens of the embedding model'),
  attributes: attributesSchema,
});
export type SearchHit = z.infer<typeof searchHitSchema>;

export const searchResultSchema = z.object({
  query: z.string(),
  mode: z.enum(['hybrid', 'lexical', 'vector']),
  hits: z.array(searchHitSchema),
  notes: z
    .array(z.string())
    .describe('What limited the search, such as vectors that are not there yet; shown, never silent'),
  notices: z.array(noticeSchema).optional().describe('The same with codes, for a page in any language'),
  timings: z.object({
    embedMs: z.number().nullable(),
    searchMs: z.number().describe('Without the embedding of the question'),
    rerankMs: z.number().nullable(),
  }),
});
export type SearchResult = z.infer<typeof searchResultSchema>;

/** A numbered source of an answer: [1] in the text is the source with number 1. */
export const sourceSchema = searchHitSchema.extend({
  number: z.number().int().describe('From 1, as the answer cites it'),
  read: z.boolean().describe('Whether the model was given it; the others were only found'),
});
export type Source = z.infer<typeof sourceSchema>;

/** Whether the documents hold an answer, decided before the model writes. */
export const groundingVerdictSchema = z.object({
  inDocuments: z.boolean(),
  probability: z.number().describe('That the passages hold the answer'),
  threshold: z.number(),
  method: z.string().describe('What decided, such as scores or scores+model'),
});
export type GroundingVerdict = z.infer<typeof groundingVerdictSchema>;

/** What `check` found, and mended when it was told to. */
export const knowledgeCheckSchema = z.object({
  collections: z.number().int(),
  documents: z.number().int(),
  passages: z.number().int(),
  faults: z.array(
    z.object({
      kind: z.enum([
        'missing_in_lexical_index',
        'missing_in_vector_index',
        'stale_in_lexical_index',
        'stale_in_vector_index',
        'missing_original',
        'missing_text',
        'passages_do_not_match',
      ]),
      collectionId: z.string().nullable(),
      documentId: z.string().nullable(),
      count: z.number().int(),
      repaired: z.boolean(),
    }),
  ),
});
export type KnowledgeCheck = z.infer<typeof knowledgeCheckSchema>;
