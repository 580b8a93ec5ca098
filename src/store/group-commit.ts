// Group commit: batches that arrive while a commit is under way share the next one, in the order of the calls.
// Knows nothing of a database; `commit` runs one group and tells the outcome of each batch.
import type { Parameter } from './parameters.ts';
import type { StatementResult } from './store.ts';

export interface Statement {
  sql: string;
  parameters: Parameter[];
}

export type Batch = Statement[];
export type BatchOutcome = { results: StatementResult[] } | { error: Error };

export interface GroupCommit {
  write(batch: Batch): Promise<StatementResult[]>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface Waiting {
  batch: Batch;
  resolve: (results: StatementResult[]) => void;
  reject: (error: Error) => void;
}

export function createGroupCommit(
  commit: (group: Batch[]) => Promise<BatchOutcome[]>,
  { maxStatements = 5_000 }: { maxStatements?: number } = {},
): GroupCommit {
  let waiting: Waiting[] = [];
  let working: Promise<void> | null = null;

  function takeGroup(): Waiting[] {
    let statements = 0;
    let end = 0;
    for (const { batch } of waiting) {
      if (end > 0 && statements + batch.length > maxStatements) break;
      statements += batch.length;
      end++;
    }
    const group = waiting.slice(0, end);
    waiting = waiting.slice(end);
    return group;
  }

  async function work(): Promise<void> {
    // Batches of the same turn of the event loop share the first commit too.
    await Promise.resolve();
    while (waiting.length > 0) {
      const group = takeGroup();
      try {
        const outcomes = await commit(group.map(({ batch }) => batch));
        for (const [index, { resolve, reject }] of group.entries()) {
          const outcome = outcomes[index];
          if (outcome === undefined) reject(new Error('The commit left out a batch.'));
          else if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.results);
        }
      } catch (error) {
        for (const { reject } of group) reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
    working = null;
  }

  return {
    write(batch) {
      if (batch.length === 0) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        waiting.push({ batch, resolve, reject });
        working ??= work();
      });
    },
    async idle() {
      while (working) await working;
    },
  };
}
