// An example in two lines: what is asked and what is wanted; and the fields that findings point into.
import type { ExampleBody, Finding } from '../../../../../contracts/dataset.ts';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 240);

export interface ExampleLines {
  asked: string;
  wanted: string;
}

export function linesOf(body: ExampleBody): ExampleLines {
  if (body.kind === 'labels') return { asked: oneLine(body.text), wanted: body.label };
  const lastUser = body.messages.findLast((message) => message.role === 'user');
  const asked = oneLine(lastUser?.content ?? body.messages[0]?.content ?? '');
  if (body.kind === 'preference') return { asked, wanted: oneLine(body.chosen) };
  const last = body.messages.at(-1);
  return { asked, wanted: last?.role === 'assistant' ? oneLine(last.content) : '' };
}

/** Of a field such as messages.0, chosen, text. */
export const findingsOf = (findings: readonly Finding[], field: string): Finding[] =>
  findings.filter((one) => one.field === field || one.field === `${field}.content`);
