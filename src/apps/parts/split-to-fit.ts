// A text in parts that each fit a model's context, counted in the model's own tokens. Nothing is left out: the parts
// joined are the text again.

import { AtelierError } from '../../contracts/errors.ts';
import { noticeOf } from '../../contracts/notice.ts';
import type { AppTask } from '../define-app.ts';
import type { ModelAsker, Question } from './ask-model.ts';

export interface TextPart {
  text: string;
  /** Where it begins in the whole. */
  start: number;
}

export interface FitOptions {
  /** The question about a part; its `maxOutputTokens` is kept free. */
  question(part: string): Question;
  /** Most tokens of a part of a local model, which loses itself in more. */
  localTokens?: number;
}

/** Kept free for the template round a prompt. */
const SPARE_TOKENS = 32;
const LEAST_ROOM = 64;

/** @throws AtelierError context_overflow when the question alone fills the context */
export async function splitToFit(
  asker: ModelAsker,
  task: AppTask,
  text: string,
  { question, localTokens }: FitOptions,
): Promise<TextPart[]> {
  const { contextLength, place, id } = await asker.info(task.model);
  const whole = [{ text, start: 0 }];
  const cap = place.kind === 'remote' ? null : (localTokens ?? null);
  if (contextLength === null && cap === null) return whole;
  const answer = question('').maxOutputTokens ?? 0;
  // No text has more tokens than bytes: what is short is not counted.
  const bytes = Buffer.byteLength(text);
  const frame = await asker.count(id, question(''));
  const inContext =
    contextLength === null ? Number.POSITIVE_INFINITY : contextLength - answer - SPARE_TOKENS - frame;
  const room = Math.min(inContext, cap ?? Number.POSITIVE_INFINITY);
  if (bytes <= room) return whole;
  if (room < LEAST_ROOM)
    throw new AtelierError(
      'context_overflow',
      `The instructions take ${frame} tokens and the answer ${answer}, which leaves no room for the text in the ${contextLength} tokens of ${id}. Shorten them, or choose a model with a longer context.`,
      { data: { model: id, contextLength, instructions: frame, answer } },
    );
  const tokens = (await asker.count(id, question(text))) - frame;
  if (tokens <= room) return whole;

  const parts: TextPart[] = [];
  // A little below what the mean would allow, and all of about one size.
  const wanted = Math.ceil(tokens / (room * 0.92));
  const queue = cutEvenly(text, 0, wanted);
  for (;;) {
    const part = queue.shift();
    if (part === undefined) return parts;
    const size = (await asker.count(id, question(part.text))) - frame;
    if (size <= room || part.text.length < 2) parts.push(part);
    else queue.unshift(...cutEvenly(part.text, part.start, 2));
  }
}

function cutEvenly(text: string, start: number, wanted: number): TextPart[] {
  const parts: TextPart[] = [];
  const step = Math.ceil(text.length / wanted);
  let at = 0;
  while (at < text.length) {
    const end = text.length - at <= step ? text.length : boundaryBefore(text, at, at + step);
    parts.push({ text: text.slice(at, end), start: start + at });
    at = end;
  }
  return parts;
}

/** The best place to cut in the second half of a stretch: after a paragraph, a line, a sentence, a word. */
function boundaryBefore(text: string, from: number, to: number): number {
  const least = from + Math.floor((to - from) / 2);
  const stretch = text.slice(least, to);
  for (const pattern of [/\n\s*\n/g, /\n/g, /[.!?…]["»”’)\]]*\s/g, /\s/g]) {
    let last = -1;
    for (const match of stretch.matchAll(pattern)) last = match.index + match[0].length;
    if (last > 0) return least + last;
  }
  // Never between the halves of a surrogate pair.
  const code = text.charCodeAt(to - 1);
  return code >= 0xd800 && code <= 0xdbff && to - 1 > from ? to - 1 : to;
}

/** Says in how many parts a text was read; silent for one. */
export function noteParts(task: AppTask, parts: readonly TextPart[]): void {
  if (parts.length < 2) return;
  task.emit({
    type: 'note',
    ...noticeOf(
      'read_in_parts',
      `The text is longer than the model reads at once: read in ${parts.length} parts.`,
      { parts: parts.length },
    ),
  });
}
