// An app over the rows of a CSV file: started, listed, and read as CSV again.
import type { AppBatch, AppInfo } from '../../contracts/app.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Jobs } from '../../jobs/queue.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { BlobKeeper } from '../../store/blob-keeper.ts';
import type { Store } from '../../store/store.ts';
import type { AppDefinition, Apps } from '../apps.ts';
import { BATCH_KIND, createBatchJob } from './batch-job.ts';
import { type BatchPayload, createBatchRows } from './batch-rows.ts';
import { csvLine, valueCell } from './csv-cells.ts';
import { readTable } from './read-table.ts';
import { checkColumns, fieldsOf, rowInput } from './row-input.ts';

export interface BatchesOptions {
  store: Store;
  blobs: Pick<BlobKeeper, 'keep'>;
  jobs: Jobs;
  registry: ModelRegistry;
  log: Log;
  /** @throws AtelierError not_found */
  find(app: string): AppDefinition;
  infoOf(app: AppDefinition): AppInfo;
  invoke: Apps['invoke'];
}

const ROWS_A_PAGE = 500;

export function createBatches({ store, blobs, jobs, registry, find, infoOf, invoke }: BatchesOptions) {
  const rows = createBatchRows(store);
  const fields = (app: AppDefinition) => fieldsOf(infoOf(app).inputSchema);

  async function readFile({ sha256, fileName }: Pick<BatchPayload, 'sha256' | 'fileName'>) {
    const blob = await store.blobs.get(sha256);
    if (blob === null)
      throw new AtelierError('not_found', `The file ${fileName} of the batch is gone from the data folder.`, {
        data: { fileName },
      });
    const chunks: Uint8Array[] = [];
    for await (const chunk of blob) chunks.push(chunk);
    return readTable(Buffer.concat(chunks), fileName);
  }

  async function start(who: Identity, name: string, input: Parameters<Apps['startBatch']>[2]) {
    const app = find(name);
    const { fileName, bytes, columns, fixed } = input;
    if (!app.batch)
      throw new AtelierError('invalid_request', `The app ${name} does not run over a file.`, {
        data: { app: name },
      });
    const table = readTable(bytes, fileName);
    checkColumns(table, { columns, fixed }, fields(app), fileName);
    checkFixed(app, rowInput(table.rows[0] ?? [], table.header, input, fields(app)), columns);
    // Pinned now: what an alias stands for later must not change the rows that are left.
    const model = app.origin === undefined ? (await registry.resolve(input.model)).info.id : input.model;
    const id = newId('batch');
    return blobs.keep(bytes, async ({ sha256 }) => {
      const payload: BatchPayload = {
        batchId: id,
        identity: who,
        app: name,
        model,
        fileName,
        sha256,
        columns,
        fixed,
        rows: table.rows.length,
        createdAt: Date.now(),
      };
      const task = await jobs.enqueue(BATCH_KIND, payload, { title: fileName });
      await store.write([rows.insert(payload, task.id)]);
      return { batch: open(await rows.get(who.userId, id)), task };
    });
  }

  async function* csv(who: Identity, id: string): AsyncGenerator<string> {
    const batch = await rows.get(who.userId, id);
    const { header, rows: lines, delimiter, mark } = await readFile(batch);
    const names = await outputNames(batch);
    const extra = [...names, 'error'].map((name) => (header.includes(name) ? `output_${name}` : name));
    yield (mark ? '\ufeff' : '') + csvLine([...header, ...extra], delimiter);
    for (let from = 0; from < lines.length; from += ROWS_A_PAGE) {
      const done = await rows.page(id, from, from + ROWS_A_PAGE);
      let text = '';
      for (const [index, line] of lines.slice(from, from + ROWS_A_PAGE).entries()) {
        const result = done.get(from + index);
        const cells = header.map((_, column) => line[column] ?? '');
        const written = names.map((name) => valueCell(cellOf(result?.output, name)));
        const error = result?.error ? valueCell(`${result.error.code}: ${result.error.message}`) : '';
        text += csvLine([...cells, ...written, error], delimiter);
      }
      yield text;
    }
  }

  /** The fields of the output; of an app that is gone, those of the first rows. */
  async function outputNames(batch: AppBatch): Promise<string[]> {
    try {
      const properties = fieldsOf(infoOf(find(batch.app)).outputSchema);
      if (properties !== null) return Object.keys(properties);
    } catch (error) {
      if (!(error instanceof AtelierError) || error.code !== 'not_found') throw error;
    }
    const first = await rows.page(batch.id, 0, ROWS_A_PAGE);
    const names = new Set<string>();
    for (const { output } of first.values()) {
      if (typeof output === 'object' && output !== null && !Array.isArray(output))
        for (const name of Object.keys(output)) names.add(name);
      else if (output !== null) names.add(WHOLE);
    }
    return [...names];
  }

  return {
    job: createBatchJob({ store, registry, rows, readFile, find, fieldsOf: fields, invoke }),
    start,
    list: async (who: Identity, name: string) => (await rows.list(who.userId, name)).map(open),
    get: async (who: Identity, id: string) => open(await rows.get(who.userId, id)),
    csv,
  };
}

/** Column of an output that is no object. */
const WHOLE = 'output';

const cellOf = (output: unknown, name: string): unknown =>
  typeof output === 'object' && output !== null && !Array.isArray(output)
    ? (output as Record<string, unknown>)[name]
    : name === WHOLE
      ? output
      : null;

const open = ({ sha256: _file, ...batch }: AppBatch & { sha256: string }): AppBatch => batch;

/** What is wrong outside the columns is wrong in every row, and said before the first. */
function checkFixed(app: AppDefinition, firstRow: unknown, columns: AppBatch['columns']): void {
  const checked = app.input.safeParse(firstRow);
  if (checked.success) return;
  const faults = checked.error.issues
    .filter(({ path }) => !Object.hasOwn(columns, String(path[0])))
    .map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (faults.length === 0) return;
  throw new AtelierError(
    'invalid_request',
    `The input does not fit the app ${app.name}. ${faults.join('; ')}.`,
    {
      data: { app: app.name, faults },
    },
  );
}
