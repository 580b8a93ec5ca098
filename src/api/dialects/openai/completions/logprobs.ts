// Log-probabilities as OpenAI's completions word them: four lists side by side, one entry a token.
import type { PromptToken, TokenLogprob } from '../../../../contracts/model.ts';

export interface CompletionLogprobs {
  tokens: string[];
  /** Null for the first token of an echoed prompt, before which nothing stands. */
  token_logprobs: (number | null)[];
  top_logprobs: (Record<string, number> | null)[];
  /** Where each token begins in the choice's text, in characters (code points). */
  text_offset: number[];
}

type Named = Pick<TokenLogprob, 'token' | 'bytes'>;

/** A token that is only a part of a character has no text of its own; OpenAI shows its bytes. */
function nameOf({ token, bytes }: Named): string {
  if (bytes === null || !token.includes('\ufffd')) return token;
  return `bytes:${bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}`;
}

/** Writes one choice's lists piece by piece; the offsets go on from one piece to the next. */
export function createLogprobWriter() {
  let decoder = new TextDecoder();
  let offset = 0;
  let begun = false;

  const advance = ({ token, bytes }: Named): number => {
    const at = offset;
    const text = bytes === null ? token : decoder.decode(Uint8Array.from(bytes), { stream: true });
    offset += [...text].length;
    return at;
  };

  const row = (lists: CompletionLogprobs, entry: PromptToken, at: number, score: boolean) => {
    lists.tokens.push(nameOf(entry));
    lists.text_offset.push(at);
    lists.token_logprobs.push(score ? entry.logprob : null);
    // The token that was taken is told beside the likeliest ones, as OpenAI does.
    const top = [...entry.top.map((other) => [nameOf(other), other.logprob] as const)];
    const own = entry.logprob === null ? [] : [[nameOf(entry), entry.logprob] as const];
    lists.top_logprobs.push(score ? Object.fromEntries([...own, ...top]) : null);
  };

  return {
    /** `text`: of the prompt, when it was sent as text; it may lack the space that some vocabularies begin with. */
    echo(tokens: readonly PromptToken[], text: string | null): CompletionLogprobs {
      const lists = emptyLists();
      const [first, ...rest] = tokens;
      if (first === undefined) return lists;
      const spaced = text !== null && first.token.startsWith(' ') && !text.startsWith(' ');
      const own = spaced
        ? { ...first, token: first.token.slice(1), bytes: first.bytes?.slice(1) ?? null }
        : first;
      row(lists, own, advance(own), false);
      for (const entry of rest) row(lists, entry, advance(entry), entry.logprob !== null);
      begun = true;
      return lists;
    },
    write(tokens: readonly TokenLogprob[]): CompletionLogprobs {
      // Half a character at the end of a prompt is not the beginning of the answer's.
      if (begun) decoder = new TextDecoder();
      begun = false;
      const lists = emptyLists();
      for (const entry of tokens) row(lists, entry, advance(entry), true);
      return lists;
    },
  };
}

const emptyLists = (): CompletionLogprobs => ({
  tokens: [],
  token_logprobs: [],
  top_logprobs: [],
  text_offset: [],
});

export function joinLogprobs(pieces: readonly CompletionLogprobs[]): CompletionLogprobs {
  return {
    tokens: pieces.flatMap((piece) => piece.tokens),
    token_logprobs: pieces.flatMap((piece) => piece.token_logprobs),
    top_logprobs: pieces.flatMap((piece) => piece.top_logprobs),
    text_offset: pieces.flatMap((piece) => piece.text_offset),
  };
}
