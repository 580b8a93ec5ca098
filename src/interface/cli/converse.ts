// A conversation at the keyboard. It is kept, and goes on in the page.
import { createInterface } from 'node:readline';
import type { Conversation, Message, Receipt } from '../../contracts/conversation.ts';
import { AtelierError, toAtelierError } from '../../contracts/errors.ts';
import type { CallStatus } from '../../contracts/model.ts';
import type { LoggedEvent, RunEvent } from '../../contracts/run.ts';
import type { ApiClient } from './api-client.ts';
import { dim, money, outputGone, printable } from './output.ts';
import { eventData } from './sse.ts';

/** Returns the exit code. */
export async function converse(client: ApiClient, conversation: Conversation): Promise<number> {
  process.stdout.write(
    `${dim('Type a message. Ctrl+C stops an answer, Ctrl+D ends; the conversation is kept.')}\n\n`,
  );
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  let stopAnswer: (() => void) | null = null;
  let asked = 0;
  let code = 0;
  const leave = (exitCode: number) => {
    code = exitCode;
    lines.close();
  };
  const interrupt = () => {
    asked += 1;
    if (asked > 2) return leave(130);
    if (stopAnswer) return stopAnswer();
    if (asked === 2) return leave(130);
    if (lines.line === '') process.stdout.write(`\n${dim('Ctrl+C once more, or Ctrl+D, ends.')}\n`);
    else {
      asked = 0;
      process.stdout.write('\n');
      lines.write(null, { ctrl: true, name: 'e' });
      lines.write(null, { ctrl: true, name: 'u' });
    }
    lines.prompt();
  };
  // The keyboard's Ctrl+C comes through the line editor, one from elsewhere as a signal.
  lines.on('SIGINT', interrupt);
  process.on('SIGINT', interrupt);
  outputGone.addEventListener('abort', () => lines.close());
  const ended = new AbortController();
  lines.on('close', () => {
    if (code !== 0) ended.abort();
  });
  try {
    lines.prompt();
    for await (const line of lines) {
      asked = 0;
      const message = line.trim();
      if (message === '/bye' || message === '/exit') break;
      if (message !== '') {
        try {
          await turn(client, conversation, line, ended.signal, (stop) => {
            stopAnswer = stop;
          });
        } catch (error) {
          process.stderr.write(`${printable(toAtelierError(error).message)}\n\n`);
        }
        stopAnswer = null;
        asked = 0;
      }
      lines.prompt();
    }
  } finally {
    process.off('SIGINT', interrupt);
    lines.close();
    process.stdout.write('\n');
  }
  return code;
}

/** Sends one message and prints the answer as its run writes it. @throws AtelierError */
async function turn(
  client: ApiClient,
  conversation: Conversation,
  content: string,
  signal: AbortSignal,
  onRun: (stop: () => void) => void,
): Promise<void> {
  const sent = await client.json<{ assistant: Message }>(
    'POST',
    `/atelier/v1/conversations/${conversation.id}/messages`,
    { parts: [{ type: 'text', text: content }] },
  );
  const { runId } = sent.assistant;
  if (runId === null) throw new AtelierError('internal', 'The answer has no run.');
  onRun(() => {
    client.json('POST', `/atelier/v1/runs/${runId}/cancel`).catch((error: unknown) => {
      process.stderr.write(`\n${printable(toAtelierError(error).message)}\n`);
    });
  });
  const print = printer();
  const response = await client.request('GET', `/atelier/v1/runs/${runId}/events`);
  let finished = false;
  try {
    for await (const data of eventData(response.body, signal)) {
      const { event } = JSON.parse(data) as LoggedEvent;
      print(event);
      finished = event.type === 'run-finish';
    }
  } catch (error) {
    // A body that breaks off is the server going away, which `finished` tells below.
    if (!(error instanceof TypeError)) throw error;
  }
  if (!finished && !signal.aborted)
    throw new AtelierError(
      'interrupted',
      'The server went away in the middle of the answer. What it wrote is kept; start it and go on in the page.',
    );
}

/** Prints each event of an answer; states are said once. */
function printer(): (event: RunEvent) => void {
  let state = '';
  return (event) => {
    if (event.type === 'text-delta') process.stdout.write(printable(event.delta));
    if (event.type === 'run-warning') process.stderr.write(`(${printable(event.message)})\n`);
    if (event.type === 'run-status') {
      const said = stateInWords(event.status);
      if (said !== null && said !== state) process.stdout.write(`${dim(`(${printable(said)})`)}\n`);
      state = said ?? state;
    }
    if (event.type === 'run-finish') {
      if (event.error) process.stderr.write(`\n${printable(event.error.message)}`);
      const line = event.receipt ? receiptInWords(event.receipt) : null;
      const how = event.status === 'complete' || event.error ? null : event.status;
      const end = [how, line].filter((part) => part !== null).join(', ');
      process.stdout.write(end === '' ? '\n\n' : `\n${dim(`(${printable(end)})`)}\n\n`);
    }
  };
}

function stateInWords(status: CallStatus): string | null {
  if (status.status === 'queued') return `queued, place ${status.place}`;
  if (status.status === 'loading') return `loading ${status.model}`;
  return null;
}

function receiptInWords({
  model,
  usage,
  durationMs,
  tokensPerSecond,
  cost,
  finishReason,
  notes,
}: Receipt): string {
  return [
    model,
    `${usage.input} + ${usage.output} tokens`,
    `${(durationMs / 1000).toFixed(1)} s`,
    ...(tokensPerSecond === null ? [] : [`${tokensPerSecond.toFixed(1)} tokens/s`]),
    money(cost),
    ...(finishReason === 'length' ? ['cut at the limit of tokens'] : []),
    ...notes,
  ].join(', ');
}
