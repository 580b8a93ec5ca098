// `atelier models`: what can answer, what can be had, and how it gets here.
import { readConfig } from '../../../config.ts';
import type { CatalogueListing } from '../../../contracts/catalogue.ts';
import { AtelierError, errorFromBody } from '../../../contracts/errors.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import type { Task } from '../../../contracts/task.ts';
import { type ApiClient, openClient } from '../api-client.ts';
import { type Command, configFlags, flag, UsageError } from '../command.ts';
import { bytes, printJson, printTable } from '../output.ts';

interface ModelList {
  models: ModelInfo[];
  aliases: Record<string, string>;
  default: string | null;
}

async function list(client: ApiClient, json: boolean): Promise<void> {
  const [{ models, default: chosen, aliases }, { listings }] = await Promise.all([
    client.json<ModelList>('GET', '/atelier/v1/models'),
    client.json<{ listings: CatalogueListing[] }>('GET', '/atelier/v1/catalogue'),
  ]);
  if (json) return printJson({ models, default: chosen, aliases, catalogue: listings });
  printTable(
    ['ID', 'STATE', 'SIZE', 'CONTEXT', 'WHERE'],
    models.map((model) => [
      model.id === chosen ? `${model.id} *` : model.id,
      model.state,
      bytes(model.sizeBytes),
      model.contextLength,
      model.place.host ?? model.place.kind,
    ]),
  );
  const rest = listings.filter((listing) => !listing.installed);
  if (rest.length > 0) {
    process.stdout.write('\nCan be had with `atelier models pull ID`:\n');
    printTable(
      ['ID', 'SIZE', 'LICENCE', 'FITS', 'WHAT'],
      rest.map(({ entry, fit }) => [
        entry.id,
        bytes(entry.sizeBytes),
        entry.licence,
        fit.fits ? 'yes' : `no: ${fit.reason}`,
        entry.summary.en,
      ]),
    );
  }
}

/** Follows a download to its end; Ctrl+C cancels it. */
async function follow(client: ApiClient, task: Task, json: boolean): Promise<void> {
  let current = task;
  const cancel = () => void client.json('POST', `/atelier/v1/tasks/${task.id}/cancel`);
  process.on('SIGINT', cancel);
  try {
    while (current.status === 'queued' || current.status === 'running' || current.status === 'paused') {
      await new Promise((resolve) => setTimeout(resolve, 300));
      current = await client.json<Task>('GET', `/atelier/v1/tasks/${task.id}`);
      const progress = current.progress;
      if (!json && progress && process.stderr.isTTY) {
        process.stderr.write(
          `\r\x1b[K${progress.note ?? ''} ${bytes(progress.done)} of ${bytes(progress.total)}`,
        );
      }
    }
  } finally {
    process.off('SIGINT', cancel);
    if (!json && process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
  if (current.status === 'cancelled') throw new AtelierError('cancelled', 'The download was cancelled.');
  if (current.status === 'failed')
    throw current.error
      ? errorFromBody(current.error)
      : new AtelierError('download_failed', 'The download failed.');
  if (json) printJson(current);
  else process.stdout.write(`${current.title} is here.\n`);
}

function only(positionals: string[], what: string): string {
  const [value, extra] = positionals;
  if (value === undefined || extra !== undefined) throw new UsageError(`This needs one ${what}.`);
  return value;
}

export const models: Command = {
  help: `atelier models list                    what can answer, and what can be had
atelier models pull ID|auto            from the catalogue
atelier models pull FILE.gguf          a file or folder on this machine, used where it is
atelier models pull hf:OWNER/NAME/FILE a file of the hub
atelier models show ID
atelier models remove ID               deletes the file when Atelier fetched it
`,
  options: {},
  async run({ values, positionals, env }) {
    const [verb, ...rest] = positionals;
    const json = flag(values, 'json') ?? false;
    const known = ['list', 'pull', 'show', 'remove'];
    if (verb === undefined || !known.includes(verb))
      throw new UsageError(`atelier models takes ${known.join(', ')}.`);
    const client = await openClient(readConfig(configFlags(values), env));
    try {
      if (verb === 'list') await list(client, json);
      if (verb === 'pull') {
        const what = only(rest, 'model');
        const hub = /^hf:([^/]+\/[^/]+)\/(.+)$/.exec(what);
        const body = hub
          ? { repo: hub[1], file: hub[2] }
          : /[/\\]|\.gguf$/i.test(what)
            ? { path: what }
            : { id: what };
        await follow(client, await client.json<Task>('POST', '/atelier/v1/models/pull', body), json);
      }
      if (verb === 'show') {
        const id = only(rest, 'id');
        const { models: all, aliases } = await client.json<ModelList>('GET', '/atelier/v1/models');
        const model = all.find(
          (candidate) => candidate.id === id || candidate.id === aliases[id] || candidate.name === id,
        );
        if (!model)
          throw new AtelierError(
            'model_not_found',
            `There is no model "${id}" here. \`atelier models list\` names those that there are.`,
          );
        printJson(model);
      }
      if (verb === 'remove') {
        const id = only(rest, 'id');
        await client.json(
          'DELETE',
          `/atelier/v1/models/${encodeURIComponent(id.includes('/') ? id : `local/${id}`)}`,
        );
        if (!json) process.stdout.write(`${id} is removed.\n`);
      }
    } finally {
      await client.close();
    }
    return 0;
  },
};
