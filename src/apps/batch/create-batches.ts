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
import { csvLine, guardFormula, valueCell } from './csv-cells.ts';
import { readTable } from './read-table.ts';
import { checkColumns, type FieldSchema, fieldsOf, type InputFields, rowInput } from './row-input.ts';

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
    const pages = async function* () {
      for (let from = 0; from < lines.length; from += ROWS_A_PAGE)
        yield { from, done: await rows.page(id, from, from + ROWS_A_PAGE) };
    };
    const columns = await outputColumns(batch, pages());
    const extra = [...columns, [ERROR]].map((path) => {
      // A key of an output may be the model's own word.
      const name = guardFormula(path.join('.'));
      return header.includes(name) ? `output_${name}` : name;
    });
    yield (mark ? '\ufeff' : '') + csvLine([...header, ...extra], delimiter);
    for await (const { from, done } of pages()) {
      let text = '';
      for (const [index, line] of lines.slice(from, from + ROWS_A_PAGE).entries()) {
        const result = done.get(from + index);
        const cells = header.map((_, column) => line[column] ?? '');
        const written = columns.map((path) => valueCell(at(result?.output, path)));
        const error = result?.error ? valueCell(`${result.error.code}: ${result.error.message}`) : '';
        text += csvLine([...cells, ...written, error], delimiter);
      }
      yield text;
    }
  }

  /** The fields of the output; one whose keys only the rows know has a column for each key. */
  async function outputColumns(
    batch: AppBatch,
    pages: AsyncIterable<{ done: Map<number, { output: unknown }> }>,
  ): Promise<string[][]> {
    const known = outputFields(batch.app);
    const found = new Map<string, Set<string>>();
    for await (const { done } of pages) {
      for (const { output } of done.values()) {
        for (const [name, value] of Object.entries(isObject(output) ? output : { [WHOLE]: output })) {
          const keys = found.get(name) ?? new Set();
          found.set(name, keys);
          if (isObject(value)) for (const key of Object.keys(value)) keys.add(key);
        }
      }
    }
    const names = known === null ? [...found.keys()] : Object.keys(known);
    return names.flatMap((name) => {
      const keys = isRecord(known?.[name]) ? [...(found.get(name) ?? [])] : [];
      return keys.length === 0 ? [[name]] : keys.map((key) => [name, key]);
    });
  }

  /** Null for an app that is gone, or whose output is no object. */
  function outputFields(app: string): InputFields {
    try {
      return fieldsOf(infoOf(find(app)).outputSchema);
    } catch (error) {
      if (error instanceof AtelierError && error.code === 'not_found') return null;
      throw error;
    }
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
const ERROR = 'error';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object whose keys the schema does not name. */
function isRecord(schema: FieldSchema | undefined): boolean {
  if (schema?.anyOf) return schema.anyOf.some(isRecord);
  return (
    schema?.additionalProperties !== undefined && schema.properties === undefined && schema.type === 'object'
  );
}

function at(output: unknown, [name = '', key]: readonly string[]): unknown {
  const value = isObject(output) ? output[name] : name === WHOLE ? output : null;
  return key === undefined ? value : isObject(value) ? value[key] : null;
}

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
