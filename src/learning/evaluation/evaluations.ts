// The contract of evaluation: ask subjects the same examples, judge, compare in pairs.
import type { Evaluation, EvaluationInput, EvaluationResult } from '../../contracts/evaluation.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { CursorQuery } from '../../store/cursor-page.ts';

export interface Evaluations {
  /** @throws AtelierError not_found, invalid_request (no example in the split, a judge that the kind has no use for) */
  start(who: Identity, input: EvaluationInput): Promise<Evaluation>;
  /** Newest first. @throws AtelierError invalid_request (a cursor of another list) */
  list(who: Identity, query?: CursorQuery): Promise<{ evaluations: Evaluation[]; nextCursor: string | null }>;
  get(who: Identity, id: string): Promise<Evaluation>;
  results(
    who: Identity,
    id: string,
    page: {
      subject?: number;
      /** Against the first subject. */
      only?: 'better' | 'worse' | 'equal' | 'failed';
      cursor?: string;
      limit: number;
    },
  ): Promise<{ results: EvaluationResult[]; nextCursor: string | null }>;
  pause(who: Identity, id: string): Promise<Evaluation>;
  resume(who: Identity, id: string): Promise<Evaluation>;
  cancel(who: Identity, id: string): Promise<Evaluation>;
  /** @throws AtelierError conflict while a promotion that is in force stands on it */
  remove(who: Identity, id: string): Promise<void>;
  /** Evaluations under way of a version that is gone would go on asking its words: they are cancelled. */
  forgetWords(): Promise<void>;
  /** A line an answer: JSON, or cells after a header. */
  export(who: Identity, id: string, format: 'jsonl' | 'csv'): AsyncIterable<string>;
}
