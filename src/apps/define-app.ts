// An app as one function that works and tells what it knows on the way, turned into the stream that the contract asks for.
import type { AppEvent } from '../contracts/app.ts';
import type { CallContext } from '../models/model-call.ts';
import type { AppContext, AppDefinition } from './apps.ts';

export type WorkEvent = Extract<AppEvent, { type: 'status' | 'note' | 'text-delta' | 'partial' }>;

export interface AppTask extends AppContext {
  emit(event: WorkEvent): void;
}

export interface AppWork<Input, Output> extends Omit<AppDefinition<Input, Output>, 'run'> {
  /** The output is the value that it resolves to. It ends soon after `task.signal` is aborted. */
  work(input: Input, task: AppTask): Promise<Output>;
}

export function defineApp<Input, Output>({
  work,
  ...about
}: AppWork<Input, Output>): AppDefinition<Input, Output> {
  return {
    ...about,
    async *run(input, context) {
      const stop = new AbortController();
      const told: WorkEvent[] = [];
      let ended = false;
      let wake = () => {};
      const working = work(input, {
        ...context,
        signal: AbortSignal.any([context.signal, stop.signal]),
        emit(event) {
          told.push(event);
          wake();
        },
      }).finally(() => {
        ended = true;
        wake();
      });
      // Its failure is thrown below; until then it must not count as one that nobody looks at.
      working.catch(() => {});
      try {
        for (;;) {
          for (const event of told.splice(0)) yield event;
          if (told.length > 0) continue;
          if (ended) break;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        yield { type: 'output', output: await working };
      } finally {
        stop.abort();
      }
    },
  };
}

/** The call's context under another name in the ledger. */
export const named = (task: Pick<AppTask, 'call'>, name: string): CallContext => ({ ...task.call, name });
