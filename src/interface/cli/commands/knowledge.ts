// `atelier knowledge`: documents in, search, and the check of the indexes.
import { existsSync, openAsBlob, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { AtelierError } from '../../../contracts/errors.ts';
import type {
  Collection,
  KnowledgeCheck,
  KnowledgeDocument,
  SearchResult,
} from '../../../contracts/knowledge.ts';
import type { Task } from '../../../contracts/task.ts';
import { type ApiClient, openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, number, text, UsageError, words } from '../command.ts';
import { findCollection, listCollections } from '../find-collection.ts';
import { followTask } from '../follow-task.ts';
import { bytes, printable, printFacts, printJson, printTable } from '../output.ts';

const path = '/atelier/v1/collections';
const isUrl = (what: string) => /^https?:\/\//i.test(what);

async function allDocuments(client: ApiClient, id: string): Promise<KnowledgeDocument[]> {
  const documents: KnowledgeDocument[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { documents: KnowledgeDocument[]; nextCursor: string | null } = await client.json(
      'GET',
      `${path}/${id}/documents?limit=200${query}`,
    );
    documents.push(...page.documents);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return documents;
}

async function collectionFor(client: ApiClient, name: string): Promise<Collection> {
  const known = (await listCollections(client)).some(
    (collection) => collection.id === name || collection.name.toLowerCase() === name.toLowerCase(),
  );
  return known ? findCollection(client, name) : client.json('POST', path, { name });
}

/** Starts what reads the sources, each as its kind asks. */
async function startReading(client: ApiClient, id: string, sources: readonly string[]): Promise<Task[]> {
  const tasks: (Task | null)[] = [];
  const form = new FormData();
  let files = 0;
  for (const source of sources) {
    if (isUrl(source))
      tasks.push(
        (await client.json<{ task: Task | null }>('POST', `${path}/${id}/url`, { url: source })).task,
      );
    else if (statSync(source).isDirectory())
      tasks.push(await client.json<Task>('POST', `${path}/${id}/folder`, { path: resolve(source) }));
    else {
      form.append('files', await openAsBlob(source), basename(source));
      files++;
    }
  }
  if (files > 0) {
    const response = await client.request('POST', `${path}/${id}/documents`, form);
    tasks.push(((await response.json()) as { task: Task | null }).task);
  }
  return tasks.filter((task) => task !== null);
}

/** The task that reads documents of the collection now. */
async function readingOf(client: ApiClient, id: string): Promise<Task | undefined> {
  const { tasks } = await client.json<{ tasks: Task[] }>('GET', '/atelier/v1/tasks?open=true&limit=200');
  return tasks.find(
    ({ kind, payload, status }) =>
      kind.startsWith('knowledge.') && payload.collectionId === id && status !== 'paused',
  );
}

async function add(client: ApiClient, sources: string[], name: string | undefined, json: boolean) {
  const missing = sources.find((source) => !isUrl(source) && !existsSync(source));
  if (missing !== undefined)
    throw new AtelierError('not_found', `There is no file or folder ${missing}.`, {
      data: { path: missing },
    });
  const first = sources[0] ?? '';
  const collection = await collectionFor(
    client,
    name ?? (isUrl(first) ? new URL(first).hostname : basename(resolve(first))),
  );
  const follow = (task: Task) =>
    followTask(client, task, {
      what: 'The reading',
      line: json
        ? null
        : (_task, { done, total, note }) =>
            `${note ?? 'reading'} ${done}${total === null ? '' : ` of ${total}`}`,
    });
  for (const task of await startReading(client, collection.id, sources)) await follow(task);
  // A folder is looked through by one task, and what it found is read by another.
  for (let task = await readingOf(client, collection.id); task; task = await readingOf(client, collection.id))
    await follow(task);
  const [after, documents] = await Promise.all([
    client.json<Collection>('GET', `${path}/${collection.id}`),
    allDocuments(client, collection.id),
  ]);
  const failed = documents.filter(({ status }) => status === 'failed');
  if (json) printJson({ collection: after, failed });
  else {
    process.stdout.write(
      `${printable(after.name)}: ${after.documents.ready} documents, ${after.passages} passages.\n`,
    );
    for (const document of failed)
      process.stderr.write(printable(`not read: ${document.path}: ${document.error?.message ?? ''}\n`));
  }
  return 0;
}

async function search(client: ApiClient, query: string, name: string, limit: number, json: boolean) {
  const collection = await findCollection(client, name);
  const result = await client.json<SearchResult>('POST', '/atelier/v1/search', {
    collectionIds: [collection.id],
    query,
    limit,
  });
  if (json) return printJson(result);
  for (const note of result.notes) process.stderr.write(`(${printable(note)})\n`);
  if (result.hits.length === 0) process.stdout.write('Nothing found.\n');
  for (const hit of result.hits) {
    const page = hit.page === null ? '' : `, page ${hit.page}`;
    const passage = hit.text.replace(/\s+/g, ' ').trim();
    process.stdout.write(
      printable(
        `${hit.rank}. ${hit.title}${page}  (${hit.path}, ${hit.score.toFixed(3)})\n   ${passage.length > 300 ? `${passage.slice(0, 299)}…` : passage}\n`,
      ),
    );
  }
}

async function check(client: ApiClient, repair: boolean, json: boolean): Promise<number> {
  const found = await client.json<KnowledgeCheck>('POST', '/atelier/v1/knowledge/check', { repair });
  const left = found.faults.filter((fault) => !fault.repaired);
  if (json) printJson(found);
  else {
    process.stdout.write(
      `${found.collections} collections, ${found.documents} documents, ${found.passages} passages: ${found.faults.length === 0 ? 'all agree' : `${found.faults.length} faults`}.\n`,
    );
    if (found.faults.length > 0)
      printTable(
        ['FAULT', 'COLLECTION', 'DOCUMENT', 'COUNT', 'REPAIRED'],
        found.faults.map((fault) => [
          fault.kind,
          fault.collectionId,
          fault.documentId,
          fault.count,
          fault.repaired ? 'yes' : 'no',
        ]),
      );
    if (left.length > 0 && !repair) process.stdout.write('`atelier knowledge check --repair` mends them.\n');
  }
  return left.length === 0 ? 0 : 1;
}

const verbs = ['add', 'list', 'show', 'search', 'check', 'remove'];

export const knowledge: Command = {
  help: `atelier knowledge add DIR|FILE|ADDRESS...   take in documents; again: only what changed
atelier knowledge list                      collections
atelier knowledge show NAME                 its documents and what was not read
atelier knowledge search NAME QUERY         passages, the best first
atelier knowledge check                     compare documents and indexes
atelier knowledge remove NAME               it can be restored in the page for 30 days

  -c, --collection NAME   where \`add\` puts them (default: the name of the folder or file)
  --limit N               how many passages (default 8)
  --repair                mend what \`check\` finds
  --json                  machine-readable output
`,
  options: {
    collection: { type: 'string', short: 'c' },
    limit: { type: 'string' },
    repair: { type: 'boolean' },
  },
  async run({ values, positionals, env }) {
    const [verb, ...rest] = positionals;
    const json = flag(values, 'json') ?? false;
    if (verb === undefined || !verbs.includes(verb))
      throw new UsageError(`atelier knowledge takes ${verbs.slice(0, -1).join(', ')} or ${verbs.at(-1)}.`);
    if (verb === 'add' && rest.length === 0)
      throw new UsageError('atelier knowledge add needs a folder, a file or an address.');
    if (verb === 'search' && rest.length < 2)
      throw new UsageError('atelier knowledge search needs a collection and a question.');
    if (verb === 'list' || verb === 'check') words(rest, `atelier knowledge ${verb}`);
    if (verb === 'show' || verb === 'remove')
      words(rest, `atelier knowledge ${verb}`, 'the name of a collection');
    const limit = number(values, 'limit') ?? 8;
    const [name = ''] = rest;
    const client = await openClient(clientConfig(values, env));
    try {
      if (verb === 'add') return await add(client, rest, text(values, 'collection'), json);
      if (verb === 'search') await search(client, rest.slice(1).join(' '), name, limit, json);
      if (verb === 'check') return await check(client, flag(values, 'repair') ?? false, json);
      if (verb === 'list') {
        const collections = await listCollections(client);
        if (json) printJson({ collections });
        else
          printTable(
            ['NAME', 'ID', 'DOCUMENTS', 'PASSAGES', 'FAILED', 'SIZE'],
            collections.map((collection) => [
              collection.name,
              collection.id,
              collection.documents.ready,
              collection.passages,
              collection.documents.failed,
              bytes(collection.sizeBytes),
            ]),
          );
      }
      if (verb === 'show') {
        const collection = await findCollection(client, name);
        const documents = await allDocuments(client, collection.id);
        if (json) printJson({ collection, documents });
        else {
          printFacts([
            ['name', collection.name],
            ['id', collection.id],
            ['model', collection.embeddingModel],
            ['passages', collection.passages],
          ]);
          process.stdout.write('\n');
          printTable(
            ['PATH', 'STATE', 'KIND', 'PAGES', 'PASSAGES', 'WHY'],
            documents.map((document) => [
              document.path,
              document.status,
              document.kind,
              document.pageCount,
              document.passages,
              document.error?.message ??
                (document.scanPages > 0 ? `${document.scanPages} pages are scans, not read yet` : null),
            ]),
          );
        }
      }
      if (verb === 'remove') {
        const collection = await findCollection(client, name);
        await client.json('DELETE', `${path}/${collection.id}`);
        if (json) printJson({ removed: collection.id });
        else process.stdout.write(`${printable(collection.name)} is removed.\n`);
      }
    } finally {
      await client.close();
    }
    return 0;
  },
};
