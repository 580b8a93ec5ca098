// One answer by the OpenAI wire, streamed to stdout as it comes. It is in the ledger and in no conversation.
import { AtelierError } from '../../contracts/errors.ts';
import type { Parameters } from '../../contracts/model.ts';
import type { ApiClient } from './api-client.ts';
import { jsonLine, outputGone, printable } from './output.ts';
import { onStopSignal } from './signals.ts';
import { eventData } from './sse.ts';
import { wireError } from './wire-error.ts';

export interface Question {
  prompt: string;
  model: string;
  system: string;
  parameters: Parameters;
  json: boolean;
}

interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
}

interface Chunk {
  model?: string;
  error?: unknown;
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[];
  usage?: Usage | null;
}

/** What a person should know about an end that is not the model's own. */
const ends: Record<string, string> = {
  length: 'The answer was cut: the limit of tokens is reached.',
  content_filter: 'The answer was ended by a content filter.',
};

/** @throws AtelierError cancelled after Ctrl+C, interrupted when the stream breaks off, or what the server sent */
export async function answerOnce(client: ApiClient, question: Question): Promise<void> {
  const stopped = new AbortController();
  onStopSignal(() => stopped.abort());
  try {
    await stream(client, question, AbortSignal.any([stopped.signal, outputGone]));
  } catch (error) {
    if (!stopped.signal.aborted && !outputGone.aborted) throw error;
  }
  if (stopped.signal.aborted) throw new AtelierError('cancelled', 'Stopped.');
}

async function stream(client: ApiClient, question: Question, signal: AbortSignal): Promise<void> {
  const { prompt, system, parameters, json } = question;
  const response = await client.request(
    'POST',
    '/v1/chat/completions',
    {
      model: question.model,
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        ...(system === '' ? [] : [{ role: 'system', content: system }]),
        { role: 'user', content: prompt },
      ],
      ...(parameters.temperature === undefined ? {} : { temperature: parameters.temperature }),
      ...(parameters.maxOutputTokens === undefined ? {} : { max_tokens: parameters.maxOutputTokens }),
      ...(parameters.seed === undefined ? {} : { seed: parameters.seed }),
    },
    signal,
  );
  let answer = '';
  let usage: Usage | null = null;
  let finish: string | null = null;
  let model = question.model;
  let complete = false;
  try {
    for await (const data of eventData(response.body, signal)) {
      if (data === '[DONE]') {
        complete = true;
        break;
      }
      const chunk = JSON.parse(data) as Chunk;
      if (chunk.error)
        throw wireError(chunk.error) ?? new AtelierError('provider_failed', 'The answer failed.');
      const choice = chunk.choices?.[0];
      model = chunk.model ?? model;
      usage = chunk.usage ?? usage;
      finish = choice?.finish_reason ?? finish;
      const delta = choice?.delta?.content ?? '';
      answer += delta;
      if (!json) process.stdout.write(process.stdout.isTTY ? printable(delta) : delta);
    }
  } catch (error) {
    // A body that breaks off is the server going away, which `complete` tells below.
    if (!(error instanceof TypeError)) throw error;
  } finally {
    if (!json && answer !== '' && !answer.endsWith('\n')) process.stdout.write('\n');
  }
  if (signal.aborted) return;
  if (!complete)
    throw new AtelierError(
      'interrupted',
      'The server went away in the middle of the answer. Start it and ask again.',
      {
        retryable: true,
      },
    );
  if (json)
    process.stdout.write(
      jsonLine({
        model,
        text: answer,
        finishReason: finish,
        usage,
        traceId: response.headers.get('x-atelier-trace-id'),
      }),
    );
  else if (finish !== null && finish in ends) process.stderr.write(`${ends[finish]}\n`);
}
