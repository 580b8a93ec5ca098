// BM25 (Robertson and Zaragoza 2009) with Lucene's idf, which is never negative, and two fields in the simple way of
// BM25F: a word of the context counts as so many words of the text. The same figures on both stores.

export interface Bm25Settings {
  /** How soon more occurrences stop to count. */
  k1: number;
  /** How much a long passage is held against it, 0 to 1. */
  b: number;
  /** Occurrences in the text that one in title and headings is worth. */
  contextWeight: number;
}

export const bm25Settings: Bm25Settings = { k1: 1.2, b: 0.75, contextWeight: 3 };

export const idf = (passages: number, passagesWith: number): number =>
  Math.log(1 + (passages - passagesWith + 0.5) / (passagesWith + 0.5));
