// What a chat and a prompt answer: chunks that are told apart only by where their text stands.
import type { Ending, Logprob, Piece, ToolCall } from './answer.ts';

interface Content {
  text: string;
  thinking: string;
  calls: ToolCall[];
}

/** `message` for a chat, `response` for a prompt. */
export type Shape = (content: Content) => Record<string, unknown>;

export const chatShape: Shape = ({ text, thinking, calls }) => ({
  message: {
    role: 'assistant',
    content: text,
    ...(thinking === '' ? {} : { thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  },
});

export const promptShape: Shape = ({ text, thinking }) => ({
  response: text,
  ...(thinking === '' ? {} : { thinking }),
});

const nothing: Content = { text: '', thinking: '', calls: [] };

const head = (model: string) => ({ model, created_at: new Date().toISOString() });
const withLogprobs = (logprobs: readonly Logprob[]) => (logprobs.length === 0 ? {} : { logprobs });

function contentOf(piece: Exclude<Piece, { type: 'end' }>): Content {
  if (piece.type === 'call') return { ...nothing, calls: [piece.call] };
  return piece.type === 'text' ? { ...nothing, text: piece.text } : { ...nothing, thinking: piece.text };
}

export async function* chunks(model: string, pieces: AsyncIterable<Piece>, shape: Shape) {
  for await (const piece of pieces) {
    if (piece.type === 'end') yield { ...head(model), ...shape(nothing), done: true, ...piece.ending };
    else {
      const logprobs = piece.type === 'call' ? [] : piece.logprobs;
      yield { ...head(model), ...shape(contentOf(piece)), done: false, ...withLogprobs(logprobs) };
    }
  }
}

/** The whole answer in one object. */
export async function collected(model: string, pieces: AsyncIterable<Piece>, shape: Shape) {
  const content: Content = { text: '', thinking: '', calls: [] };
  const logprobs: Logprob[] = [];
  let ending: Ending | null = null;
  for await (const piece of pieces) {
    if (piece.type === 'end') ending = piece.ending;
    else {
      const { text, thinking, calls } = contentOf(piece);
      content.text += text;
      content.thinking += thinking;
      content.calls.push(...calls);
      if (piece.type !== 'call') logprobs.push(...piece.logprobs);
    }
  }
  return { ...head(model), ...shape(content), done: true, ...ending, ...withLogprobs(logprobs) };
}

/** What is said when only the model was to be loaded or unloaded. */
export const emptyAnswer = (model: string, shape: Shape, doneReason: 'load' | 'unload') => ({
  ...head(model),
  ...shape(nothing),
  done: true,
  done_reason: doneReason,
});
