// What is read of the files that a person gave with a question: the newest first, whole where there is room, else the
// part that stands round the question's words. The rest is told with both numbers.
import { type Notice, noticeOf } from '../../contracts/notice.ts';
import { excerptOf, tokensOf } from './choose-passages.ts';

export interface AttachedFile {
  name: string;
  text: string;
  /** Given with an earlier message: read only when the question leans on what was said. */
  earlier: boolean;
}

export interface ReadFile {
  name: string;
  /** What is read of it. */
  text: string;
}

/** The search for the best place in a text looks at so much of it, to keep the server quick. */
const LOOKED_AT = 200_000;
/** A smaller piece says too little. */
const LEAST_PIECE = 60;

export function readFiles(
  question: string,
  files: readonly AttachedFile[],
  tokens: number,
): { files: ReadFile[]; tokens: number; notices: Notice[] } {
  const read: ReadFile[] = [];
  const notices: Notice[] = [];
  let room = tokens;
  for (const { name, text } of files.filter((file) => file.text.trim() !== '').toReversed()) {
    const whole = tokensOf(text);
    if (whole <= room) {
      read.unshift({ name, text });
      room -= whole;
      continue;
    }
    const piece = room < LEAST_PIECE ? '' : excerptOf(question, '', text.slice(0, LOOKED_AT), room);
    if (piece !== '') read.unshift({ name, text: piece });
    const kept = tokensOf(piece);
    room -= kept;
    notices.push(
      piece === ''
        ? noticeOf(
            'file_left_out',
            `${name} was not read: the model can read about ${tokens} tokens of files here, and the others took them. Its text has about ${whole}.`,
            { name, total: whole, room: tokens },
          )
        : noticeOf(
            'file_cut',
            `${name} was read in part: about ${kept} of its ${whole} tokens, the place nearest to the question. Choose a model with a longer context, or add the file to a collection, to have all of it searched.`,
            { name, read: kept, total: whole },
          ),
    );
  }
  return { files: read, tokens: tokens - room, notices };
}
