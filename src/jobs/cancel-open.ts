// Cancels work that was under way a moment ago. That it has ended since is no fault: it will not go on.
import { isAtelierError } from '../contracts/errors.ts';
import type { Jobs } from './queue.ts';

export async function cancelOpen(jobs: Pick<Jobs, 'cancel'>, taskId: string): Promise<void> {
  try {
    await jobs.cancel(taskId);
  } catch (error) {
    if (!isAtelierError(error) || error.code !== 'conflict') throw error;
  }
}
