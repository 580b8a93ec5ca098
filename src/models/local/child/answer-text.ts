// An answer's text as it grows: bytes of tokens in, whole characters out, nothing of a stop sequence ever shown, and
// each token's log-probability given out with the text that it begins.
import type { TokenLogprob } from '../../../contracts/model.ts';
import { createStopMatcher } from './stop-matcher.ts';

export interface AnswerText {
  push(bytes: Uint8Array, logprob: TokenLogprob | null): AnswerPiece;
  /** What was held back. Bytes of a character that never became whole are dropped. */
  end(): AnswerPiece;
}

export interface AnswerPiece {
  text: string;
  logprobs: TokenLogprob[];
  /** The stop sequence that ends the answer here. */
  stop: string | null;
}

export function createAnswerText(
  stops: readonly string[],
  options: { trimLeadingSpace?: boolean } = {},
): AnswerText {
  // With `stream`, the decoder itself keeps the bytes of an unfinished character.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const matcher = createStopMatcher(stops);
  const waiting: { begins: number; logprob: TokenLogprob }[] = [];
  let trim = options.trimLeadingSpace ?? false;
  let decoded = 0;
  let shown = 0;

  const release = (all: boolean): TokenLogprob[] => {
    let count = 0;
    while (count < waiting.length && (all || (waiting[count]?.begins ?? 0) < shown)) count++;
    return waiting.splice(0, count).map((entry) => entry.logprob);
  };

  return {
    push(bytes, logprob) {
      if (logprob !== null) waiting.push({ begins: decoded, logprob });
      let text = decoder.decode(bytes, { stream: true });
      if (trim && text !== '') {
        if (text.startsWith(' ')) text = text.slice(1);
        trim = false;
      }
      decoded += text.length;
      const found = matcher.push(text);
      shown += found.text.length;
      return { text: found.text, logprobs: release(false), stop: found.stop };
    },
    end() {
      const text = matcher.flush();
      shown += text.length;
      return { text, logprobs: release(true), stop: null };
    },
  };
}
