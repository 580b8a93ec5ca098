// Tasks: long work as a person sees it, with pause, resume and cancel.
import { createRoute, z } from '@hono/zod-openapi';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import { type Task, taskSchema } from '../../contracts/task.ts';
import { createRouter, idParam, idSchema, jsonContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';
import { mayChangeTask, maySeeTask } from '../task-access.ts';

const path = '/atelier/v1/tasks';
const tags = ['tasks'];

/** Of those of everybody, where only some are a person's. */
const LOOK_BACK = 2000;

export function taskRoutes({ jobs, access: { audit } }: Pick<ApiServices, 'jobs' | 'access'>) {
  /** Somebody else's is answered like one that there is not. */
  async function seen(who: Identity, id: string): Promise<Task> {
    const found = await jobs.get(id);
    if (maySeeTask(who, found)) return found;
    throw new AtelierError('not_found', `There is no task ${id}.`, { data: { id } });
  }
  const task = jsonContent(taskSchema, 'The task');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Tasks, newest first',
        request: {
          query: z.object({
            open: z.stringbool().optional().describe('Only those that have not ended'),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
        },
        responses: { 200: jsonContent(z.object({ tasks: z.array(taskSchema) }), 'The tasks') },
      }),
      async (c) => {
        const { open, limit } = c.req.valid('query');
        const who = c.get('identity');
        // The rows do not know whose they are; few people have so many tasks of others before their own.
        const read = who.role === 'admin' ? limit : LOOK_BACK;
        const all = await jobs.list({ limit: read, ...(open === undefined ? {} : { open }) });
        return c.json({ tasks: all.filter((one) => maySeeTask(who, one)).slice(0, limit) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'A task',
        request: { params: idParam },
        responses: { 200: task },
      }),
      async (c) => c.json(await seen(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/{action}`,
        tags,
        summary: 'Pause, resume or cancel a task',
        request: { params: z.object({ id: idSchema, action: z.enum(['pause', 'resume', 'cancel']) }) },
        responses: { 200: task },
      }),
      async (c) => {
        const { id, action } = c.req.valid('param');
        const who = c.get('identity');
        if (!mayChangeTask(who, await seen(who, id)))
          throw new AtelierError('forbidden', 'Only admins and builders stop what fetches a model.');
        const changed = await jobs[action](id);
        // What its own page would record of it.
        if (action === 'cancel' && changed.kind.startsWith('learning.'))
          await audit.record(who, 'task.cancel', changed.title, { id, kind: changed.kind });
        return c.json(changed, 200);
      },
    );
}
