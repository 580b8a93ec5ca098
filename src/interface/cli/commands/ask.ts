// `atelier ask`: an answer from documents, with its sources.
import type { Conversation, Message } from '../../../contracts/conversation.ts';
import { AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { GroundingVerdict, Source } from '../../../contracts/knowledge.ts';
import { openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, text, UsageError } from '../command.ts';
import { findCollection } from '../find-collection.ts';
import { dim, jsonLine, printable } from '../output.ts';
import { onStopSignal } from '../signals.ts';
import { watchRun } from '../watch-run.ts';

const cited = (answer: string, sources: readonly Source[]) =>
  sources.filter(({ number }) => answer.includes(`[${number}]`));

export const ask: Command = {
  help: `atelier ask -c NAME QUESTION: an answer from a collection, with the passages it stands on

  -c, --collection NAME   may be given several times
  -m, --model ID          a model or an alias (default: default)
  --anyway                have the nearest passages read even if they seem to hold no answer
  --json                  one object: text, sources, verdict, model, usage, traceId

The question and its answer are kept as a conversation, which goes on in the page.
`,
  options: {
    collection: { type: 'string', short: 'c', multiple: true },
    model: { type: 'string', short: 'm' },
    anyway: { type: 'boolean' },
  },
  async run({ values, positionals, env }) {
    const question = positionals.join(' ').trim();
    const names = Array.isArray(values.collection) ? values.collection.map(String) : [];
    const json = flag(values, 'json') ?? false;
    if (question === '') throw new UsageError('atelier ask needs a question.');
    if (names.length === 0) throw new UsageError('atelier ask needs a collection: -c NAME.');
    const client = await openClient(clientConfig(values, env));
    try {
      const collections = await Promise.all(names.map((name) => findCollection(client, name)));
      const conversation = await client.json<Conversation>('POST', '/atelier/v1/conversations', {
        model: text(values, 'model') ?? 'default',
        knowledge: collections.map(({ id }) => id),
      });
      const { assistant } = await client.json<{ assistant: Message }>(
        'POST',
        `/atelier/v1/conversations/${conversation.id}/messages`,
        { parts: [{ type: 'text', text: question }], readAnyway: flag(values, 'anyway') ?? false },
      );
      const { runId } = assistant;
      if (runId === null) throw new AtelierError('internal', 'The answer has no run.');
      onStopSignal(() => {
        client.json('POST', `/atelier/v1/runs/${runId}/cancel`).catch((error: unknown) => {
          process.stderr.write(`${printable(toAtelierError(error).message)}\n`);
        });
      });
      let answer = '';
      let sources: Source[] = [];
      let verdict: GroundingVerdict | null = null;
      const finish = await watchRun(client, runId, (event) => {
        if (event.type === 'sources') {
          if (sources.length === 0 && event.sources.length > 0 && !json)
            process.stderr.write(dim(`(${event.sources.length} passages found)\n`));
          sources = event.sources;
          verdict = event.verdict;
        }
        if (event.type === 'run-warning' && !json) process.stderr.write(`(${printable(event.message)})\n`);
        if (event.type === 'text-delta') {
          answer += event.delta;
          if (!json) process.stdout.write(printable(event.delta));
        }
      });
      if (json)
        process.stdout.write(
          jsonLine({
            text: answer,
            sources,
            verdict,
            model: finish.receipt?.model ?? null,
            usage: finish.receipt?.usage ?? null,
            traceId: finish.receipt?.traceId ?? null,
            conversationId: conversation.id,
          }),
        );
      else {
        process.stdout.write('\n');
        for (const source of cited(answer, sources))
          process.stdout.write(
            printable(
              `[${source.number}] ${source.path}${source.page === null ? '' : `, page ${source.page}`}\n`,
            ),
          );
      }
      return 0;
    } finally {
      await client.close();
    }
  },
};
