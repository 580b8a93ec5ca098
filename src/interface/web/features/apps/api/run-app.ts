// POST /apps/{name}/stream: runs an app and hears what it says while it works; stop is an abort of the request.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { AppEvent } from '../../../../../contracts/app.ts';
import { AtelierError, type ErrorBody, errorFromBody } from '../../../../../contracts/errors.ts';
import { readSse } from '../../../lib/sse.ts';
import { type AppRun, foldAppEvent, idleRun } from '../lib/app-run.ts';

async function* appEvents(
  name: string,
  body: { input: unknown; model: string },
  signal: AbortSignal,
): AsyncGenerator<AppEvent[]> {
  const response = await fetch(`/atelier/v1/apps/${encodeURIComponent(name)}/stream`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'x-atelier-client': 'web',
    },
    body: JSON.stringify(body),
    signal,
  }).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw new AtelierError('interrupted', 'Atelier does not answer. Is it still running?', {
      data: { offline: true },
      retryable: true,
      cause,
    });
  });
  if (!response.ok || !response.body) {
    const fault = (await response.json().catch(() => null)) as { error?: ErrorBody } | null;
    throw fault?.error
      ? errorFromBody({ ...fault.error, data: fault.error.data ?? {} })
      : new AtelierError('internal', `The app answered ${response.status}.`);
  }
  for await (const messages of readSse(response.body)) {
    const events: AppEvent[] = [];
    for (const message of messages) {
      if (message.event === 'error') {
        yield events;
        throw errorFromBody(JSON.parse(message.data) as ErrorBody);
      }
      events.push(JSON.parse(message.data) as AppEvent);
    }
    yield events;
  }
}

export interface AppRunner {
  run: AppRun;
  /** What went into the run that is shown. */
  input: unknown;
  start: (input: unknown, model: string) => void;
  stop: () => void;
}

export function useAppRun(name: string): AppRunner {
  const [run, setRun] = useState<AppRun>(idleRun);
  const [input, setInput] = useState<unknown>(undefined);
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(), []);

  const start = useCallback(
    (given: unknown, model: string) => {
      control.current?.abort();
      const own = new AbortController();
      control.current = own;
      setInput(given);
      setRun({ ...idleRun, status: 'running' });
      const work = async () => {
        for await (const events of appEvents(name, { input: given, model }, own.signal))
          setRun((now) => events.reduce(foldAppEvent, now));
        setRun((now) =>
          now.status === 'running'
            ? { ...now, status: 'failed', error: new AtelierError('interrupted', 'The stream broke off.') }
            : now,
        );
      };
      work().catch((error: unknown) => {
        // A newer run has taken the place.
        if (control.current !== own) return;
        setRun((now) => ({
          ...now,
          step: null,
          ...(own.signal.aborted ? { status: 'stopped' } : { status: 'failed', error }),
        }));
      });
    },
    [name],
  );
  const stop = useCallback(() => control.current?.abort(), []);
  return { run, input, start, stop };
}
