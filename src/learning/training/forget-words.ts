// After a person was forgotten: what runs that had read their words keep beside the store. Each step can be done again,
// so that a kill in between is caught up at the next start.
import { rm } from 'node:fs/promises';
import { cancelOpen } from '../../jobs/cancel-open.ts';
import type { Jobs } from '../../jobs/queue.ts';
import { exportFolder } from './exports.ts';
import { forgetHeldOut } from './held-out.ts';
import type { RunRows } from './run-rows.ts';
import { runFolder } from './training-job.ts';

export interface ForgetWordsOptions {
  rows: RunRows;
  jobs: Pick<Jobs, 'cancel'>;
  dataDir: string;
  /** What a run had made before a tuned model stood for it. */
  removeExports: (name: string) => Promise<void>;
}

/** A run that is under way is cancelled: it would go on learning from what is to be forgotten. */
export async function forgetWords(options: ForgetWordsOptions): Promise<void> {
  const { rows, jobs, dataDir } = options;
  for (const id of await rows.forgotten()) {
    const run = await rows.find(id);
    if (run !== null && run.status !== 'complete') {
      if (run.status !== 'failed' && run.status !== 'cancelled') await cancelOpen(jobs, run.taskId);
      await rm(runFolder(dataDir, id), { recursive: true, force: true });
    }
    const tuned = await rows.tunedOf(id);
    if (tuned !== null) await forgetHeldOut(exportFolder(dataDir, tuned.name));
    else if (run !== null) await options.removeExports(run.name);
  }
}
