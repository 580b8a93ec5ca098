// Whose a task is, for every role.
import { expect, test } from 'vitest';
import type { Role } from '../contracts/identity.ts';
import type { Task } from '../contracts/task.ts';
import { mayChangeTask, maySeeTask } from './task-access.ts';

const task = (kind: string, payload: Record<string, unknown>) => ({ kind, payload }) as Task;
const who = (userId: string, role: Role) => ({ userId, role });

test.each<[string, Task, Record<string, [sees: boolean, changes: boolean]>]>([
  [
    'documents of mine',
    task('knowledge.ingest', { collectionId: 'c', userId: 'mia' }),
    { mia: [true, true], noa: [false, false], bea: [false, false], aude: [false, false], alix: [true, true] },
  ],
  [
    'a batch of mine',
    task('apps.batch', { identity: { userId: 'mia', role: 'member' } }),
    { mia: [true, true], noa: [false, false], bea: [false, false], alix: [true, true] },
  ],
  [
    'a model on its way',
    task('models.download', { id: 'm' }),
    { mia: [true, false], bea: [true, true], aude: [true, false], alix: [true, true] },
  ],
  [
    'what the program does for itself',
    task('monitoring.retention', {}),
    { mia: [false, false], bea: [true, true], aude: [false, false], alix: [true, true] },
  ],
])('%s', (_, of, rights) => {
  const roles: Record<string, Role> = { bea: 'builder', aude: 'auditor', alix: 'admin' };
  for (const [name, expected] of Object.entries(rights)) {
    const person = who(name, roles[name] ?? 'member');
    expect([maySeeTask(person, of), mayChangeTask(person, of)], name).toEqual(expected);
  }
});
