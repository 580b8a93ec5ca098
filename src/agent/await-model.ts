// Waits for a model that is still being fetched, so that a person can write while it comes.

import type { FirstRun } from '../contracts/catalogue.ts';
import { errorFromBody, isAtelierError, toAtelierError } from '../contracts/errors.ts';
import type { CallStatus } from '../contracts/model.ts';
import type { TaskProgress } from '../contracts/task.ts';
import type { ResolvedModel } from '../models/model-call.ts';
import type { ModelRegistry } from '../models/registry.ts';

const ASK_AGAIN_MS = 500;

function loadingOf(asked: string, data: Record<string, unknown>): CallStatus {
  const progress = data.progress as TaskProgress | null | undefined;
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : null;
  return { status: 'loading', model: typeof data.model === 'string' ? data.model : asked, progress: share };
}

/** Once a download has failed for good, its own error says more than that there is no model. */
function failureBehind(thrown: unknown): unknown {
  if (!isAtelierError(thrown)) return thrown;
  const run = thrown.data.firstRun as FirstRun | null | undefined;
  const error =
    run?.state === 'failed' ? run.attempts.findLast((attempt) => attempt.error !== null)?.error : null;
  return error ? errorFromBody(error) : thrown;
}

function pause(registry: ModelRegistry, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      off();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ASK_AGAIN_MS);
    const off = registry.onChange(done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/**
 * `wasLoading`: it was on its way when the message was taken, so that a model that is not there now failed to come.
 * @throws whatever else `resolve` says; the signal's reason as `cancelled`
 */
export async function awaitModel(
  registry: ModelRegistry,
  asked: string,
  wasLoading: boolean,
  signal: AbortSignal,
  onLoading: (status: CallStatus) => void,
): Promise<ResolvedModel> {
  let waited = wasLoading;
  for (;;) {
    if (signal.aborted) throw toAtelierError(new DOMException('The answer was stopped.', 'AbortError'));
    try {
      return await registry.resolve(asked);
    } catch (thrown) {
      if (!isAtelierError(thrown) || thrown.code !== 'model_loading')
        throw waited ? failureBehind(thrown) : thrown;
      waited = true;
      onLoading(loadingOf(asked, thrown.data));
      await pause(registry, signal);
    }
  }
}
