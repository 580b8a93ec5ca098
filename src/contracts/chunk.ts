// A passage of a document: what is embedded, searched, read by the model and cited.
import { z } from 'zod';
import { boxSchema } from './document.ts';

export const chunkSchema = z.object({
  id: z
    .string()
    .describe('Made from the hash; unique within its document, the same when the passage is added again'),
  hash: z.string().describe('SHA-256 of what is embedded: context, repeated header and text'),
  text: z.string().describe('Exactly the characters from start to end of the plain text'),
  start: z.number().int(),
  end: z.number().int(),
  context: z
    .string()
    .describe('Title and headings above the passage, one line; not part of text; may be shortened'),
  headings: z.array(z.string()).describe('The path of headings above the passage, the highest first'),
  header: z
    .string()
    .nullable()
    .describe('The header of a table whose rows begin elsewhere; not part of text'),
  tokens: z.number().int().describe('Of the whole passage, in the tokens of the embedding model'),
  page: z.number().int().nullable().describe('Page, slide or sheet where it begins'),
  lastPage: z.number().int().nullable(),
  boxes: z.array(boxSchema).describe('Where its lines stand on the pages; empty for kinds without positions'),
});
export type Chunk = z.infer<typeof chunkSchema>;

/** What is embedded and read by the model: where the passage stands, then the passage. */
export function passageText(chunk: Pick<Chunk, 'context' | 'header' | 'text'>): string {
  return [chunk.context, chunk.header, chunk.text].filter((part) => part !== null && part !== '').join('\n');
}
