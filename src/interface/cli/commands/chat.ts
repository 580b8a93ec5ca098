// `atelier chat`: one answer for a text or a pipe, or a conversation at the keyboard. A conversation at the keyboard is
// kept, and goes on in the page; a single answer is only in the ledger.
import { createInterface } from 'node:readline/promises';
import { readConfig } from '../../../config.ts';
import type { Conversation, Message } from '../../../contracts/conversation.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Parameters } from '../../../contracts/model.ts';
import type { LoggedEvent } from '../../../contracts/run.ts';
import { type ApiClient, openClient } from '../api-client.ts';
import { type Command, configFlags, flag, number, text } from '../command.ts';
import { money, printable } from '../output.ts';
import { eventData } from '../sse.ts';

interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
}

async function readPipe(): Promise<string> {
  if (process.stdin.isTTY) return '';
  let input = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) input += chunk;
  return input;
}

/** One answer by the OpenAI wire, streamed to stdout as it comes. */
async function answerOnce(
  client: ApiClient,
  prompt: string,
  options: { model: string; system: string; parameters: Parameters; json: boolean },
): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const response = await client.request(
    'POST',
    '/v1/chat/completions',
    {
      model: options.model,
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        ...(options.system === '' ? [] : [{ role: 'system', content: options.system }]),
        { role: 'user', content: prompt },
      ],
      ...(options.parameters.temperature === undefined
        ? {}
        : { temperature: options.parameters.temperature }),
      ...(options.parameters.maxOutputTokens === undefined
        ? {}
        : { max_tokens: options.parameters.maxOutputTokens }),
      ...(options.parameters.seed === undefined ? {} : { seed: options.parameters.seed }),
    },
    stop.signal,
  );
  let answer = '';
  let usage: Usage | null = null;
  let finish: string | null = null;
  let model = options.model;
  for await (const data of eventData(response.body)) {
    if (data === '[DONE]') break;
    const chunk = JSON.parse(data) as {
      model?: string;
      error?: { message: string };
      choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[];
      usage?: Usage | null;
    };
    if (chunk.error) throw new AtelierError('provider_failed', chunk.error.message);
    const choice = chunk.choices?.[0];
    model = chunk.model ?? model;
    usage = chunk.usage ?? usage;
    finish = choice?.finish_reason ?? finish;
    const delta = choice?.delta?.content ?? '';
    answer += delta;
    if (!options.json) process.stdout.write(process.stdout.isTTY ? printable(delta) : delta);
  }
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ model, text: answer, finishReason: finish, usage, traceId: response.headers.get('x-atelier-trace-id') })}\n`,
    );
  else if (!answer.endsWith('\n')) process.stdout.write('\n');
}

/** Sends one message of a kept conversation and prints the answer as its run writes it. */
async function turn(client: ApiClient, conversation: Conversation, content: string): Promise<void> {
  const sent = await client.json<{ assistant: Message }>(
    'POST',
    `/atelier/v1/conversations/${conversation.id}/messages`,
    { parts: [{ type: 'text', text: content }] },
  );
  const runId = sent.assistant.runId;
  if (runId === null) return;
  const stop = () => void client.json('POST', `/atelier/v1/runs/${runId}/cancel`);
  process.on('SIGINT', stop);
  try {
    const response = await client.request('GET', `/atelier/v1/runs/${runId}/events`);
    for await (const data of eventData(response.body)) {
      const { event } = JSON.parse(data) as LoggedEvent;
      if (event.type === 'text-delta') process.stdout.write(printable(event.delta));
      if (event.type === 'run-status' && event.status.status === 'loading')
        process.stderr.write(`(loading ${event.status.model})\n`);
      if (event.type === 'run-finish') {
        if (event.error) process.stderr.write(`\n${event.error.message}\n`);
        const receipt = event.receipt;
        if (receipt) {
          const speed =
            receipt.tokensPerSecond === null ? '' : `, ${receipt.tokensPerSecond.toFixed(1)} tokens/s`;
          process.stdout.write(
            `\n(${receipt.model}, ${receipt.usage.input} + ${receipt.usage.output} tokens, ${(receipt.durationMs / 1000).toFixed(1)} s${speed}, ${money(receipt.cost)})\n\n`,
          );
        }
      }
    }
  } finally {
    process.off('SIGINT', stop);
  }
}

async function converse(client: ApiClient, conversation: Conversation): Promise<void> {
  process.stdout.write(
    'Type a message; Ctrl+C stops an answer, an empty Ctrl+D ends. The conversation is kept.\n\n',
  );
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  lines.on('SIGINT', () => process.emit('SIGINT'));
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() === '/bye' || line.trim() === '/exit') break;
    if (line.trim() !== '') {
      try {
        await turn(client, conversation, line);
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
    lines.prompt();
  }
  lines.close();
}

export const chat: Command = {
  help: `atelier chat [TEXT]: one answer to TEXT, or a conversation when there is none

  cat notes.txt | atelier chat "summarise"     the pipe follows the text

  --model ID          a model or an alias (default: default)
  --system TEXT       system prompt
  --temperature T     0 to 2
  --max-tokens N      at most so many tokens
  --seed N            repeatable sampling
  --json              one object: text, model, usage, traceId
`,
  options: {
    model: { type: 'string', short: 'm' },
    system: { type: 'string' },
    temperature: { type: 'string' },
    'max-tokens': { type: 'string' },
    seed: { type: 'string' },
  },
  async run({ values, positionals, env }) {
    const model = text(values, 'model') ?? 'default';
    const system = text(values, 'system') ?? '';
    const parameters: Parameters = {};
    const temperature = number(values, 'temperature');
    const maxOutputTokens = number(values, 'max-tokens');
    const seed = number(values, 'seed');
    if (temperature !== undefined) parameters.temperature = temperature;
    if (maxOutputTokens !== undefined) parameters.maxOutputTokens = maxOutputTokens;
    if (seed !== undefined) parameters.seed = seed;
    const piped = await readPipe();
    const prompt = [positionals.join(' '), piped].filter((part) => part.trim() !== '').join('\n\n');
    const client = await openClient(readConfig({ ...configFlags(values), model: undefined }, env));
    try {
      if (prompt !== '')
        await answerOnce(client, prompt, { model, system, parameters, json: flag(values, 'json') ?? false });
      else
        await converse(
          client,
          await client.json<Conversation>('POST', '/atelier/v1/conversations', { model, system, parameters }),
        );
    } finally {
      await client.close();
    }
    return 0;
  },
};
