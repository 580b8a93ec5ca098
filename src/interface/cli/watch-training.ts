// Follows a training at the terminal: one line that is written over, and a line for whatever is worth keeping.
// Ctrl+C leaves the run going.
import type { StoredTrainingEvent, TrainingRun } from '../../contracts/training.ts';
import type { ApiClient } from './api-client.ts';
import { printable } from './output.ts';
import { onStopSignal } from './signals.ts';
import { eventData } from './sse.ts';

const path = '/atelier/v1/training';

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** What a person is told of an event; `live`: only while nothing newer came. */
export function lineOf(
  { event }: StoredTrainingEvent,
  steps: number,
): { text: string; live: boolean } | null {
  switch (event.type) {
    case 'status':
      return { text: event.status, live: true };
    case 'point': {
      const left = event.step === 0 ? null : (event.seconds / event.step) * (steps - event.step);
      return {
        text: `step ${event.step} of ${steps}  loss ${event.loss.toFixed(4)}  ${event.accuracy === null ? '' : `right ${Math.round(event.accuracy * 100)} %  `}${Math.round(event.tokensPerSecond)} tokens/s${left === null ? '' : `  ${duration(left)} left`}`,
        live: true,
      };
    }
    case 'evaluation':
      return {
        text: `step ${event.step}: validation loss ${event.validationLoss.toFixed(4)}${event.accuracy === null ? '' : `, right ${Math.round(event.accuracy * 100)} %`}`,
        live: false,
      };
    case 'note':
      return { text: `(${event.message})`, live: false };
    case 'sample':
    case 'checkpoint':
      return null;
  }
}

/** @returns the run as it is then: ended, or going on after Ctrl+C. `json`: one event a line on stdout. */
export async function watchTraining(
  client: ApiClient,
  run: TrainingRun,
  json: boolean,
): Promise<{ run: TrainingRun; left: boolean }> {
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  const live = !json && process.stderr.isTTY;
  const clear = () => live && process.stderr.write('\r\x1b[K');
  let after = 0;
  let current = run;
  const isOpen = () => ['queued', 'running'].includes(current.status);
  // A stream that breaks off is asked for again from where it was.
  while (isOpen() && !stop.signal.aborted) {
    const response = await client.request('GET', `${path}/${run.id}/events?after=${after}`);
    try {
      for await (const data of eventData(response.body, stop.signal)) {
        const stored = JSON.parse(data) as StoredTrainingEvent;
        after = stored.seq;
        if (json) process.stdout.write(`${data}\n`);
        const line = json ? null : lineOf(stored, run.steps);
        if (line === null || (line.live && !live)) continue;
        clear();
        process.stderr.write(printable(line.text) + (line.live ? '' : '\n'));
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    current = await client.json<TrainingRun>('GET', `${path}/${run.id}`);
  }
  clear();
  return { run: current, left: stop.signal.aborted && isOpen() };
}
