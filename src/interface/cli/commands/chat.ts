// `atelier chat`: one answer for a text or a pipe, or a conversation at the keyboard.
import type { Conversation } from '../../../contracts/conversation.ts';
import type { Parameters } from '../../../contracts/model.ts';
import { answerOnce } from '../answer-once.ts';
import { openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, number, text, UsageError } from '../command.ts';
import { converse } from '../converse.ts';

async function readPipe(): Promise<string> {
  if (process.stdin.isTTY) return '';
  let input = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) input += chunk;
  return input;
}

export const chat: Command = {
  help: `atelier chat [TEXT]: one answer to TEXT, or a conversation when there is none

  cat notes.txt | atelier chat "summarise"     the pipe follows the text

  -m, --model ID      a model or an alias (default: default)
  --system TEXT       system prompt
  --temperature T     0 to 2
  --max-tokens N      at most so many tokens
  --seed N            repeatable sampling
  --json              one object: text, model, usage, traceId

At the keyboard, Ctrl+C stops an answer and Ctrl+D ends; the conversation is kept.
`,
  options: {
    model: { type: 'string', short: 'm' },
    system: { type: 'string' },
    temperature: { type: 'string' },
    'max-tokens': { type: 'string' },
    seed: { type: 'string' },
  },
  async run({ values, positionals, env }) {
    const json = flag(values, 'json') ?? false;
    const model = text(values, 'model') ?? 'default';
    const system = text(values, 'system') ?? '';
    const parameters: Parameters = {};
    const temperature = number(values, 'temperature');
    const maxOutputTokens = number(values, 'max-tokens');
    const seed = number(values, 'seed');
    if (temperature !== undefined) parameters.temperature = temperature;
    if (maxOutputTokens !== undefined) parameters.maxOutputTokens = maxOutputTokens;
    if (seed !== undefined) parameters.seed = seed;
    const config = clientConfig(values, env);
    const piped = await readPipe();
    const prompt = [positionals.join(' '), piped].filter((part) => part.trim() !== '').join('\n\n');
    if (prompt === '' && (json || !process.stdin.isTTY))
      throw new UsageError('There is nothing to answer: give a text, or pipe one in.');
    const client = await openClient(config);
    try {
      if (prompt === '')
        return await converse(
          client,
          await client.json<Conversation>('POST', '/atelier/v1/conversations', { model, system, parameters }),
        );
      await answerOnce(client, { prompt, model, system, parameters, json });
      return 0;
    } finally {
      await client.close();
    }
  },
};
