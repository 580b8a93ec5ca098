// `atelier apps`: the gallery, one run, or a run over the rows of a CSV file.
import { createWriteStream, existsSync, openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { AppBatch, AppEvent, AppFault, AppInfo } from '../../../contracts/app.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Task } from '../../../contracts/task.ts';
import { type ApiClient, openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, text, UsageError } from '../command.ts';
import { followTask } from '../follow-task.ts';
import { jsonLine, outputGone, printable, printJson, printTable } from '../output.ts';
import { onStopSignal } from '../signals.ts';
import { eventData } from '../sse.ts';
import { wireError } from '../wire-error.ts';

const path = '/atelier/v1/apps';

async function readPipe(): Promise<string> {
  if (process.stdin.isTTY) return '';
  let input = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) input += chunk;
  return input;
}

/** The field that plain words go into: the first required text of the schema. */
function textField({ inputSchema, name }: AppInfo): string {
  const properties = (inputSchema.properties ?? {}) as Record<string, { type?: unknown }>;
  const required = Array.isArray(inputSchema.required) ? inputSchema.required.map(String) : [];
  const field = [...required, ...Object.keys(properties)].find((key) => properties[key]?.type === 'string');
  if (field === undefined)
    throw new UsageError(`${name} takes no plain text: give its input with --input JSON.`);
  return field;
}

function readInput(given: string | undefined): Record<string, unknown> {
  if (given === undefined) return {};
  try {
    const value: unknown = JSON.parse(given);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // No JSON: said below.
  }
  throw new UsageError('--input takes a JSON object.');
}

/** `--map field=column`, as often as there are fields. */
function readColumns(values: Record<string, unknown>): Record<string, string> {
  const pairs = Array.isArray(values.map) ? values.map.map(String) : [];
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`--map takes FIELD=COLUMN, not "${pair}".`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

async function runOnce(
  client: ApiClient,
  name: string,
  input: unknown,
  model: string | undefined,
  json: boolean,
) {
  const stopped = new AbortController();
  onStopSignal(() => stopped.abort());
  const signal = AbortSignal.any([stopped.signal, outputGone]);
  const body = { input, ...(model === undefined ? {} : { model }) };
  const response = await client.request('POST', `${path}/${name}/stream`, body, signal);
  let streamed = false;
  let output: unknown;
  let receipt: unknown = null;
  try {
    for await (const data of eventData(response.body, signal)) {
      const event = JSON.parse(data) as AppEvent | { code: string };
      if (!('type' in event)) throw wireError(event) ?? new AtelierError('internal', 'The app failed.');
      if (event.type === 'text-delta' && !json) {
        streamed = true;
        process.stdout.write(printable(event.delta));
      }
      if (event.type === 'note' && !json) process.stderr.write(`(${printable(event.message)})\n`);
      if (event.type === 'output') output = event.output;
      if (event.type === 'finish') receipt = event.receipt;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (stopped.signal.aborted) throw new AtelierError('cancelled', 'Stopped.');
  if (json) process.stdout.write(jsonLine({ output, receipt }));
  else if (streamed) process.stdout.write('\n');
  else printJson(output);
}

async function runBatch(
  client: ApiClient,
  name: string,
  values: Record<string, unknown>,
  { csv, fixed, json }: { csv: string; fixed: Record<string, unknown>; json: boolean },
) {
  if (!existsSync(csv))
    throw new AtelierError('not_found', `There is no file ${csv}.`, { data: { path: csv } });
  const form = new FormData();
  form.append('columns', JSON.stringify(readColumns(values)));
  form.append('fixed', JSON.stringify(fixed));
  form.append('model', text(values, 'model') ?? 'default');
  form.append('file', await openAsBlob(csv), basename(csv));
  const response = await client.request('POST', `${path}/${name}/batches`, form);
  const { batch, task } = (await response.json()) as { batch: AppBatch; task: Task };
  await followTask(client, task, {
    what: 'The batch',
    line: json ? null : (_task, { done, total }) => `${done}${total === null ? '' : ` of ${total}`} rows`,
  });
  const after = await client.json<AppBatch>('GET', `/atelier/v1/batches/${batch.id}`);
  const out = text(values, 'out');
  const rows = await client.request('GET', `/atelier/v1/batches/${batch.id}/csv`);
  if (rows.body === null) throw new AtelierError('internal', 'The batch has no file.');
  if (out !== undefined) {
    await pipeline(Readable.fromWeb(rows.body as NodeReadableStream<Uint8Array>), createWriteStream(out));
    if (json) printJson(after);
    else process.stdout.write(printable(`${after.done} rows in ${out}, ${after.failed} failed.\n`));
  } else if (json) printJson(after);
  else
    for await (const chunk of Readable.fromWeb(rows.body as NodeReadableStream<Uint8Array>))
      process.stdout.write(chunk);
  return after.failed === 0 ? 0 : 1;
}

export const apps: Command = {
  help: `atelier apps                      what there is
atelier apps NAME [TEXT]          run one; a pipe follows the text
atelier apps NAME --csv FILE      run it over the rows of a file

  --input JSON            its whole input, or what the text does not say
  --map FIELD=COLUMN      which column fills which field; several times
  --out FILE              where the rows go (default: here)
  -m, --model ID          a model or an alias (default: default)
  --json                  one object: output and receipt
`,
  options: {
    input: { type: 'string' },
    csv: { type: 'string' },
    map: { type: 'string', multiple: true },
    out: { type: 'string' },
    model: { type: 'string', short: 'm' },
  },
  async run({ values, positionals, env }) {
    const [name, ...rest] = positionals;
    const json = flag(values, 'json') ?? false;
    const given = readInput(text(values, 'input'));
    const csv = text(values, 'csv');
    const config = clientConfig(values, env);
    const piped =
      name === undefined || csv !== undefined || text(values, 'input') !== undefined ? '' : await readPipe();
    const client = await openClient(config);
    try {
      if (name === undefined) {
        const { apps: all, faults } = await client.json<{ apps: AppInfo[]; faults: AppFault[] }>('GET', path);
        if (json) printJson({ apps: all, faults });
        else {
          printTable(
            ['NAME', 'FROM', 'WHAT'],
            all.map((app) => [app.name, app.origin ?? app.source, app.description.en ?? app.title.en ?? '']),
          );
          for (const fault of faults)
            process.stderr.write(printable(`not loaded: ${fault.origin}: ${fault.error.message}\n`));
        }
        return 0;
      }
      if (csv !== undefined) return await runBatch(client, name, values, { csv, fixed: given, json });
      const app = await client.json<AppInfo>('GET', `${path}/${encodeURIComponent(name)}`);
      const words = [rest.join(' '), piped].filter((part) => part.trim() !== '').join('\n\n');
      if (words === '' && Object.keys(given).length === 0)
        throw new UsageError(`atelier apps ${name} needs a text, a pipe or --input JSON.`);
      const input = words === '' ? given : { ...given, [textField(app)]: words };
      await runOnce(client, name, input, text(values, 'model'), json);
      return 0;
    } finally {
      await client.close();
    }
  },
};
