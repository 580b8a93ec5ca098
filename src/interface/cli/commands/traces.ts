// `atelier traces`: the ledger in the terminal.
import type { Span, Trace, TraceSummary } from '../../../contracts/span.ts';
import { openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, text, UsageError, words } from '../command.ts';
import { money, printable, printJson, printTable } from '../output.ts';

function printTree(spans: readonly Span[]): void {
  const ids = new Set(spans.map((span) => span.spanId));
  const print = (span: Span, depth: number) => {
    const ms = span.endUs === null ? 'open' : `${((span.endUs - span.startUs) / 1000).toFixed(0)} ms`;
    const tokens = span.usage ? `, ${span.usage.input} + ${span.usage.output} tokens` : '';
    const cost = span.cost ? `, ${money(span.cost)}` : '';
    const error = span.error ? `, ${span.error.code}: ${span.error.message}` : '';
    process.stdout.write(
      `${'  '.repeat(depth)}${printable(span.name)}  (${span.status}, ${ms}${tokens}${cost}${printable(error)})\n`,
    );
    for (const child of spans.filter((candidate) => candidate.parentId === span.spanId))
      print(child, depth + 1);
  };
  for (const span of spans) if (span.parentId === null || !ids.has(span.parentId)) print(span, 0);
}

export const traces: Command = {
  help: `atelier traces list      the newest calls
atelier traces show ID   one trace as a tree

  --status ok|error|cancelled|running
  --model ID
  --limit N
  --json      machine-readable output; of a trace, with its messages and parameters
`,
  options: { status: { type: 'string' }, model: { type: 'string' }, limit: { type: 'string' } },
  async run({ values, positionals, env }) {
    const [verb, ...rest] = positionals;
    if (verb !== 'list' && verb !== 'show') throw new UsageError('atelier traces takes list or show ID.');
    const [id = ''] = words(
      rest,
      `atelier traces ${verb}`,
      ...(verb === 'show' ? ['the id of a trace'] : []),
    );
    const json = flag(values, 'json') ?? false;
    const client = await openClient(clientConfig(values, env));
    try {
      if (verb === 'list') {
        const query = new URLSearchParams();
        for (const name of ['status', 'model', 'limit']) {
          const value = text(values, name);
          if (value !== undefined) query.set(name, value);
        }
        const page = await client.json<{ traces: TraceSummary[]; nextCursor: string | null }>(
          'GET',
          `/atelier/v1/traces?${query}`,
        );
        if (json) printJson(page);
        else
          printTable(
            ['TIME', 'TRACE', 'NAME', 'STATUS', 'IN', 'OUT', 'MS', 'COST'],
            page.traces.map((trace) => [
              new Date(trace.startUs / 1000).toISOString().slice(0, 19).replace('T', ' '),
              trace.traceId,
              trace.name,
              trace.status,
              trace.usage.input,
              trace.usage.output,
              trace.durationMs === null ? null : Math.round(trace.durationMs),
              money(trace.cost),
            ]),
          );
      } else {
        const trace = await client.json<Trace>('GET', `/atelier/v1/traces/${encodeURIComponent(id)}`);
        if (json) printJson(trace);
        else printTree(trace.spans);
      }
    } finally {
      await client.close();
    }
    return 0;
  },
};
