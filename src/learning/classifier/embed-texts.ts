// Texts into unit vectors for a classifier, in training and in serving the same way: one prefix, and a text that is longer
// than the model reads at once is the mean of its parts.
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { CallContext } from '../../models/model-call.ts';

export interface EmbeddedTexts {
  /** (texts, dimensions), row after row. */
  vectors: Float32Array;
  dimensions: number;
  /** How many were read in parts. */
  inParts: number;
}

/** Texts of one call: one span in the ledger. */
const BATCH = 64;
/** About 400 tokens of a language with letters; what is denser is halved when the model refuses it. */
const PART_CHARACTERS = 1600;

/**
 * multilingual-e5 (Wang et al. 2024) wants one of two words before a text. Its makers name `query: ` for features; on French
 * tweets `passage: ` was a little better (macro-F1 .727 against .720, bench/classifier.ts). The model is found by its name;
 * others get the text as it is.
 */
export const prefixOf = (model: string): string => (/(^|[^a-z])e5([^a-z]|$)/.test(model) ? 'passage: ' : '');

export async function embedTexts(
  gateway: Pick<Gateway, 'embed'>,
  model: string,
  texts: readonly string[],
  context: CallContext,
  { signal, onProgress = () => {} }: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<EmbeddedTexts> {
  const prefix = prefixOf(model);
  let dimensions = 0;
  let inParts = 0;
  let vectors = new Float32Array(0);

  async function embed(values: readonly string[]): Promise<number[][]> {
    const prefixed = values.map((text) => prefix + text);
    const { embeddings } = await gateway.embed(model, prefixed, context, signal);
    if (embeddings.length === values.length) return embeddings;
    throw new AtelierError(
      'provider_failed',
      `${model} gave ${embeddings.length} vectors for ${values.length} texts.`,
      { data: { model, asked: values.length, given: embeddings.length } },
    );
  }

  /** A part that the model still finds too long is read in halves. */
  async function embedPart(text: string): Promise<{ vector: number[]; parts: number }> {
    try {
      const [vector = []] = await embed([text]);
      return { vector, parts: 1 };
    } catch (thrown) {
      const tooLong = isAtelierError(thrown) && thrown.code === 'context_overflow' && text.length > 1;
      if (!tooLong) throw thrown;
      const halves = await Promise.all(partsOf(text, Math.ceil(text.length / 2)).map(embedPart));
      return { vector: meanOf(halves.map(({ vector }) => vector)), parts: halves.length };
    }
  }

  async function embedOne(text: string): Promise<number[]> {
    const parts = [];
    for (const part of partsOf(text, PART_CHARACTERS)) parts.push(await embedPart(part));
    if (parts.length > 1 || parts.some((part) => part.parts > 1)) inParts++;
    return meanOf(parts.map(({ vector }) => vector));
  }

  async function embedBatch(batch: readonly string[]): Promise<number[][]> {
    const isShort = (text: string) => text.length <= PART_CHARACTERS;
    const short = batch.filter(isShort);
    let ready: number[][] | null = null;
    if (short.length > 0)
      ready = await embed(short).catch((thrown: unknown) => {
        if (isAtelierError(thrown) && thrown.code === 'context_overflow') return null;
        throw thrown;
      });
    const result: number[][] = [];
    let next = 0;
    for (const text of batch)
      result.push((isShort(text) ? ready?.[next++] : undefined) ?? (await embedOne(text)));
    return result;
  }

  for (let at = 0; at < texts.length; at += BATCH) {
    signal?.throwIfAborted();
    const batch = await embedBatch(texts.slice(at, at + BATCH));
    for (const [index, vector] of batch.entries()) {
      if (dimensions === 0) {
        dimensions = vector.length;
        vectors = new Float32Array(texts.length * dimensions);
      }
      if (vector.length !== dimensions)
        throw new AtelierError(
          'provider_failed',
          `${model} gave vectors of ${dimensions} and of ${vector.length} numbers.`,
          { data: { model, dimensions, given: vector.length } },
        );
      vectors.set(unit(vector), (at + index) * dimensions);
    }
    onProgress(Math.min(texts.length, at + BATCH));
  }
  return { vectors, dimensions, inParts };
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((x) => (length === 0 ? 0 : x / length));
}

function meanOf(vectors: readonly number[][]): number[] {
  const [first = []] = vectors;
  return first.map((_, d) => vectors.reduce((sum, vector) => sum + (vector[d] ?? 0), 0) / vectors.length);
}

/** Pieces of at most `size` characters and much the same length, cut at a blank where there is one near. */
function partsOf(text: string, size: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > size) {
    const target = Math.ceil(rest.length / Math.ceil(rest.length / size));
    const blank = rest.lastIndexOf(' ', target);
    const cut = blank > target / 2 ? blank : wholeCharacter(rest, target);
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  if (rest !== '' || parts.length === 0) parts.push(rest);
  return parts;
}

/** Not between the two halves of a character beyond the first 65,536. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  return at > 1 && code >= 0xd800 && code < 0xdc00 ? at - 1 : at;
}
