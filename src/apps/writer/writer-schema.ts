// What the content generator takes and gives.
import { z } from 'zod';

export const contentKinds = [
  'article',
  'blog post',
  'email',
  'letter',
  'product description',
  'social media post',
  'press release',
  'speech',
  'story',
  'free text',
] as const;
export type ContentKind = (typeof contentKinds)[number];

export const tones = [
  'neutral',
  'friendly',
  'formal',
  'enthusiastic',
  'persuasive',
  'humorous',
  'plain',
] as const;
export type Tone = (typeof tones)[number];

export const writerInputSchema = z.object({
  brief: z
    .string()
    .min(1)
    .max(20_000)
    .describe('What to write about: the facts, the aim, what must be in it'),
  kind: z.enum(contentKinds).default('article').describe('What kind of text'),
  tone: z.enum(tones).default('neutral').describe('How it sounds'),
  words: z
    .number()
    .int()
    .min(20)
    .max(3000)
    .default(150)
    .describe('How long, in words; kept within a quarter'),
  audience: z.string().max(300).default('').describe('Who reads it'),
  language: z.enum(['auto', 'en', 'fr']).default('auto').describe('auto: that of the brief'),
  outline: z
    .array(z.string().min(1).max(300))
    .max(20)
    .default([])
    .describe('The points in their order, when you have them'),
  makeOutline: z.boolean().default(false).describe('Plan the points first, when there are none'),
  variants: z.number().int().min(1).max(4).default(1).describe('How many versions to choose from'),
});
export type WriterInput = z.infer<typeof writerInputSchema>;

export const writerOutputSchema = z.object({
  variants: z.array(
    z.object({
      text: z.string(),
      words: z.number().int(),
      lengthKept: z.boolean().describe('Whether it is within a quarter of the wanted length'),
      repaired: z.boolean().describe('Whether it was lengthened or brought to an end once'),
    }),
  ),
  outline: z.array(z.string()).describe('The points that it follows; empty without a plan'),
  language: z.string(),
});
export type WriterOutput = z.infer<typeof writerOutputSchema>;
