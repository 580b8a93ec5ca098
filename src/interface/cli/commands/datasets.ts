// `atelier datasets`: what there is to learn from and to judge by, files in, versions frozen.
import { basename, extname } from 'node:path';
import { type DatasetKind, datasetKinds } from '../../../contracts/dataset.ts';
import type { Task } from '../../../contracts/task.ts';
import { openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, text, UsageError, words } from '../command.ts';
import { addFile, findDataset, freeze, listDatasets } from '../find-dataset.ts';
import { followTask } from '../follow-task.ts';
import { printable, printJson, printTable } from '../output.ts';

const help = `atelier datasets list                what there is, with what is approved
atelier datasets add FILE            a JSONL or CSV file, as approved examples
atelier datasets names NAME          a local model (--model) looks for names of people
atelier datasets freeze NAME         a version that never changes, of what is approved

  --name NAME      of the dataset (default: the file's name); one that is there is added to
  --kind KIND      chat, preference or labels (default: chat)
  --purpose WORD   training or evaluation (default: training)
  --shape SHAPE    openai, openai-preference, sharegpt, alpaca, prompt-completion,
                   prompt-preference, csv or labels (default: as it looks)
  --skip-faults    leave out lines that are no example
  --note TEXT      of the version
  --model MODEL    that looks for names; only one of this machine
`;

export const datasets: Command = {
  help,
  options: {
    name: { type: 'string' },
    kind: { type: 'string' },
    purpose: { type: 'string' },
    shape: { type: 'string' },
    note: { type: 'string' },
    model: { type: 'string' },
    'skip-faults': { type: 'boolean' },
  },
  async run({ values, positionals, env }) {
    const [verb, ...rest] = positionals;
    const json = flag(values, 'json') ?? false;
    if (verb !== 'list' && verb !== 'add' && verb !== 'names' && verb !== 'freeze')
      throw new UsageError('atelier datasets takes list, add, names or freeze.');
    const kind = oneOf(values, 'kind', datasetKinds) ?? 'chat';
    const purpose = oneOf(values, 'purpose', ['training', 'evaluation'] as const) ?? 'training';
    const [what = ''] =
      verb === 'list'
        ? words(rest, 'atelier datasets list')
        : words(rest, `atelier datasets ${verb}`, verb === 'add' ? 'a file' : 'the name of a dataset');
    const client = await openClient(clientConfig(values, env));
    try {
      if (verb === 'list') {
        const all = await listDatasets(client);
        if (json) printJson({ datasets: all });
        else if (all.length === 0)
          process.stdout.write('There is no dataset yet. `atelier datasets add FILE` makes one.\n');
        else
          printTable(
            ['NAME', 'KIND', 'PURPOSE', 'APPROVED', 'PENDING', 'FINDINGS', 'VERSION'],
            all.map(({ name, kind: of, purpose: why, counts, versions }) => [
              name,
              of,
              why,
              counts.approved,
              counts.pending,
              counts.withFindings,
              versions[0]?.version ?? null,
            ]),
          );
      }
      if (verb === 'add') {
        const { dataset, report } = await addFile(client, {
          file: what,
          name: text(values, 'name') ?? basename(what, extname(what)),
          kind: kind satisfies DatasetKind,
          purpose,
          shape: text(values, 'shape'),
          skipFaults: flag(values, 'skip-faults') ?? false,
        });
        if (json) printJson({ dataset, report });
        else
          process.stdout.write(
            printable(
              `${dataset.name}: ${report.added} examples added, ${report.known} were there; ${dataset.counts.approved} approved, ${dataset.counts.withFindings} with personal data that is not redacted.\n`,
            ),
          );
      }
      if (verb === 'names') {
        const dataset = await findDataset(client, what);
        const task = await client.json<Task>('POST', `/atelier/v1/datasets/${dataset.id}/find-names`, {
          model: text(values, 'model') ?? 'default',
        });
        const ended = await followTask(client, task, {
          line: json
            ? null
            : (_, { done, total }) => `Looking for names: ${done} of ${total ?? '?'} examples`,
          what: 'The search for names',
        });
        if (json) printJson(ended);
        else
          process.stdout.write(
            printable(
              `${dataset.name}: ${ended.payload.model} looked at ${ended.result?.looked} examples and found names of people at ${ended.result?.names} places. It does not find all: read what you approve.\n`,
            ),
          );
      }
      if (verb === 'freeze') {
        const dataset = await findDataset(client, what);
        const version = await freeze(client, dataset.id, text(values, 'note') ?? '');
        if (json) printJson(version);
        else
          process.stdout.write(
            printable(
              `${dataset.name}, version ${version.version}: ${version.examples} examples (${version.splits.train} to train with, ${version.splits.validation} to validate, ${version.splits.test} to test).\n`,
            ),
          );
      }
    } finally {
      await client.close();
    }
    return 0;
  },
};

/** @throws UsageError */
function oneOf<T extends string>(
  values: Record<string, unknown>,
  name: string,
  known: readonly T[],
): T | undefined {
  const value = text(values, name);
  if (value === undefined) return undefined;
  const found = known.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${name} takes ${known.join(', ')}, not "${value}".`);
  return found;
}
