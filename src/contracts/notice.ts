// What a run or an application says about its work that is no error: a text was cut, a passage left out, a tool is gone.
// Like an error it has a code and data, so that the page words it in the person's language; API and CLI show the message.
import { z } from 'zod';

/** Every code has its words in the page's i18n/<language>/notices.json; a test looks for them. */
export const noticeCodes = [
  // An answer from documents
  'passages_left_out',
  'citation_removed',
  'figures_unknown',
  'file_cut',
  'file_left_out',
  'no_answer_in_documents',
  // A search
  'words_only_other_model',
  'words_only_no_model',
  'words_only_failed',
  'question_long',
  'documents_waiting',
  'documents_without_vectors',
  // An agent
  'step_limit',
  'tool_was_called',
  'repeats_itself',
  'cost_limit',
  'time_limit',
  'empty_answer',
  'output_mended',
  'step_retried',
  'result_shortened',
  'turns_left_out',
  'call_repeated',
  'plan_unreadable',
  'plan_failed',
  'tool_gone',
  'knowledge_gone',
  'collection_gone',
  // A tool's result
  'passages_not_read',
  'output_cut_kept',
  'output_cut_no_run',
  'output_cut_not_kept',
  'data_left_out',
  'server_asked',
  'input_changed',
  // A model
  'not_supported',
  'part_not_shown',
  'counts_missing',
  'cost_unknown_counts',
  'cost_unknown_hour_cache',
  'cost_unknown',
  'cost_differs',
  'events_unreadable',
  'max_tokens_lowered',
  'logprobs_refused',
  // The applications
  'read_in_parts',
  'value_not_in_text',
  'mentions_cut',
  'translation_doubtful',
  'text_cut_at_limit',
  'text_cut_at_context',
  'wrong_language',
  'code_not_run',
  'code_stopped',
  'tests_fail',
  'length_continued',
  'length_ended',
  'length_unfinished',
  // The examples of a classifier
  'labels_disagree',
  'texts_in_parts',
] as const;
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

interface Said {
  notes?: readonly string[] | undefined;
  notices?: readonly Notice[] | undefined;
}

/** What was said, each once, as a result keeps it: in English for models and programs, with codes for a page. */
export function saidOf(said: readonly Notice[]): { notes: string[]; notices?: Notice[] } {
  const notices = [...new Map(said.map((notice) => [notice.message, notice])).values()];
  const notes = notices.map(({ message }) => message);
  return notices.some(({ code }) => code !== undefined) ? { notes, notices } : { notes };
}

/** Every note with its code where it has one: what was stored before there were codes has none. */
export const noticesOf = ({ notes = [], notices = [] }: Said): Notice[] =>
  notes.map((message) => notices.find((notice) => notice.message === message) ?? { message });
