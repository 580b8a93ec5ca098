// `atelier models`: what can answer, what can be had, and how it gets here.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CatalogueListing, PullInput } from '../../../contracts/catalogue.ts';
import { AtelierError, type ErrorBody } from '../../../contracts/errors.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import type { Price } from '../../../contracts/money.ts';
import type { Task } from '../../../contracts/task.ts';
import { type ApiClient, openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, UsageError, words } from '../command.ts';
import { followTask } from '../follow-task.ts';
import { bytes, money, printable, printFacts, printJson, printTable } from '../output.ts';

interface ModelList {
  models: ModelInfo[];
  aliases: Record<string, string>;
  default: string | null;
}

const listModels = (client: ApiClient) => client.json<ModelList>('GET', '/atelier/v1/models');
const listCatalogue = async (client: ApiClient) =>
  (await client.json<{ listings: CatalogueListing[] }>('GET', '/atelier/v1/catalogue')).listings;

async function list(client: ApiClient, json: boolean): Promise<void> {
  const [{ models: here, default: chosen, aliases }, listings] = await Promise.all([
    listModels(client),
    listCatalogue(client),
  ]);
  if (json) return printJson({ models: here, default: chosen, aliases, catalogue: listings });
  printTable(
    ['ID', 'STATE', 'SIZE', 'CONTEXT', 'WHERE'],
    here.map((model) => [
      model.id === chosen ? `${model.id} *` : model.id,
      model.state,
      bytes(model.sizeBytes),
      model.contextLength,
      model.place.host ?? model.place.kind,
    ]),
  );
  if (here.some((model) => model.id === chosen)) process.stdout.write('* answers when no model is named\n');
  const rest = listings.filter((listing) => !listing.installed);
  if (rest.length > 0) {
    process.stdout.write('\nCan be had with `atelier models pull ID`:\n');
    printTable(
      ['ID', 'SIZE', 'FITS', 'LICENCE', 'WHAT'],
      rest.map(({ entry, fit }) => [
        entry.id,
        bytes(entry.sizeBytes),
        fit.fits ? 'yes' : `no: ${fit.reason}`,
        entry.licence,
        entry.summary.en,
      ]),
    );
  }
}

function priceInWords(price: Price): string {
  if (price.kind === 'none') return 'no charge';
  if (price.kind === 'unknown') return 'unknown';
  const of = (nanoDollars: number) => money({ kind: 'known', nanoDollars });
  return `${of(price.input)} in, ${of(price.output)} out, a million tokens (${price.source}, ${price.date})`;
}

async function show(client: ApiClient, id: string, json: boolean): Promise<void> {
  const { models: here, aliases, default: chosen } = await listModels(client);
  const wanted = id === 'default' ? chosen : (aliases[id] ?? id);
  const model = here.find((candidate) => candidate.id === wanted) ?? here.find(({ name }) => name === wanted);
  if (model) {
    if (json) return printJson(model);
    return printFacts([
      ['id', model.id],
      ['name', model.displayName],
      ['kind', model.kind],
      ['where', model.place.host ?? model.place.kind],
      ['state', model.error ? `${model.state}: ${model.error.message}` : model.state],
      ['size', bytes(model.sizeBytes)],
      ['weights', model.parameters === null ? null : weightsInWords(model.parameters)],
      ['quantization', model.quantization],
      ['context', model.contextLength === null ? null : `${model.contextLength} tokens`],
      ['languages', model.languages.join(', ') || null],
      ['tools', model.tools ? 'yes' : 'no'],
      ['licence', model.licence],
      ['price', priceInWords(model.price)],
    ]);
  }
  const listing = (await listCatalogue(client)).find(({ entry }) => entry.id === id.replace(/^local\//, ''));
  if (listing === undefined)
    throw new AtelierError(
      'model_not_found',
      `There is no model "${id}". \`atelier models list\` names those that there are and those that can be had.`,
      { data: { model: id } },
    );
  if (json) return printJson(listing);
  const { entry, fit } = listing;
  printFacts([
    ['id', entry.id],
    ['name', entry.displayName],
    [
      'state',
      listing.taskId === null ? `not here; \`atelier models pull ${entry.id}\` fetches it` : 'on its way',
    ],
    ['what', entry.summary.en],
    ['size', bytes(entry.sizeBytes)],
    [
      'fits',
      fit.fits
        ? 'yes'
        : `no (${fit.reason}): needs ${bytes(fit.neededBytes)} of ${bytes(fit.availableBytes)}`,
    ],
    ['context', `${entry.contextLength} tokens`],
    ['languages', entry.languages.join(', ')],
    ['licence', entry.licence],
  ]);
}

/** A path is resolved here, because the server may have been started in another folder. */
function pullInput(what: string): PullInput {
  const hub = /^hf:([^/]+\/[^/]+)\/(.+)$/.exec(what);
  if (hub?.[1] !== undefined && hub[2] !== undefined) return { repo: hub[1], file: hub[2] };
  if (what.startsWith('hf:'))
    throw new UsageError(`A file of the hub is named hf:OWNER/NAME/FILE, not "${what}".`);
  return /[/\\]|\.gguf$/i.test(what) || existsSync(what) ? { path: resolve(what) } : { id: what };
}

/** Follows a download to its end; Ctrl+C cancels it. */
async function follow(client: ApiClient, task: Task, json: boolean): Promise<void> {
  const current = await followTask(client, task, {
    what: 'The download',
    line: json
      ? null
      : ({ status }, { done, total, perSecond, note }) => {
          const of = total === null ? '' : ` of ${bytes(total)}`;
          const speed = perSecond ? `, ${bytes(perSecond)}/s` : '';
          return `${status === 'paused' ? 'paused' : (note ?? '')} ${bytes(done)}${of}${speed}`;
        },
  });
  if (json) return printJson(current);
  const { model = current.title, warning } = (current.result ?? {}) as {
    model?: string;
    warning?: ErrorBody | null;
  };
  process.stdout.write(`${printable(model)} is here.\n`);
  if (warning) process.stderr.write(`${printable(warning.message)}\n`);
}

function weightsInWords(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} billion`;
  return count >= 1e6 ? `${Math.round(count / 1e6)} million` : `${Math.round(count / 1e3)} thousand`;
}

/** What a verb needs beside it. */
const whatFor: Readonly<Record<string, [string]>> = {
  add: ['the path of a file or folder'],
  pull: ['a model: an id, a file or auto'],
  show: ['the id of a model'],
  remove: ['the id of a model'],
};

export const models: Command = {
  help: `atelier models list                      what can answer, and what can be had
atelier models pull ID|auto              from the catalogue
atelier models pull hf:OWNER/NAME/FILE   a file of the hub
atelier models add FILE.gguf             a file on this machine, used where it is
atelier models add FOLDER                a Hugging Face folder, converted once
atelier models show ID
atelier models remove ID                 deletes the file when Atelier fetched or made it

  --json      machine-readable output
`,
  options: {},
  async run({ values, positionals, env }) {
    const [verb, ...rest] = positionals;
    const json = flag(values, 'json') ?? false;
    const known = ['list', 'add', 'pull', 'show', 'remove'];
    if (verb === undefined || !known.includes(verb))
      throw new UsageError(`atelier models takes ${known.slice(0, -1).join(', ')} or ${known.at(-1)}.`);
    const [id = ''] = words(rest, `atelier models ${verb}`, ...(whatFor[verb] ?? []));
    const input = verb === 'pull' ? pullInput(id) : verb === 'add' ? { path: resolve(id) } : null;
    const client = await openClient(clientConfig(values, env));
    try {
      if (verb === 'list') await list(client, json);
      if (verb === 'show') await show(client, id, json);
      if (input)
        await follow(client, await client.json<Task>('POST', '/atelier/v1/models/pull', input), json);
      if (verb === 'remove') {
        const full = id.includes('/') ? id : `local/${id}`;
        await client.json('DELETE', `/atelier/v1/models/${encodeURIComponent(full)}`);
        if (json) printJson({ removed: full });
        else process.stdout.write(`${printable(full)} is removed.\n`);
      }
    } finally {
      await client.close();
    }
    return 0;
  },
};
