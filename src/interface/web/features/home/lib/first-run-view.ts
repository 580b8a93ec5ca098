// What the line under the composer says, from the state of the first model, its download and the models at hand.
import type { FirstRun } from '../../../../../contracts/catalogue.ts';
import type { ModelInfo } from '../../../../../contracts/model.ts';
import type { Task } from '../../../../../contracts/task.ts';
import { isOpen } from '../../../lib/task-figures.ts';

export type FirstRunView =
  /** Something answers. `task` may still be fetching another model. */
  | { kind: 'ready'; model: ModelInfo }
  | { kind: 'downloading'; task: Task }
  | { kind: 'paused'; task: Task }
  /** Before the first figure. */
  | { kind: 'preparing'; name: string | null }
  | { kind: 'failed' }
  /** Nobody asked for a model. */
  | { kind: 'none' };

export function firstRunView(
  firstRun: FirstRun,
  tasks: readonly Task[],
  answering: ModelInfo | undefined,
): FirstRunView {
  if (answering && answering.place.kind !== 'scripted') return { kind: 'ready', model: answering };
  const task =
    tasks.find((one) => one.id === firstRun.taskId && isOpen(one)) ??
    tasks.find((one) => one.kind === 'models.download' && isOpen(one));
  if (task?.status === 'paused') return { kind: 'paused', task };
  if (task?.progress) return { kind: 'downloading', task };
  if (task || firstRun.state === 'working')
    return { kind: 'preparing', name: task?.title ?? firstRun.chosen };
  if (firstRun.state === 'failed') return { kind: 'failed' };
  if (answering) return { kind: 'ready', model: answering };
  // The server says ready before the list of models is read: nothing to worry about.
  return firstRun.state === 'ready' ? { kind: 'preparing', name: firstRun.chosen } : { kind: 'none' };
}

/** The attempts that did not work, newest last, each source named once. */
export function failures(firstRun: FirstRun): FirstRun['attempts'] {
  return firstRun.attempts.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped');
}
