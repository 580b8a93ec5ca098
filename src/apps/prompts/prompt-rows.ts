// Reads prompts from their three tables.
import type { Selectable } from 'kysely';
import { AtelierError } from '../../contracts/errors.ts';
import { type Prompt, type PromptVersion, promptBodySchema, variablesOf } from '../../contracts/prompt.ts';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';

export type PromptRow = Selectable<Database['prompts']>;
type VersionRow = Selectable<Database['prompt_versions']>;

/** Names that an error lists. */
const NAMES_TOLD = 20;

function toVersion(row: VersionRow): PromptVersion {
  const body = promptBodySchema.parse(JSON.parse(row.body));
  return {
    ...body,
    version: row.version,
    note: row.note,
    variables: variablesOf(body.messages),
    userId: row.user_id,
    createdAt: row.created_at,
  };
}

export function createPromptRows({ db }: Pick<Store, 'db'>) {
  const living = () => db.selectFrom('prompts').selectAll().where('deleted_at', 'is', null);

  async function find(idOrName: string): Promise<PromptRow> {
    const found = await living()
      .where((eb) => eb.or([eb('id', '=', idOrName), eb('name', '=', idOrName)]))
      .execute();
    const row = found.find(({ id }) => id === idOrName) ?? found[0];
    if (row !== undefined) return row;
    const names = (await living().orderBy('updated_at', 'desc').limit(NAMES_TOLD).execute()).map(
      ({ name }) => name,
    );
    throw new AtelierError(
      'not_found',
      `There is no prompt ${idOrName}. ${names.length > 0 ? `There are: ${names.join(', ')}.` : 'There are none yet.'}`,
      { data: { name: idOrName, names } },
    );
  }

  async function labelRows(ids: readonly string[]) {
    return ids.length === 0
      ? []
      : db.selectFrom('prompt_labels').selectAll().where('prompt_id', 'in', ids).orderBy('label').execute();
  }

  const labelsOf = (all: Selectable<Database['prompt_labels']>[], id: string): Record<string, number> =>
    Object.fromEntries(
      all.filter((row) => row.prompt_id === id).map(({ label, version }) => [label, version]),
    );

  async function wholes(prompts: readonly PromptRow[]): Promise<Prompt[]> {
    const ids = prompts.map(({ id }) => id);
    if (ids.length === 0) return [];
    const newest = db
      .selectFrom('prompt_versions')
      .select(({ fn }) => ['prompt_id', fn.max('version').as('newest'), fn.countAll().as('versions')])
      .where('prompt_id', 'in', ids)
      .groupBy('prompt_id');
    const [latest, labels] = await Promise.all([
      db
        .selectFrom('prompt_versions')
        .innerJoin(newest.as('n'), (join) =>
          join
            .onRef('n.prompt_id', '=', 'prompt_versions.prompt_id')
            .onRef('n.newest', '=', 'prompt_versions.version'),
        )
        .selectAll('prompt_versions')
        .select('n.versions')
        .execute(),
      labelRows(ids),
    ]);
    const byPrompt = new Map(latest.map((row) => [row.prompt_id, row]));
    return prompts.flatMap(({ id, name, description, created_at, updated_at }) => {
      const row = byPrompt.get(id);
      if (row === undefined) return [];
      const { versions, ...version } = row;
      return [
        {
          id,
          name,
          description,
          latest: toVersion(version),
          versions: Number(versions),
          labels: labelsOf(labels, id),
          createdAt: created_at,
          updatedAt: updated_at,
        },
      ];
    });
  }

  return {
    find,

    async findHidden(id: string): Promise<PromptRow> {
      const row = await db
        .selectFrom('prompts')
        .selectAll()
        .where('id', '=', id)
        .where('deleted_at', 'is not', null)
        .executeTakeFirst();
      if (row !== undefined) return row;
      throw new AtelierError('not_found', `There is no deleted prompt ${id}.`, { data: { id } });
    },

    async list(query?: string): Promise<Prompt[]> {
      const all = await wholes(await living().orderBy('name').execute());
      const wanted = query?.trim().toLowerCase() ?? '';
      if (wanted === '') return all;
      return all.filter(({ name, description, labels }) =>
        [name, description, ...Object.keys(labels)].some((text) => text.toLowerCase().includes(wanted)),
      );
    },

    async whole(row: PromptRow): Promise<Prompt> {
      const [prompt] = await wholes([row]);
      if (prompt !== undefined) return prompt;
      throw new AtelierError('internal', `The prompt ${row.name} has no version.`, { data: { id: row.id } });
    },

    async newest(promptId: string): Promise<number> {
      const row = await db
        .selectFrom('prompt_versions')
        .select(({ fn }) => fn.max('version').as('newest'))
        .where('prompt_id', '=', promptId)
        .executeTakeFirst();
      return Number(row?.newest ?? 0);
    },

    async labels(promptId: string): Promise<Record<string, number>> {
      return labelsOf(await labelRows([promptId]), promptId);
    },

    async versions({ id }: PromptRow): Promise<PromptVersion[]> {
      const found = await db
        .selectFrom('prompt_versions')
        .selectAll()
        .where('prompt_id', '=', id)
        .orderBy('version', 'desc')
        .execute();
      return found.map(toVersion);
    },

    async version({ id, name }: PromptRow, version: number): Promise<PromptVersion> {
      const of = db.selectFrom('prompt_versions').where('prompt_id', '=', id);
      const row = await of.selectAll().where('version', '=', version).executeTakeFirst();
      if (row !== undefined) return toVersion(row);
      const versions = (await of.select('version').orderBy('version').execute()).map((one) => one.version);
      throw new AtelierError(
        'not_found',
        `The prompt ${name} has no version ${version}; it has ${versions.join(', ')}.`,
        { data: { name, version, versions } },
      );
    },
  };
}
