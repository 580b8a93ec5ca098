// What Atelier is compared with: BM25 over whole documents, plain and stemmed, as the data folder's README defines it,
// and the pipeline of a LangChain.js tutorial: its recursive character splitter with 1000 and 200 characters, the same
// embedding model, cosine, nothing else.
import { newStemmer } from 'snowball-stemmers';
import type { Embeddings } from './embeddings.ts';
import type { RagDocument, RagSet } from './rag-sets.ts';

/** Ids of documents for each question of the set, best first. */
export type Rankings = string[][];

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '');
const whole = ({ title, text }: RagDocument) => (title ? `${title}\n${text}` : text);

export function plainWords(text: string): string[] {
  return fold(text.toLowerCase()).match(/[a-z0-9]+/g) ?? [];
}

function stemmedWords(language: RagSet['language']): (text: string) => string[] {
  const { stem } = newStemmer(language === 'fr' ? 'french' : 'english');
  return (text) =>
    (text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).flatMap((word) => plainWords(stem(word)));
}

/** k1 1.2, b 0.75, Lucene's idf; equal scores keep the order of the file. */
export function bm25({ documents, questions, language }: RagSet, words: 'plain' | 'stemmed'): Rankings {
  const cut = words === 'plain' ? plainWords : stemmedWords(language);
  const counted = documents.map((document) => {
    const counts = new Map<string, number>();
    const own = cut(whole(document));
    for (const word of own) counts.set(word, (counts.get(word) ?? 0) + 1);
    return { counts, length: own.length };
  });
  const meanLength = counted.reduce((sum, { length }) => sum + length, 0) / counted.length;
  const held = new Map<string, number>();
  for (const { counts } of counted)
    for (const word of counts.keys()) held.set(word, (held.get(word) ?? 0) + 1);
  return questions.map(({ query }) => {
    const asked = cut(query);
    const scores = counted.map(({ counts, length }) =>
      asked.reduce((sum, word) => {
        const n = held.get(word) ?? 0;
        const f = counts.get(word) ?? 0;
        const idf = Math.log(1 + (documents.length - n + 0.5) / (n + 0.5));
        return sum + (idf * f * 2.2) / (f + 1.2 * (0.25 + (0.75 * length) / meanLength));
      }, 0),
    );
    return byScore(documents, scores);
  });
}

function byScore(documents: readonly RagDocument[], scores: readonly number[]): string[] {
  return scores
    .map((score, at) => ({ score, at }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .map(({ at }) => documents[at]?.id ?? '');
}

/** Gives the model its prefixes, which the tutorial leaves out and without which it is weaker. */
export async function splitterPipeline(set: RagSet, { embed }: Embeddings): Promise<Rankings> {
  const pieces = set.documents.flatMap((document) =>
    splitRecursively(whole(document)).map((text) => ({ id: document.id, text })),
  );
  const vectors = await embed(pieces.map(({ text }) => `passage: ${text}`));
  const asked = await embed(set.questions.map(({ query }) => `query: ${query}`));
  return asked.map((question) => {
    const best = new Map<string, number>();
    for (const [at, { id }] of pieces.entries()) {
      const own = vectors[at] ?? new Float32Array();
      let cosine = 0;
      for (let i = 0; i < question.length; i++) cosine += (question[i] ?? 0) * (own[i] ?? 0);
      if (cosine > (best.get(id) ?? -1)) best.set(id, cosine);
    }
    return [...best].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  });
}

const SEPARATORS = ['\n\n', '\n', ' ', ''];
const CHUNK_SIZE = 1000;
const CHUNK_OVERLAP = 200;

/** The peer's documented behaviour: the coarsest separator that occurs, kept at the head of the piece that follows it. */
export function splitRecursively(text: string, separators: readonly string[] = SEPARATORS): string[] {
  const at = separators.findIndex((one) => one === '' || text.includes(one));
  const separator = separators[at] ?? '';
  const finer = separators.slice(at + 1);
  const pieces = (
    separator === ''
      ? [...text]
      : text.split(separator).map((piece, i) => (i === 0 ? piece : separator + piece))
  ).filter((piece) => piece !== '');
  const chunks: string[] = [];
  let fitting: string[] = [];
  for (const piece of pieces) {
    if (piece.length < CHUNK_SIZE) {
      fitting.push(piece);
      continue;
    }
    chunks.push(...merged(fitting));
    fitting = [];
    chunks.push(...(finer.length > 0 ? splitRecursively(piece, finer) : [piece]));
  }
  return [...chunks, ...merged(fitting)];
}

/** Pieces put together up to the size; the last ones, up to the overlap, begin the next chunk too. */
function merged(pieces: readonly string[]): string[] {
  const chunks: string[] = [];
  const current: string[] = [];
  let length = 0;
  const close = () => {
    const chunk = current.join('').trim();
    if (chunk !== '') chunks.push(chunk);
  };
  for (const piece of pieces) {
    if (length + piece.length > CHUNK_SIZE && current.length > 0) {
      close();
      while (length > CHUNK_OVERLAP || (length + piece.length > CHUNK_SIZE && length > 0))
        length -= current.shift()?.length ?? 0;
    }
    current.push(piece);
    length += piece.length;
  }
  close();
  return chunks;
}
