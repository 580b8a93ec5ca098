// Another form of a tuned model: written and checked by whoever trained it, registered, and kept in the model's row. What
// a kill leaves is made again; a form that is there already is not.
import { AtelierError } from '../../contracts/errors.ts';
import type { TunedFile, TunedModel } from '../../contracts/tuned-model.ts';
import type { JobHandler } from '../../jobs/queue.ts';
import type { ModelLibrary } from '../../models/library.ts';
import type { Store } from '../../store/store.ts';
import type { TunedFileMaker } from './export-port.ts';
import type { TunedModelRows } from './tuned-model-rows.ts';

export const FILE_KIND = 'learning.tuned-file';

export type FilePayload = Pick<TunedFile, 'form' | 'quantisation'> & { userId: string; modelId: string };

export interface FileJobOptions {
  store: Store;
  rows: TunedModelRows;
  maker: TunedFileMaker;
  library: Pick<ModelLibrary, 'installed' | 'register'>;
}

type Form = Pick<TunedFile, 'form' | 'quantisation'>;

/** There is one adapter, whatever the form of the base that it is laid over. */
export const isForm = (wanted: Form) => (file: Form) =>
  file.form === wanted.form && (wanted.form === 'adapter' || file.quantisation === wanted.quantisation);

/** Each form answers under a name of its own. */
const servedName = (name: string, { form, quantisation }: Form): string =>
  form === 'adapter' ? `${name}-adapter` : `${name}-${quantisation.toLowerCase()}`;

export function createFileJob({ store, rows, maker, library }: FileJobOptions): JobHandler<FilePayload> {
  /** @throws AtelierError not_found when the base was removed */
  async function basePath({ base, name }: TunedModel): Promise<string> {
    const found = (await library.installed()).find(({ id }) => `local/${id}` === base);
    if (found !== undefined) return found.path;
    throw new AtelierError(
      'not_found',
      `The adapter of ${name} is laid over ${base}, which is no longer on this machine. Fetch it again, or choose a merged file.`,
      { data: { base } },
    );
  }

  return {
    kind: FILE_KIND,
    canPause: false,
    async run({ payload, signal, progress }) {
      const { form, quantisation } = payload;
      const isIt = isForm(payload);
      const model = await rows.get(payload.modelId);
      const tell = (note: string) => progress({ done: 0, total: null, unit: 'steps', perSecond: null, note });
      tell('exporting');
      const known = model.files.find(isIt);
      if (known === undefined && form === 'adapter')
        throw new AtelierError('not_found', `${model.name} has no adapter.`, { data: { id: model.id } });
      const made =
        known ?? (await maker.make(model, { form: 'merged', quantisation }, { signal, onStep: tell }));
      signal.throwIfAborted();
      const id = servedName(model.name, payload);
      tell('registering');
      await library.register(
        form === 'merged' ? { id, path: made.path } : { id, path: await basePath(model), adapter: made.path },
      );
      const file: TunedFile = { ...made, model: `local/${id}` };
      // What stands there now: another form may have come meanwhile.
      const { files } = await rows.get(model.id);
      await store.write([rows.setFiles(model.id, [...files.filter((one) => !isIt(one)), file])]);
      return { modelId: model.id, model: file.model };
    },
  };
}
