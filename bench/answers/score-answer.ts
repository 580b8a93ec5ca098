// How good a written answer is: word F1 against the reference answers, its citations, and risk against coverage.
import { foldedWords } from '../../src/lib/fold-text.ts';

const articles = new Set('a an the le la les l un une des du de d'.split(' '));
const words = (text: string) =>
  foldedWords(text.replace(/\[\d+\]/g, ' ')).filter((word) => !articles.has(word));

/** Of the best reference: harmonic mean of the shares of common words (SQuAD's measure, with French articles too). */
export function answerF1(answer: string, references: readonly string[]): number {
  const own = words(answer);
  return Math.max(
    0,
    ...references.map((reference) => {
      const wanted = words(reference);
      const left = [...wanted];
      let common = 0;
      for (const word of own) {
        const at = left.indexOf(word);
        if (at === -1) continue;
        left.splice(at, 1);
        common += 1;
      }
      if (common === 0) return 0;
      const precision = common / own.length;
      const recall = common / wanted.length;
      return (2 * precision * recall) / (precision + recall);
    }),
  );
}

/** Whether one of the references stands in the answer as it is. */
export function holdsAnswer(answer: string, references: readonly string[]): boolean {
  const own = ` ${words(answer).join(' ')} `;
  return references.some((reference) => own.includes(` ${words(reference).join(' ')} `));
}

export const citedNumbers = (answer: string): number[] => [
  ...new Set([...answer.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number))),
];

/**
 * Area under the risk-coverage curve: the mean loss over the first k answers, most confident first, averaged over k.
 * 0 is perfect; the mean loss is what a confidence that tells nothing reaches.
 */
export function riskCoverageArea(rows: readonly { confidence: number; loss: number }[]): number {
  const sorted = [...rows].sort((a, b) => b.confidence - a.confidence);
  let sum = 0;
  let area = 0;
  for (const [index, { loss }] of sorted.entries()) {
    sum += loss;
    area += sum / (index + 1);
  }
  return area / sorted.length;
}
