// Whose a task is. Jobs that somebody asked for carry who; the rest (models, retention) are the program's own.
import type { Identity } from '../contracts/identity.ts';
import type { Task } from '../contracts/task.ts';

function ownerOf({ payload }: Task): string | null {
  const { userId, identity } = payload;
  if (typeof userId === 'string') return userId;
  if (typeof identity === 'object' && identity !== null && 'userId' in identity)
    return String(identity.userId);
  return null;
}

/** One's own; for admins everybody's, and for those who see to the models the program's too. */
export function mayChangeTask(who: Identity, task: Task): boolean {
  const owner = ownerOf(task);
  return who.role === 'admin' || (owner === null ? who.role === 'builder' : owner === who.userId);
}

/** A model on its way concerns everybody who waits for its answers. */
export function maySeeTask(who: Identity, task: Task): boolean {
  return mayChangeTask(who, task) || task.kind === 'models.download';
}
