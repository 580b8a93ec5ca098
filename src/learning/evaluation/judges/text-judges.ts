// Judges that need nothing but the two texts.
import type { Judge } from '../../../contracts/evaluation.ts';
import { chrfCounts, chrfOf, wordF1 } from '../../../lib/text-metrics.ts';
import { judgeExact } from './exact.ts';
import { judgeJson } from './json.ts';
import type { Judged } from './judged.ts';

export type TextJudge = Extract<Judge, { type: 'exact' | 'f1' | 'chrf' | 'json' }>;

export function judgeText(judge: TextJudge, output: string, expected: string): Judged {
  switch (judge.type) {
    case 'exact':
      return judgeExact(output, expected, judge.ignoreCase);
    case 'f1':
      return { score: wordF1(output, expected), detail: {} };
    case 'chrf':
      return { score: chrfOf([chrfCounts(output, expected)]), detail: {} };
    case 'json':
      return judgeJson(output, expected, judge.fields);
  }
}
