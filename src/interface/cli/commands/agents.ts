// `atelier agents`: what there is, a run at the terminal that asks before it acts, and approvals that wait.
import { createInterface } from 'node:readline/promises';
import type { Agent, Approval, ApprovalAnswer } from '../../../contracts/agent.ts';
import { AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { Run } from '../../../contracts/run.ts';
import { type ApiClient, openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, text, UsageError, words } from '../command.ts';
import { findCollection } from '../find-collection.ts';
import { jsonLine, printable, printJson, printTable } from '../output.ts';
import { onStopSignal } from '../signals.ts';
import { sayWhatIsDone, watchRun } from '../watch-run.ts';

const waiting = async (client: ApiClient, runId?: string) =>
  (
    await client.json<{ approvals: Approval[] }>(
      'GET',
      `/atelier/v1/approvals?open=true${runId === undefined ? '' : `&runId=${encodeURIComponent(runId)}`}`,
    )
  ).approvals;

const answer = (client: ApiClient, id: string, body: ApprovalAnswer) =>
  client.json<Approval>('POST', `/atelier/v1/approvals/${encodeURIComponent(id)}`, body);

/** Asks at the keyboard; without one the run waits for an answer from elsewhere. */
async function askPerson(client: ApiClient, approvalId: string, runId: string): Promise<void> {
  const approval = (await waiting(client, runId)).find(({ id }) => id === approvalId);
  if (approval === undefined) return;
  const what = `${approval.toolTitle} (${approval.effect}): ${JSON.stringify(approval.input)}`;
  if (!process.stdin.isTTY) {
    process.stderr.write(
      printable(
        `waits for an approval: ${what}\n  atelier agents approve ${approval.id} yes|no, or in the page\n`,
      ),
    );
    return;
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = (
      await lines.question(printable(`${what}\nDo it? (y = yes, n = no, or the arguments as JSON) `))
    ).trim();
    if (/^(y|yes|o|oui)$/i.test(said)) await answer(client, approvalId, { decision: 'yes' });
    else if (said.startsWith('{'))
      await answer(client, approvalId, { decision: 'yes', input: JSON.parse(said) as unknown });
    else
      await answer(client, approvalId, {
        decision: 'no',
        ...(/^(n|no|non|)$/i.test(said) ? {} : { reason: said }),
      });
  } finally {
    lines.close();
  }
}

async function runAgent(
  client: ApiClient,
  values: Record<string, unknown>,
  name: string,
  task: string,
  json: boolean,
) {
  const model = text(values, 'model');
  const names = Array.isArray(values.collection) ? values.collection.map(String) : [];
  const knowledge = await Promise.all(names.map(async (named) => (await findCollection(client, named)).id));
  const run = await client.json<Run>('POST', `/atelier/v1/agents/${encodeURIComponent(name)}/runs`, {
    input: task,
    knowledge,
    ...(model === undefined ? {} : { model }),
  });
  onStopSignal(() => {
    client.json('POST', `/atelier/v1/runs/${run.id}/cancel`).catch((error: unknown) => {
      process.stderr.write(`${printable(toAtelierError(error).message)}\n`);
    });
  });
  let written = '';
  let output: unknown = null;
  const finish = await watchRun(client, run.id, async (event) => {
    if (event.type === 'text-delta') {
      written += event.delta;
      if (!json) process.stdout.write(printable(event.delta));
    } else if (event.type === 'step-start') written = '';
    else if (event.type === 'output') output = event.output;
    else if (event.type === 'tool-approval-request') await askPerson(client, event.approvalId, run.id);
    else if (!json) sayWhatIsDone(event);
  });
  const { files } = await client.json<{ files: { path: string; kind: string }[] }>(
    'GET',
    `/atelier/v1/runs/${run.id}/files`,
  );
  if (json)
    process.stdout.write(
      jsonLine({
        runId: run.id,
        text: written,
        output,
        files: files.filter(({ kind }) => kind === 'file').map(({ path }) => path),
        model: finish.receipt?.model ?? null,
        usage: finish.receipt?.usage ?? null,
        traceId: finish.receipt?.traceId ?? null,
      }),
    );
  else {
    if (output !== null) process.stdout.write(`${JSON.stringify(output, null, 2)}`);
    process.stdout.write('\n');
    for (const { path, kind } of files)
      if (kind === 'file') process.stderr.write(printable(`wrote ${path}\n`));
  }
}

const verbs = ['list', 'run', 'approvals', 'approve'];

export const agents: Command = {
  help: `atelier agents list                    agents and what they may use
atelier agents run NAME TASK           a run; it asks before it acts
atelier agents approvals               what waits for a yes or no
atelier agents approve ID yes|no [WHY]

  -m, --model ID          a model for this run
  -c, --collection NAME   a collection it may search, beside its own; several times
  --json                  machine-readable output
`,
  options: {
    model: { type: 'string', short: 'm' },
    collection: { type: 'string', short: 'c', multiple: true },
  },
  async run({ values, positionals, env }) {
    const [verb, ...rest] = positionals;
    const json = flag(values, 'json') ?? false;
    if (verb === undefined || !verbs.includes(verb))
      throw new UsageError(`atelier agents takes ${verbs.slice(0, -1).join(', ')} or ${verbs.at(-1)}.`);
    if (verb === 'list' || verb === 'approvals') words(rest, `atelier agents ${verb}`);
    const [first = '', second = ''] = rest;
    if (verb === 'run' && rest.length < 2)
      throw new UsageError('atelier agents run needs an agent and a task.');
    if (verb === 'approve' && !/^(yes|no)$/.test(second))
      throw new UsageError('atelier agents approve needs the id of an approval, then yes or no.');
    const client = await openClient(clientConfig(values, env));
    try {
      if (verb === 'list') {
        const { agents: all } = await client.json<{ agents: Agent[] }>('GET', '/atelier/v1/agents');
        if (json) printJson({ agents: all });
        else
          printTable(
            ['NAME', 'MODEL', 'TOOLS', 'KNOWLEDGE', 'WHAT'],
            all.map((agent) => [
              agent.name,
              agent.model,
              agent.tools.join(', ') || null,
              agent.knowledge.length,
              agent.description || agent.title,
            ]),
          );
      }
      if (verb === 'run') await runAgent(client, values, first, rest.slice(1).join(' '), json);
      if (verb === 'approvals') {
        const approvals = await waiting(client);
        if (json) printJson({ approvals });
        else
          printTable(
            ['ID', 'AGENT', 'TOOL', 'EFFECT', 'ARGUMENTS'],
            approvals.map((approval) => [
              approval.id,
              approval.agent,
              approval.toolName,
              approval.effect,
              JSON.stringify(approval.input),
            ]),
          );
      }
      if (verb === 'approve') {
        const reason = rest.slice(2).join(' ');
        const done = await answer(client, first, {
          decision: second === 'yes' ? 'yes' : 'no',
          ...(reason === '' ? {} : { reason }),
        });
        if (json) printJson(done);
        else process.stdout.write(`${printable(done.toolName)}: ${second}.\n`);
      }
    } catch (error) {
      if (error instanceof SyntaxError)
        throw new AtelierError('invalid_request', `The arguments are no JSON: ${error.message}.`, {
          cause: error,
        });
      throw error;
    } finally {
      await client.close();
    }
    return 0;
  },
};
