// A dataset by its id or name, or made from a file.
import { existsSync, openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { Dataset, DatasetKind, DatasetVersion, ImportReport } from '../../contracts/dataset.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { ApiClient } from './api-client.ts';
import { printable } from './output.ts';

const path = '/atelier/v1/datasets';

export const listDatasets = async (client: ApiClient): Promise<Dataset[]> =>
  (await client.json<{ datasets: Dataset[] }>('GET', path)).datasets;

/** @throws AtelierError not_found with the names that there are */
export async function findDataset(client: ApiClient, name: string): Promise<Dataset> {
  const all = await listDatasets(client);
  const found = all.find((one) => one.id === name) ?? all.find((one) => one.name === name);
  if (found) return found;
  throw new AtelierError(
    'not_found',
    `There is no dataset "${name}" and no file of that name. There are: ${all.map((one) => one.name).join(', ') || 'none; `atelier datasets add FILE` makes one'}.`,
    { data: { name, names: all.map((one) => one.name) } },
  );
}

export interface FileOrder {
  file: string;
  /** Of the dataset; one of this name is added to. */
  name: string;
  kind: DatasetKind;
  purpose?: Dataset['purpose'];
  shape?: string | undefined;
  /** False: a line that is no example refuses the file. */
  skipFaults: boolean;
}

/** @throws AtelierError not_found, invalid_request (lines that are no example: their numbers), conflict (another kind) */
export async function addFile(
  client: ApiClient,
  { file, name, kind, purpose = 'training', shape, skipFaults }: FileOrder,
): Promise<{ dataset: Dataset; report: ImportReport }> {
  if (!existsSync(file))
    throw new AtelierError('not_found', `There is no file ${file}.`, { data: { path: file } });
  const known = (await listDatasets(client)).find((one) => one.name === name);
  if (known && known.kind !== kind)
    throw new AtelierError(
      'conflict',
      `The dataset ${name} holds ${known.kind} and not ${kind}. Choose another name.`,
      { data: { name, kind: known.kind } },
    );
  const dataset = known ?? (await client.json<Dataset>('POST', path, { name, kind, purpose }));
  const form = new FormData();
  if (shape !== undefined) form.set('shape', shape);
  form.set('file', await openAsBlob(file), basename(file));
  const response = await client.request('POST', `${path}/${dataset.id}/import`, form);
  const report = (await response.json()) as ImportReport;
  const lines = report.faults.map(({ line, message }) => `line ${line ?? '?'}: ${message}`);
  if (report.faultCount > 0 && !skipFaults) {
    if (!known) await client.json('DELETE', `${path}/${dataset.id}`);
    throw new AtelierError(
      'invalid_request',
      `${report.faultCount} lines of ${file} are no example (${lines.slice(0, 5).join('; ')}). Correct them, or leave them out with --skip-faults.`,
      { data: { file, faults: report.faults } },
    );
  }
  for (const line of lines) process.stderr.write(printable(`left out: ${line}\n`));
  if (report.duplicates > 0)
    process.stderr.write(`held back: ${report.duplicates} ask what an evaluation set holds\n`);
  return { dataset: await client.json<Dataset>('GET', `${path}/${dataset.id}`), report };
}

export const freeze = (client: ApiClient, id: string, note: string): Promise<DatasetVersion> =>
  client.json('POST', `${path}/${id}/versions`, { note });
