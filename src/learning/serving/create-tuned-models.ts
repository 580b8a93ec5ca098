// Tuned models: what training made, the further files of each, and how one goes.
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Jobs } from '../../jobs/queue.ts';
import { newId } from '../../lib/ids.ts';
import type { ModelLibrary } from '../../models/library.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { Store } from '../../store/store.ts';
import type { TunedFileMaker } from './export-port.ts';
import { createFileJob, FILE_KIND, isForm } from './file-job.ts';
import { createTunedModelRows, idsOf } from './tuned-model-rows.ts';
import type { TunedModels } from './tuned-models.ts';

export interface CreateTunedModelsOptions {
  store: Store;
  jobs: Jobs;
  registry: Pick<ModelRegistry, 'routes'>;
  library: Pick<ModelLibrary, 'installed' | 'register' | 'unregister'>;
  maker: TunedFileMaker;
  /** Its folder `tuned` holds the files, a folder each model. */
  dataDir: string;
}

export function mayServe({ role }: Identity): void {
  if (role === 'admin' || role === 'builder') return;
  throw new AtelierError(
    'forbidden',
    `The role ${role} has no access to tuned models. Ask an admin or a builder.`,
    { data: { role, needs: ['admin', 'builder'] } },
  );
}

/** Registers its job: call it before the jobs start. */
export function createTunedModels(options: CreateTunedModelsOptions): TunedModels {
  const { store, jobs, registry, library } = options;
  const rows = createTunedModelRows(store);
  const folder = resolve(options.dataDir, 'tuned');
  jobs.register(createFileJob({ ...options, rows }));

  /** Aliases that ask one of the ids, first or in another's place or on a share of the conversations. */
  async function askedBy(ids: readonly string[]): Promise<string[]> {
    const routes = await registry.routes();
    return routes
      .filter(({ model, fallbacks, canary }) =>
        [model, ...fallbacks, canary?.model].some((one) => one !== undefined && ids.includes(one)),
      )
      .map(({ alias }) => alias);
  }

  return {
    async list(who) {
      mayServe(who);
      return rows.list();
    },
    async get(who, id) {
      mayServe(who);
      return rows.get(id);
    },
    async put(model) {
      const made = { ...model, id: newId('tuned'), createdAt: Date.now() };
      await store.write([rows.insert(made)]);
      return made;
    },
    async makeFile(who, id, { form, quantisation }) {
      mayServe(who);
      const model = await rows.get(id);
      const known = model.files.find(isForm({ form, quantisation }));
      if (known && known.model !== null)
        throw new AtelierError(
          'conflict',
          `${model.name} has this file already: it answers as ${known.model}.`,
          {
            data: { id, form, quantisation, model: known.model },
          },
        );
      if (form === 'adapter' && known === undefined)
        throw new AtelierError(
          'invalid_request',
          `${model.name} was trained as a whole and has no adapter. Choose a merged file.`,
          { data: { id, form } },
        );
      return jobs.enqueue(
        FILE_KIND,
        { userId: who.userId, modelId: id, form, quantisation },
        {
          title: `${model.name} ${form} ${quantisation}`,
          uniqueKey: `tuned-file:${id}:${form}:${quantisation}`,
        },
      );
    },
    async remove(who, id) {
      mayServe(who);
      const model = await rows.get(id);
      // Nothing brings its files back: not what another person waited hours for.
      if (who.role !== 'admin' && model.userId !== who.userId)
        throw new AtelierError(
          'forbidden',
          `${model.name} is another person’s. Ask them or an admin to remove it.`,
          { data: { id } },
        );
      const ids = idsOf(model);
      const aliases = await askedBy(ids);
      if (aliases.length > 0)
        throw new AtelierError(
          'conflict',
          `${model.name} is asked by ${aliases.join(', ')}. Let ${aliases.length === 1 ? 'it' : 'them'} ask another model first.`,
          { data: { id, aliases } },
        );
      const promotions = await store.db
        .selectFrom('promotions')
        .select(['id', 'alias'])
        .where('state', '=', 'active')
        .where(({ or, eb }) => or([eb('to_model', 'in', ids), eb('from_model', 'in', ids)]))
        .execute();
      if (promotions.length > 0)
        throw new AtelierError(
          'conflict',
          `${model.name} is what the promotion of ${promotions.map(({ alias }) => alias).join(', ')} would go back to. Promote another model first.`,
          { data: { id, promotions: promotions.map((one) => one.id) } },
        );
      for (const one of ids) await library.unregister(one.replace(/^local\//, ''));
      await store.write(rows.remove(id));
      // Only what training wrote: an adapter's base is somebody else's.
      for (const { path } of model.files) if (isInside(folder, path)) await rm(path, { force: true });
      const own = join(folder, model.name);
      if (isInside(folder, own)) await rm(own, { recursive: true, force: true });
    },
  };
}

/** In a folder of its own below it. */
const isInside = (folder: string, path: string): boolean => {
  const whole = resolve(path);
  return whole.startsWith(`${folder}/`) && (dirname(whole) === folder || dirname(dirname(whole)) === folder);
};
