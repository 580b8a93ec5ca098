// Sentences of a passage, and how near each is to the question by meaning: one that answers stands out of its passage,
// a neighbouring subject does not (docs/log.md has what that is worth for the verdict on an answer).
import { toAtelierError } from '../contracts/errors.ts';
import type { SearchHit } from '../contracts/knowledge.ts';
import { noticeOf } from '../contracts/notice.ts';
import type { EmbedContext, Embedder } from './embedder.ts';
import type { ComparedSentences } from './knowledge.ts';

/** With the space behind each, so that joined they are the text again. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?…]["»”’)]*\s+|\n\s*)(?=\S)/u).filter((sentence) => sentence !== '');
}

/** A number or a bullet says nothing by itself. */
const LEAST_CHARACTERS = 9;
/** Of a table or a list without stops; more would be a passage again. */
const MOST_CHARACTERS = 1000;

export const comparedSentences = ({ text }: Pick<SearchHit, 'text'>): string[] =>
  sentencesOf(text)
    .map((sentence) => sentence.trim().slice(0, MOST_CHARACTERS))
    .filter((sentence) => sentence.length >= LEAST_CHARACTERS);

/** For each passage the cosine of each of its sentences with the question. `question`: a unit vector. */
export async function sentenceCosines(
  question: Float32Array,
  hits: readonly Pick<SearchHit, 'text'>[],
  embed: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
): Promise<number[][]> {
  const sentences = hits.map(comparedSentences);
  const vectors = await embed(sentences.flat());
  let at = 0;
  return sentences.map((own) => own.map(() => dot(question, vectors[at++] ?? question)));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (const [at, value] of a.entries()) sum += value * (b[at] ?? 0);
  return sum;
}

/** As `Knowledge.compareSentences`. */
export async function compareSentences(
  embedder: Embedder,
  hits: readonly Pick<SearchHit, 'text'>[],
  query: string,
  context: EmbedContext,
): Promise<ComparedSentences> {
  try {
    const [question] = await embedder.embed([query.slice(0, MOST_CHARACTERS)], 'query', context);
    if (question === undefined) return { cosines: null, notices: [] };
    const embed = (texts: readonly string[]) => embedder.embed(texts, 'passage', context);
    return { cosines: await sentenceCosines(question, hits, embed), notices: [] };
  } catch (thrown) {
    context.signal?.throwIfAborted();
    const { message } = toAtelierError(thrown);
    return {
      cosines: null,
      notices: [
        noticeOf(
          'sentences_not_compared',
          `Whether the passages answer was judged by words only: their sentences could not be embedded (${message})`,
          { reason: message },
        ),
      ],
    };
  }
}
