// POST /api/pull: a download of the library, told as it goes. It is a task of the server and goes on when the client goes
// away; asking again joins it.
import type { PullInput } from '../../../contracts/catalogue.ts';
import { AtelierError, errorFromBody, toAtelierError } from '../../../contracts/errors.ts';
import type { Task } from '../../../contracts/task.ts';
import { createLatestQueue } from '../../../lib/latest-queue.ts';
import { ndjsonResponse } from '../../../lib/ndjson.ts';
import { checked, jsonOf } from '../../read-json.ts';
import { createRouter } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';
import { ollamaErrorBody } from './errors.ts';
import { libraryName } from './names.ts';
import { namedSchema } from './schema.ts';

type Services = Pick<ApiServices, 'library' | 'jobs'>;

/** A change in another process is seen after this. */
const LOOK_MS = 2000;
const over: readonly Task['status'][] = ['complete', 'failed', 'cancelled'];

/** `owner/name/file.gguf` is a file of the hub; any other name is the catalogue's. */
function inputOf(asked: string): PullInput {
  const name = libraryName(asked);
  const hub = /^([^/]+\/[^/]+)\/(.+\.gguf)$/i.exec(name);
  return hub?.[1] !== undefined && hub[2] !== undefined ? { repo: hub[1], file: hub[2] } : { id: name };
}

/** The task as it changes, up to its end. */
async function* follow({ jobs }: Services, first: Task, signal: AbortSignal): AsyncGenerator<Task> {
  const queue = createLatestQueue<Task>();
  const forget = jobs.onChange((task) => {
    if (task.id === first.id) queue.put('task', task);
  });
  const look = setInterval(() => {
    // A store that cannot be read now is read at the next look.
    jobs.get(first.id).then(
      (task) => queue.put('task', task),
      () => {},
    );
  }, LOOK_MS);
  signal.addEventListener('abort', queue.close, { once: true });
  try {
    const now = await jobs.get(first.id);
    yield now;
    if (over.includes(now.status) || signal.aborted) return;
    for await (const task of queue) {
      yield task;
      if (over.includes(task.status)) return;
    }
  } finally {
    clearInterval(look);
    forget();
    queue.close();
  }
}

function failureOf(task: Task): AtelierError | null {
  if (task.status === 'complete') return null;
  if (task.error !== null) return errorFromBody(task.error);
  return new AtelierError(
    'cancelled',
    `The download of ${task.title} was ${task.status}. Ask again to begin anew.`,
  );
}

function lineOf({ id, title, status, progress }: Task) {
  if (status === 'paused') return { status: `paused: ${title}` };
  if (progress === null || status === 'queued') return { status: 'pulling manifest' };
  if (progress.unit !== 'bytes' || progress.note === 'verifying')
    return { status: `${progress.note ?? 'working on'} ${title}` };
  return {
    status: `pulling ${title}`,
    digest: id,
    ...(progress.total === null ? {} : { total: progress.total }),
    completed: progress.done,
  };
}

export function pullRoutes(services: Services) {
  const router = createRouter();
  router.post('/api/pull', async (c) => {
    const { model, stream } = checked(namedSchema, await jsonOf(c));
    const task = await services.library.pull(inputOf(model));
    if (!stream) {
      let last = task;
      for await (const state of follow(services, task, c.req.raw.signal)) last = state;
      const failure = failureOf(last);
      if (failure !== null) throw failure;
      return c.json({ status: 'success' });
    }
    return ndjsonResponse(
      async function* (signal) {
        const first = { status: 'pulling manifest' };
        yield first;
        try {
          let said = JSON.stringify(first);
          let last = task;
          for await (const state of follow(services, task, signal)) {
            last = state;
            const line = lineOf(state);
            const text = JSON.stringify(line);
            if (!over.includes(state.status) && text !== said) yield line;
            said = text;
          }
          if (signal.aborted) return;
          const failure = failureOf(last);
          yield failure === null ? { status: 'success' } : ollamaErrorBody(failure);
        } catch (error) {
          yield ollamaErrorBody(toAtelierError(error));
        }
      },
      { signals: [c.req.raw.signal] },
    );
  });
  return router;
}
