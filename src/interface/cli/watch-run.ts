// Follows a run at the terminal: what it writes to stdout, what it does to stderr.
import { AtelierError, errorFromBody } from '../../contracts/errors.ts';
import type { LoggedEvent, RunEvent } from '../../contracts/run.ts';
import type { ApiClient } from './api-client.ts';
import { printable } from './output.ts';
import { eventData } from './sse.ts';

export type RunFinish = Extract<RunEvent, { type: 'run-finish' }>;

/**
 * Hands over each event until the run has ended, and returns its end.
 * @throws AtelierError interrupted when the server went away; what the run failed with; cancelled when it was stopped
 */
export async function watchRun(
  client: ApiClient,
  runId: string,
  onEvent: (event: RunEvent) => void | Promise<void>,
): Promise<RunFinish> {
  const response = await client.request('GET', `/atelier/v1/runs/${runId}/events`);
  let finish: RunFinish | null = null;
  try {
    for await (const data of eventData(response.body)) {
      const { event } = JSON.parse(data) as LoggedEvent;
      await onEvent(event);
      if (event.type === 'run-finish') finish = event;
    }
  } catch (error) {
    // A body that breaks off is the server going away, which the missing end tells below.
    if (!(error instanceof TypeError)) throw error;
  }
  if (finish === null)
    throw new AtelierError(
      'interrupted',
      'The server went away in the middle of the run. What it did is kept; start it and look at it in the page.',
    );
  if (finish.error) throw errorFromBody(finish.error);
  if (finish.status === 'stopped') throw new AtelierError('cancelled', 'Stopped.');
  return finish;
}

/** One line a step, plan or tool call, for a person who waits. */
export function sayWhatIsDone(event: RunEvent): void {
  const say = (line: string) => process.stderr.write(`${printable(line)}\n`);
  if (event.type === 'run-warning') say(`(${event.message})`);
  if (event.type === 'plan')
    for (const { status, text } of event.items)
      say(`${{ open: '[ ]', doing: '[>]', done: '[x]', dropped: '[-]' }[status]} ${text}`);
  if (event.type === 'tool-call') say(`${event.toolName} ${JSON.stringify(event.input)}`);
  if (event.type === 'tool-result') {
    const text = event.result.content.map((part) => (part.type === 'text' ? part.text : '[file]')).join(' ');
    const line = text.replace(/\s+/g, ' ').trim();
    say(
      `${event.result.isError ? 'failed:' : '  =>'} ${line.length > 160 ? `${line.slice(0, 159)}…` : line}`,
    );
  }
}
