// A model's vocabulary and template without its weights: conversations in, sequences to learn from out.
import type { LlamaModel, Token } from 'node-llama-cpp';
import type { EncodedTurns, EncodeTurn, LoadSpec, TemplateMessage } from '../engine-protocol.ts';
import { nativeModelOf } from './native.ts';
import { createPromptReader } from './prompt-reader.ts';
import { createTokenBytes } from './token-bytes.ts';

export interface ChildTokenizer {
  /**
   * Of each conversation its learned turns: the prompt is what serving would read, then the answer as the model writes
   * it and the token with which it ends. A turn goes on in the sequence of the turn before where its prompt begins with
   * exactly those tokens, and is a sequence of its own elsewhere.
   * @throws AtelierError model_failed when the template refuses the messages
   */
  encode(conversations: readonly (readonly EncodeTurn[])[]): EncodedTurns[][];
  decode(ids: readonly number[]): string;
}

export function createTokenizer(model: LlamaModel, spec: LoadSpec): ChildTokenizer {
  const native = nativeModelOf(model);
  const reader = createPromptReader(model, native, spec);
  const bytes = createTokenBytes(model, native);
  const prompt = (messages: TemplateMessage[]): number[] =>
    reader.read({ kind: 'chat', messages, tools: null, thinking: null }).ids;
  const end = endOfTurn(model, prompt);

  function sequencesOf(turns: readonly EncodeTurn[]): EncodedTurns[] {
    const messages = turns.map(({ role, content }) => ({ role, content }));
    const sequences: { ids: number[]; learned: number[] }[] = [];
    for (const [place, turn] of turns.entries()) {
      if (!turn.learned) continue;
      const ids = prompt(messages.slice(0, place));
      const last = sequences.at(-1);
      const goesOn = last?.ids.every((id, at) => ids[at] === id) ?? false;
      const sequence = goesOn && last !== undefined ? last : { ids: [], learned: [] };
      if (sequence !== last) sequences.push(sequence);
      append(sequence, ids.slice(sequence.ids.length), 0);
      append(sequence, [...reader.answer(turn.content), end], 1);
    }
    return sequences.map(({ ids, learned }) => ({
      ids: Int32Array.from(ids),
      learned: Uint8Array.from(learned),
    }));
  }

  return {
    encode: (conversations) => conversations.map(sequencesOf),
    decode: (ids) => new TextDecoder().decode(Buffer.concat(ids.map((id) => bytes.of(id, true)))),
  };
}

function append(
  sequence: { ids: number[]; learned: number[] },
  ids: readonly number[],
  learned: 0 | 1,
): void {
  for (const id of ids) {
    sequence.ids.push(id);
    sequence.learned.push(learned);
  }
}

/**
 * The token that ends an answer: of those at which serving stops, the one that the template writes behind an answer.
 * Without a template, or with one that writes none, the vocabulary's own end of turn or of text.
 */
function endOfTurn(model: LlamaModel, prompt: (messages: TemplateMessage[]) => number[]): number {
  const isEnd = (id: number | null): id is number => id !== null && model.isEogToken(id as Token);
  const asked: TemplateMessage[] = [{ role: 'user', content: 'a' }];
  try {
    const before = prompt(asked).filter(isEnd).length;
    // Whatever ends a question comes before; the next end is the answer's.
    const ends = prompt([...asked, { role: 'assistant', content: 'b' }]).filter(isEnd);
    const found = ends[before];
    if (found !== undefined) return found;
  } catch {
    // A template may refuse to go on after an answer; the vocabulary knows the end as well.
  }
  const { eot, eos } = model.tokens;
  if (isEnd(eot)) return eot;
  if (isEnd(eos)) return eos;
  throw new Error('Its vocabulary has no token that ends an answer.');
}
