// What a run or an application says about its work that is no error: a text was cut, a passage left out, a tool is gone.
// Like an error it has a code and data, so that the page words it in the person's language; API and CLI show the message.
import { z } from 'zod';

/** Every code has its words in the page's i18n/<language>/notices.json; a test looks for them. */
export const noticeCodes = ['passages_left_out', 'citation_removed', 'file_cut', 'file_left_out'] as const;
export type NoticeCode = (typeof noticeCodes)[number];

export const noticeSchema = z.object({
  message: z.string().describe('In English; such as: read in 4 parts'),
  code: z.enum(noticeCodes).optional().describe('What it is about, where the house says it itself'),
  data: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .describe('The values in the message'),
});
export type Notice = z.infer<typeof noticeSchema>;

export const noticeOf = (
  code: NoticeCode,
  message: string,
  data: NonNullable<Notice['data']> = {},
): Notice => ({
  message,
  code,
  data,
});
