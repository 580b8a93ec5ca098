// Keeps a result within what a model should read, and says what was cut and where the whole lies.
import { type Notice, noticeOf } from '../contracts/notice.ts';
import type { ToolContext, ToolResult } from '../contracts/tool.ts';
import { withNotice } from './tool-result.ts';

/** Where whole outputs are kept in the folder of the run. */
const OUTPUT_FOLDER = 'outputs';

const MAX_DATA_CHARACTERS = 1_000_000;

/** A cut must not split a character of two units. */
function safeEnd(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}
function safeStart(text: string, start: number): number {
  const code = text.charCodeAt(start);
  return code >= 0xdc00 && code <= 0xdfff ? start + 1 : start;
}

/** Cuts the joined text of a result: three quarters of the limit from its start, the rest from its end. */
export async function cutOutput(
  result: ToolResult,
  limit: number,
  context: ToolContext,
): Promise<ToolResult> {
  const small = withNotesInText(withSmallData(result));
  const texts = small.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const whole = texts.join('\n');
  if (whole.length <= limit) return small;
  const head = whole.slice(0, safeEnd(whole, Math.floor(limit * 0.75)));
  const tail = whole.slice(safeStart(whole, whole.length - Math.floor(limit * 0.25)));
  const left = whole.length - head.length - tail.length;
  const notice = cutNotice(left, whole.length, await keepWhole(whole, context));
  const files = small.content.filter((part) => part.type === 'file');
  return {
    ...withNotice(small, notice),
    content: [
      {
        type: 'text',
        text: `${head}\n[... ${left} characters left out ...]\n${tail}\n\n[${notice.message}]`,
      },
      ...files,
    ],
  };
}

type Kept = { path: string } | { reason: string } | null;

function cutNotice(left: number, whole: number, kept: Kept): Notice {
  const cut = `Output cut: ${left} of ${whole} characters are left out in the middle.`;
  if (kept === null) {
    const message = `${cut} The rest was not kept: this call belongs to no run. Ask for less at a time.`;
    return noticeOf('output_cut_no_run', message, { left, whole });
  }
  return 'path' in kept
    ? noticeOf('output_cut_kept', `${cut} The whole is in the run's file ${kept.path}.`, {
        left,
        whole,
        path: kept.path,
      })
    : noticeOf('output_cut_not_kept', `${cut} The rest could not be kept: ${kept.reason}`, {
        left,
        whole,
        reason: kept.reason,
      });
}

/** Null: the call belongs to no run that could keep it. */
async function keepWhole(whole: string, context: ToolContext): Promise<Kept> {
  if (context.workspace === null) return null;
  const path = `${OUTPUT_FOLDER}/${context.toolCallId.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 80)}.txt`;
  try {
    await context.workspace.write(path, whole);
    return { path };
  } catch (error) {
    context.log.warn('the whole output of a tool could not be kept', { error: String(error) });
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

function withSmallData(result: ToolResult): ToolResult {
  if (result.data === null || result.data === undefined) return result;
  const size = JSON.stringify(result.data)?.length ?? 0;
  if (size <= MAX_DATA_CHARACTERS) return result;
  const note = `The result as data has ${size} characters and was left out (limit ${MAX_DATA_CHARACTERS}).`;
  const data = { size, limit: MAX_DATA_CHARACTERS };
  return { ...withNotice(result, noticeOf('data_left_out', note, data)), data: null };
}

/** Notes that a tool gave itself stand in the text too. */
function withNotesInText(result: ToolResult): ToolResult {
  if (result.notes.length === 0) return result;
  return {
    ...result,
    content: [...result.content, { type: 'text', text: result.notes.map((note) => `[${note}]`).join('\n') }],
  };
}
